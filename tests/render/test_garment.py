import dataclasses

import numpy as np
import pytest

from spg_vton.labels import Label
from spg_vton.render.flat_layout import BACK, FRONT, JOIN, load_layout
from spg_vton.render.garments import (
    FITS,
    HEMS,
    NECKLINES,
    SLEEVE_SHAPES,
    SLEEVES,
    STYLES,
    WOMENS,
    Garment,
    sample_garment,
)
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.silhouettes import LEAST_STRAP, NECK_WIDTH, armhole, cut_edges
from spg_vton.render.textures import make_texture

from .conftest import wear_once

PLAIN = dataclasses.replace(
    sample_garment(np.random.default_rng(0)), kind="top", fit="regular", sleeve="short", sleeve_shape="slim",
    neckline="crew", style="plain", pattern="solid", pocket="none", hem=0.2, hem_shape="straight", ease=1.0,
    spread=20.0,
)  # fmt: skip
CHOICES = [
    *({"sleeve": name} for name in SLEEVES),
    *({"sleeve": "long", "sleeve_shape": name} for name in SLEEVE_SHAPES),
    *({"neckline": name, "sleeve": "none" if name == "halter" else "short"} for name in NECKLINES),
    *({"fit": name} for name in FITS),
    *({"style": name, "sleeve": "long", "pocket": "chest"} for name in STYLES),
    *({"hem_shape": name} for name in HEMS),
    {"kind": "dress", "hem": -3.0},
    {"kind": "dress", "fit": "flared", "hem": -6.3},
    {"kind": "jumpsuit", "hem": -6.4},
]


def variant(**changes) -> Garment:
    return dataclasses.replace(PLAIN, **changes)


def cloth(garment: Garment) -> np.ndarray:
    """Where each panel has cloth."""
    inside = [panel.inside for panel in load_layout(garment.legs).panels]
    return (make_texture(garment).depth > 0) & np.stack(inside)


def box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """First and last row, first and last column."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


@pytest.mark.parametrize("side", [FRONT, BACK])
def test_flat_layout_keeps_lengths(side):
    """The panels are nearly isometric: a step on the surface keeps its length in the plane."""
    layout = load_layout()
    panel = layout.panels[side]
    row = round(layout.row_of(3.0))
    there = panel.canon[row, panel.inside[row], :3]
    steps = np.linalg.norm(np.diff(there, axis=0), axis=1) * 40.0  # decimetres per texel, times texels a decimetre
    assert 0.9 < np.median(steps) < 1.1
    assert panel.inside.mean() > 0.15


@pytest.mark.parametrize("side", [FRONT, BACK])
def test_a_skirt_continues_the_trunk(side):
    """Where trunk and skirt overlap, the same flat place shows the same height, to a tenth of a decimetre."""
    layout = load_layout()
    used = np.unique(layout.cut.faces[side])
    near = used[np.abs(layout.canon[used, 1] - JOIN) < 0.3]
    fall = [layout.canon[piece, 1] * 40 + layout.pixels[side][piece, 1]
            for piece in (near[layout.of_skirt[near]], near[~layout.of_skirt[near]])]  # fmt: skip
    assert abs(fall[0].mean() - fall[1].mean()) < 4


@pytest.mark.parametrize("changes", CHOICES, ids=str)
def test_every_choice_is_seen_alone_and_worn(changes):
    garment = variant(**changes)
    inshop, photo = photograph_inshop(garment, make_texture(garment)), wear_once(garment)
    assert inshop.image.shape == (256, 192, 3) and inshop.mask.shape == (256, 192)
    first_row, last_row, first_column, last_column = box(inshop.mask)
    free = min(first_row, 255 - last_row), min(first_column, 191 - last_column)
    assert free[0] >= 3 and free[1] >= 3 and (free[0] <= 13 or free[1] <= 10)  # about 4 % in the larger direction
    assert np.array_equal(inshop.mask, inshop.mask & (inshop.image.min(2) < 256))
    assert (inshop.image[:2] > 250).all()
    label = Label.UPPER_CLOTHES if garment.kind == "top" else Label.DRESS
    assert (photo.labels == label).mean() > 0.05


@pytest.mark.parametrize("changes", CHOICES, ids=str)
def test_silhouettes_are_symmetric(changes):
    mask = photograph_inshop(garment := variant(**changes), make_texture(garment)).mask
    middle = np.argwhere(mask)[:, 1].mean()
    mirrored = np.roll(mask[:, ::-1], round(2 * middle - 191), axis=1)
    assert (mask & mirrored).sum() / (mask | mirrored).sum() > 0.95


def test_outside_of_the_mask_is_nearly_white():
    inshop = photograph_inshop(variant(colours=((20, 20, 20),) * 3), make_texture(variant(colours=((20, 20, 20),) * 3)))
    assert inshop.image[~inshop.mask].mean() > 245  # with the soft shadow
    assert inshop.image[inshop.mask].mean() < 60


def test_longer_sleeves_reach_further():
    widths = [np.ptp(box(cloth(variant(sleeve=sleeve))[FRONT])[2:]) for sleeve in SLEEVES]
    assert widths == sorted(widths) and len(set(widths)) == len(widths)


def test_necklines_differ_in_depth():
    def top(neckline):
        return int(np.flatnonzero(cloth(variant(neckline=neckline))[FRONT][:, 288])[0])

    assert top("turtle") < top("boat") < top("crew") < top("square") < top("scoop") < top("v")


@pytest.mark.parametrize("neckline", ["crew", "v", "scoop"])
@pytest.mark.parametrize("strap", [1.1, 1.5])
def test_straps_meet_on_the_shoulder_seam(neckline, strap):
    """On the seam, front and back keep the same stretch from neckline to strap."""
    garment, layout = variant(neckline=neckline, sleeve="none", strap=strap), load_layout()
    kept = []
    for side in (FRONT, BACK):
        panel, depth = layout.panels[side], cut_edges(garment, layout, side).nearest()
        x, y = panel.canon[..., 0], panel.canon[..., 1]
        seam = panel.inside & (panel.outline < 0.06) & (y > 5.5) & (x > 0.3) & (depth > 0)
        kept.append((x[seam].min(), x[seam].max()))
    assert np.allclose(kept[0], kept[1], atol=0.12)
    assert kept[0][1] == pytest.approx(max(strap, NECK_WIDTH[neckline] + LEAST_STRAP), abs=0.12)


def test_armholes_are_narrower_at_narrow_straps():
    layout = load_layout()
    narrow, wide = (armhole(layout, FRONT, strap) > 0 for strap in (1.1, 1.5))
    assert (wide & narrow).sum() == narrow.sum() < wide.sum()


def test_looser_fits_stand_off_further():
    areas = [(wear_once(variant(fit=fit)).labels == Label.UPPER_CLOTHES).sum() for fit in ("close", "regular", "boxy")]
    assert areas[0] * 1.01 < areas[1] < areas[2] / 1.02
    flared, regular = (
        wear_once(variant(fit=fit, hem=-0.6)).labels == Label.UPPER_CLOTHES for fit in ("flared", "regular")
    )
    last = box(regular)[1] - 3
    assert flared[last].sum() > 1.1 * regular[last].sum()  # at the hem


def test_wide_sleeves_are_wider():
    slim, wide, bell = (
        (wear_once(variant(sleeve="long", sleeve_shape=shape)).labels == Label.UPPER_CLOTHES).sum()
        for shape in ("slim", "wide", "bell")
    )
    assert slim * 1.05 < wide and slim * 1.05 < bell


def test_hems_are_in_order():
    ends = [box(wear_once(variant(hem=hem)).labels == Label.UPPER_CLOTHES)[1] for hem in (1.9, 0.9, 0.0, -1.0)]
    assert ends == sorted(ends) and len(set(ends)) == 4


def test_dresses_replace_the_lower_clothes():
    dress, top = wear_once(variant(kind="dress", hem=-2.0)), wear_once(variant())
    lower = (Label.PANTS, Label.SKIRT)
    assert np.isin(top.labels, lower).sum() > 200 and not np.isin(dress.labels, lower).any()
    assert not (dress.labels == Label.UPPER_CLOTHES).any()


def test_garments_repeat_and_differ():
    def image(seed):
        garment = sample_garment(np.random.default_rng(seed))
        return photograph_inshop.__wrapped__(garment, make_texture(garment)).image

    assert (image(1) == image(1)).all()
    assert (image(1) != image(2)).any()


def test_shares_of_kinds():
    garments = [sample_garment(np.random.default_rng(seed)) for seed in range(600)]
    assert np.mean([garment.whole for garment in garments]) == pytest.approx(0.1, abs=0.04)
    for garment in (sample_garment(np.random.default_rng(seed), female=False) for seed in range(300)):
        parts = {garment.kind, garment.fit, garment.sleeve, garment.sleeve_shape, garment.neckline, garment.length}
        assert not parts & WOMENS
