"""Garment masks: drawn garments in every tone, and real ones where they are."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from spg_vton.annotators.garment_mask import garment_mask
from spg_vton.errors import DataError
from spg_vton.sources.pictures import read_mask, read_photo

H, W = 256, 192
SHIRT = [(60, 30), (132, 30), (180, 70), (160, 100), (140, 85), (140, 225), (52, 225), (52, 85), (32, 100), (12, 70)]


def iou(one, other):
    return (one & other).sum() / (one | other).sum()


def draw(fill, outline=None, polygon=SHIRT, quality=92):
    """A shirt on white, through JPEG, and its true mask."""
    photo, mask = Image.new("RGB", (W, H), "white"), Image.new("1", (W, H))
    ImageDraw.Draw(photo).polygon(polygon, fill=fill, outline=outline or fill, width=2)
    ImageDraw.Draw(mask).polygon(polygon, fill=1, outline=1)
    stored = BytesIO()
    photo.save(stored, "JPEG", quality=quality)
    return np.asarray(Image.open(stored).convert("RGB")), np.asarray(mask)


@pytest.mark.parametrize("fill", [(0, 0, 0), (130, 130, 130), (200, 30, 40), (240, 225, 90), (235, 235, 238)])
@pytest.mark.parametrize("quality", [75, 92])
def test_any_tone_through_jpeg(fill, quality):
    photo, truth = draw(fill, quality=quality)
    assert iou(garment_mask(photo), truth) > 0.95


def test_white_garment_by_its_faint_outline():
    photo, truth = draw((255, 255, 255), outline=(228, 228, 230))
    assert iou(garment_mask(photo), truth) > 0.95


def test_outline_with_a_gap_around_faint_cloth():
    photo, truth = draw((253, 253, 253), outline=(228, 228, 230), quality=95)
    photo = photo.copy()
    photo[224:227, 90:93] = 254
    assert iou(garment_mask(photo), truth) > 0.95


def test_white_print_is_garment():
    photo, truth = draw((30, 30, 30))
    photo = photo.copy()
    photo[120:160, 70:120] = 255
    assert garment_mask(photo)[120:160, 70:120].all()
    assert iou(garment_mask(photo), truth) > 0.95


def test_ground_between_sleeve_and_body_stays_ground():
    """Two dark bars on one yoke, 2 pixels apart at the bottom."""
    polygon = [(40, 30), (150, 30), (150, 220), (97, 220), (110, 60), (80, 60), (94, 220), (40, 220)]
    photo, truth = draw((20, 20, 20), polygon=polygon)
    mask = garment_mask(photo)
    assert not mask[80:150, 93:97].any()
    assert iou(mask, truth) > 0.95


def test_dust_is_dropped():
    photo, truth = draw((120, 30, 60))
    photo = photo.copy()
    photo[4:9, 4:9] = 90
    mask = garment_mask(photo)
    assert not mask[:12, :12].any()
    assert iou(mask, truth) > 0.95


def test_garment_that_touches_the_border():
    polygon = [(60, 0), (132, 0), (132, 255), (60, 255)]
    photo, truth = draw((40, 60, 90), polygon=polygon)
    assert iou(garment_mask(photo), truth) > 0.97


@pytest.mark.parametrize("size", [(64, 48), (1024, 768)])
def test_other_sizes(size):
    photo, truth = draw((150, 60, 60))
    photo, truth = (Image.fromarray(item).resize(size[::-1], Image.Resampling.BILINEAR) for item in (photo, truth))
    mask = garment_mask(np.asarray(photo))
    assert mask.shape == size
    assert mask.dtype == bool
    assert iou(mask, np.asarray(truth) > 0) > 0.93


def test_what_is_no_garment_on_white_is_an_error():
    with pytest.raises(DataError, match="white ground"):
        garment_mask(np.full((H, W, 3), 255, np.uint8))
    with pytest.raises(DataError, match="mask file"):
        garment_mask(255 - draw((0, 0, 0))[0])
    noise = np.random.default_rng(0).integers(0, 256, (H, W, 3), np.uint8)
    with pytest.raises(DataError, match="mask file"):
        garment_mask(noise)
    with pytest.raises(DataError, match="uint8"):
        garment_mask(np.zeros((H, W), np.uint8))


def test_real_garments():
    if not os.environ.get("SPG_VTON_REAL_DATA"):
        pytest.skip("SPG_VTON_REAL_DATA is not set: no real garments to measure on")
    root = Path(os.environ["SPG_VTON_REAL_DATA"]) / "mpv"
    photos = sorted((root / "cloth_image").glob("*.jpg"))
    assert len(photos) == 5
    for photo in photos:
        truth = read_mask(root / "cloth_mask" / f"{photo.stem}_mask.png")
        assert iou(garment_mask(read_photo(photo)), truth) > 0.97, photo.name
