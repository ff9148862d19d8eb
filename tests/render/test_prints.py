import dataclasses
import time

import numpy as np
import pytest

from spg_vton.render.fabrics import FABRICS, fabric_relief
from spg_vton.render.flat_layout import BACK, FRONT, SIZE, TEXELS, load_layout
from spg_vton.render.garments import sample_garment
from spg_vton.render.palette import COLOURS, RANGE, code_of, sample_colours
from spg_vton.render.patterns import ALL_OVER, paint_pattern
from spg_vton.render.prints import design
from spg_vton.render.prints.design import CHEST_PRINTS
from spg_vton.render.prints.emblems import EMBLEMS
from spg_vton.render.prints.lettering import FACES, bent, line
from spg_vton.render.prints.plane import cloth_plane, striped

PLAIN = dataclasses.replace(
    sample_garment(np.random.default_rng(0)), sleeve="long", neckline="crew", pattern="solid", fabric="jersey"
)
#: Colours that a pattern may use, of the five that a garment has.
BUDGET = {
    "solid": 1, "melange": 1, "lace": 1,
    "breton": 2, "uneven stripes": 2, "pinstripes": 2, "gingham": 2, "windowpane": 2, "buffalo": 2, "polka dots": 2,
    "pin dots": 2, "zebra": 2, "raglan": 2, "yoke": 2, "ombre": 2,
    "block stripes": 3, "diagonal stripes": 3, "bands": 3, "leopard": 3, "tie-dye": 3, "marble": 3, "blocks": 3,
    "palms": 3, "clouds": 3, "text": 3,
    "tartan": 4, "scattered dots": 4, "paisley": 4, "camouflage": 4, "emblem": 4, "small logo": 4,
    "multi stripes": 5, "ditsy": 5, "bouquets": 5, "landscape": 5, "framed picture": 5,
}  # fmt: skip
VIVID = ((230.0, 20, 20), (20.0, 230, 20), (20.0, 20, 230), (230.0, 230, 20), (20.0, 230, 230))


def paint(pattern, side=FRONT, colours=VIVID, seed=3, **changes):
    drawn = dataclasses.replace(PLAIN.print, **({"seed": seed} | changes))
    garment = dataclasses.replace(PLAIN, pattern=pattern, colours=colours, print=drawn)
    return paint_pattern(garment, load_layout(), side, np.random.default_rng(0))


def inside(side=FRONT):
    return load_layout().panels[side].inside


def test_every_pattern_has_a_painter():
    assert set(design.PATTERNS) == set(ALL_OVER) | set(CHEST_PRINTS) == set(BUDGET)
    assert set(design.FABRICS) == set(FABRICS)


@pytest.mark.parametrize("pattern", design.PATTERNS)
def test_patterns_are_finite_repeat_and_differ_from_plain(pattern):
    picture = paint(pattern)
    assert picture.shape == (SIZE, SIZE, 3) and picture.dtype == np.float32
    assert np.isfinite(picture).all() and picture.min() >= 0 and picture.max() <= 255
    assert (picture == paint(pattern)).all()
    changed = (np.abs(picture - paint("solid")).max(-1) > 8)[inside()].mean()
    assert changed == 0 if pattern == "solid" else changed > (0.001 if pattern == "small logo" else 0.015)


@pytest.mark.parametrize("pattern", design.PATTERNS)
def test_patterns_keep_to_their_colours(pattern):
    """A colour beyond the budget changes nothing; one within it shows in some design."""
    count = BUDGET[pattern]
    for seed in range(2):
        other = VIVID[:count] + tuple((120.0, 60, 90 + k) for k in range(5 - count))
        assert (paint(pattern, seed=seed) == paint(pattern, seed=seed, colours=other)).all()
    last = (*VIVID[: count - 1], (128.0, 128.0, 128.0), *VIVID[count:])
    changes = {"effect": "outline", "emblem": "cat"} if pattern in CHEST_PRINTS else {}
    assert any((paint(p, seed=s, **changes) != paint(p, seed=s, colours=last, **changes)).any() for p, s in
               ((pattern, seed) for seed in range(12)))  # fmt: skip


@pytest.mark.parametrize("pattern", [pattern for pattern in ALL_OVER if pattern != "solid"])
def test_both_panels_carry_the_pattern(pattern):
    front, back = (paint(pattern, side)[inside(side)].mean(0) for side in (FRONT, BACK))
    assert np.abs(front - back).max() < 45
    assert paint(pattern, BACK)[inside(BACK)].std(0).max() > 1


@pytest.mark.parametrize("pattern", CHEST_PRINTS)
def test_chest_prints_stay_on_the_chest(pattern):
    plain = paint("solid")
    marked = np.abs(paint(pattern, on_back=False) - plain).max(-1) > 8
    layout = load_layout()
    assert (np.abs(layout.u[marked]) < 1.7).all()
    assert (layout.v[marked] < 4.9).all() and (layout.v[marked] > 0.3).all()
    back = paint(pattern, BACK, on_back=False)
    assert (back == paint("solid", BACK)).all()
    on_back = paint(pattern, BACK, on_back=True)
    assert (on_back != back).any() == (pattern != "small logo")


def test_prints_lie_lower_below_deep_necklines():
    def top(neckline):
        garment = dataclasses.replace(PLAIN, pattern="text", neckline=neckline, colours=VIVID)
        rng = np.random.default_rng(0)
        return np.flatnonzero((paint_pattern(garment, load_layout(), FRONT, rng)[..., 1] > 100).any(1))[0]

    assert top("v") > top("crew")


def test_lettering_depends_on_words_face_arrangement_and_effect():
    base = {"words": ("OCEAN", "club"), "face": "sans", "arrangement": "lines", "effect": "plain"}
    variants = [
        base, base | {"words": ("OCEAN", "clue")}, base | {"words": ("OCEAN",)}, base | {"face": "serif"},
        base | {"arrangement": "arc"}, base | {"effect": "outline"}, base | {"effect": "shadow"},
        base | {"effect": "distress"}, base | {"effect": "striped"},
    ]  # fmt: skip
    pictures = [paint("text", **variant) for variant in variants]
    assert all((a != b).any() for k, a in enumerate(pictures) for b in pictures[:k])


def test_every_face_draws_its_own_letters():
    masks = [line("Rag 85", face, 200, 60) for face in FACES]
    assert all(0.15 < mask.mean() < 0.75 for mask in masks)
    assert all(a.shape != b.shape or (a != b).any() for k, a in enumerate(masks) for b in masks[:k])


@pytest.mark.parametrize("emblem", EMBLEMS)
def test_emblems_differ_from_each_other(emblem):
    other = "heart" if emblem != "heart" else "star"
    assert (np.abs(paint("small logo", emblem=emblem) - paint("small logo", emblem=other)).max(-1) > 30).sum() > 20


def test_bent_line_lies_on_its_circle():
    radius, bar = 60.0, np.ones((10, 80), np.float32)
    above, below = bent(bar, radius), bent(bar, radius, below=True)
    rows, columns = np.nonzero(above > 0.5)
    centre = len(above) // 2
    distance = np.hypot(rows - centre, columns - centre)
    assert radius - 1.5 < distance.min() and distance.max() < radius + 11.5
    assert (rows < centre).all() and (np.nonzero(below > 0.5)[0] > centre).all()
    length = np.ptp(np.arctan2(columns - centre, centre - rows)) * (radius + 5)
    assert length == pytest.approx(80, abs=3)


def test_stripes_run_around_sleeves():
    """On the trunk stripes follow the height, on a sleeve the way to the wrist; widths are kept."""
    plane = cloth_plane(load_layout(), FRONT, sleeves=True)
    sleeve = plane.on_arm & inside()
    for way, other in ((plane.down, plane.across), (plane.across, plane.down)):
        dv, du = (slope[sleeve] * TEXELS for slope in np.gradient(way))
        away = np.hypot(dv, du)
        assert np.median(away) == pytest.approx(1, abs=0.02)
        cross = np.gradient(other)
        assert np.abs(np.median(dv * cross[0][sleeve] + du * cross[1][sleeve])) < 0.01
    right = sleeve & (load_layout().u > 0)
    assert np.corrcoef(plane.down[right], load_layout().u[right])[0, 1] < -0.7
    trunk = cloth_plane(load_layout(), FRONT, sleeves=False)
    assert (trunk.down == trunk.v).all()


def test_striped_widths_and_period():
    colours = np.array([[0, 0, 0], [200, 100, 50]], np.float32)
    way = np.linspace(0, 4, 4001, dtype=np.float32)
    picture = striped([(0.75, 0), (0.25, 1)], colours, way)
    assert picture[:, 0].mean() == pytest.approx(50, abs=1)
    assert (picture[np.isclose(way, 0.4)] == 0).all() and (picture[np.isclose(way, 1.88)] == colours[1]).all()


@pytest.mark.parametrize("fabric", [fabric for fabric in FABRICS if fabric != "jersey"])
def test_fabrics_have_structure(fabric):
    layout = load_layout()
    relief = fabric_relief(fabric, layout, FRONT, True, np.random.default_rng(0))
    assert relief.shape == (SIZE, SIZE, 1) and relief.min() >= 0.4 and relief.max() <= 1.6
    assert relief[inside()].mean() == pytest.approx(1, abs=0.12)
    assert (relief == fabric_relief(fabric, layout, FRONT, True, np.random.default_rng(0))).all()
    assert (relief != fabric_relief("jersey", layout, FRONT, True, np.random.default_rng(0))).any()


def test_ribs_run_along_the_body():
    relief = fabric_relief("rib", load_layout(), FRONT, True, np.random.default_rng(0))[250:300, 220:292, 0]
    assert np.abs(np.diff(relief, axis=1)).mean() > 2 * np.abs(np.diff(relief, axis=0)).mean()


def test_colour_codes_are_unique_and_stable():
    assert len({dye.code for dye in RANGE}) == len(RANGE)
    assert [code_of(dye.colour) for dye in RANGE] == [dye.code for dye in RANGE]
    assert code_of((26.0, 24.0, 29.0)) == "Q11"


def test_colours_are_sold_as_in_shops_and_stand_out():
    drawn = [sample_colours(np.random.default_rng(seed)) for seed in range(400)]
    codes = [code_of(colours[0]) for colours in drawn]
    neutral = np.mean([code[0] in "ACQ" or code == "K11" for code in codes])
    assert 0.4 < neutral < 0.65
    assert len(set(codes)) > 0.8 * len(COLOURS)
    grey = np.array(drawn) @ [0.3, 0.59, 0.11]
    apart = np.abs(np.array(drawn)[:, 0] - np.array(drawn)[:, 1]).sum(-1)
    assert apart.min() > 90 and np.median(np.abs(grey[:, 0] - grey[:, 1])) > 80


def test_about_a_third_of_garments_is_plain():
    patterns = [design.sample_design(np.random.default_rng(seed)).pattern for seed in range(600)]
    assert 0.28 < np.mean([pattern in ("solid", "melange") for pattern in patterns]) < 0.44
    assert set(patterns) == set(design.PATTERNS)


def test_painting_is_quick():
    """Both panels of the usual garment cost at most 0.15 s of CPU time."""
    garments = [sample_garment(np.random.default_rng(seed)) for seed in range(30)]
    start = time.process_time()
    for garment in garments:
        for side in (FRONT, BACK):
            paint_pattern(garment, load_layout(), side, np.random.default_rng(garment.grain))
    assert (time.process_time() - start) / len(garments) < 0.15
