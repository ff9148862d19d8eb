import dataclasses

import numpy as np
import pytest

from spg_vton.render.flat_layout import FRONT, load_layout
from spg_vton.render.garments import NECKLINES, SLEEVES, sample_garment
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.textures import distance_inside, make_texture, smooth_noise

PLAIN = dataclasses.replace(sample_garment(np.random.default_rng(0)), sleeve="short", neckline="crew", pattern="solid")


def test_flat_layout_keeps_lengths():
    """The panels are nearly isometric: an edge on the surface keeps its length in the plane."""
    layout = load_layout()
    canon = np.array([(panel.canon[256, 220:292, 0]) for panel in layout.panels])
    step = np.abs(np.diff(canon, axis=1)).mean() * 41.0  # canonical decimetres per texel, times texels a decimetre
    assert 0.7 < step < 1.1
    assert all(panel.inside.mean() > 0.15 for panel in layout.panels)


@pytest.mark.parametrize("neckline", NECKLINES)
@pytest.mark.parametrize("sleeve", SLEEVES)
def test_inshop_photo_fills_the_frame(sleeve, neckline):
    garment = dataclasses.replace(PLAIN, sleeve=sleeve, neckline=neckline)
    photo = photograph_inshop(garment, make_texture(garment))
    assert photo.image.shape == (256, 192, 3) and photo.mask.shape == (256, 192)
    rows, columns = np.flatnonzero(photo.mask.any(1)), np.flatnonzero(photo.mask.any(0))
    assert max(np.ptp(rows) / 256, np.ptp(columns) / 192) > 0.8
    assert rows[0] > 5 and rows[-1] < 250 and columns[0] > 3 and columns[-1] < 188
    assert (photo.image[:3] > 245).all()


def test_longer_sleeves_reach_further():
    def width(sleeve):
        texture = make_texture(dataclasses.replace(PLAIN, sleeve=sleeve))
        return np.ptp(np.flatnonzero(texture.cloth[FRONT].any(0)))

    assert width("none") < width("short") < width("half") < width("long")


def test_necklines_differ_in_depth():
    def top(neckline):
        cloth = make_texture(dataclasses.replace(PLAIN, neckline=neckline)).cloth[FRONT]
        return int(np.flatnonzero(cloth[:, 256])[0])

    assert top("turtle") < top("crew") < top("scoop") < top("v")


def test_garments_repeat_and_differ():
    def image(seed):
        garment = sample_garment(np.random.default_rng(seed))
        return photograph_inshop(garment, make_texture(garment)).image

    assert (image(1) == image(1)).all()
    assert (image(1) != image(2)).any()


def test_distance_inside_against_definition():
    mask = np.zeros((9, 11), bool)
    mask[1:8, 2:9] = True
    distance = distance_inside(mask)
    assert (distance[~mask] == 0).all()
    assert distance[4, 5] == 4 and distance[1, 2] == 1 and distance[4, 2] == 1


def test_noise_is_bounded_and_smooth():
    noise = smooth_noise(np.random.default_rng(0), 64, 48, 30)
    assert noise.shape == (64, 48) and np.abs(noise).max() == pytest.approx(1)
    assert np.abs(np.diff(noise, axis=0)).max() < 0.5
