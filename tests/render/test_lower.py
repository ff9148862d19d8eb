import dataclasses

import numpy as np
import pytest

from spg_vton.labels import Label
from spg_vton.render.body import load_body
from spg_vton.render.casting import cast
from spg_vton.render.clothing import hidden_by_lower
from spg_vton.render.lower_look import CUTS, SHOE_STYLES, LowerLook, Shoe, sample_lower_look
from spg_vton.render.poses import sample_pose
from spg_vton.render.scene import Photo, build_figure, take_photo

from .conftest import CONFIG, dress

LABELS = {"pants": Label.PANTS, "shorts": Label.PANTS, "skirt": Label.SKIRT}
LEGS = (Label.LEFT_LEG, Label.RIGHT_LEG)
SHOES = (Label.LEFT_SHOE, Label.RIGHT_SHOE)


def look_of(name: str, **changes) -> LowerLook:
    """A look of one cut in the middle of its range, in low shoes without socks."""
    cut = next(cut for cut in CUTS if cut.name == name)
    shoe = Shoe("sneaker", (200.0, 40.0, 40.0), 0.0)
    drawn = dataclasses.replace(
        sample_lower_look(np.random.default_rng(2), female=True),
        cut=cut, fabric=cut.fabrics[0], colour=(120.0, 90.0, 60.0), pattern="plain", hem=float(np.mean(cut.hem)),
        shoe=shoe, socks=None, belt=None, cuff=False,
    )  # fmt: skip
    return dataclasses.replace(drawn, **changes)


def photograph(look: LowerLook, view: str = "front", seed: int = 1) -> Photo:
    """A whole-body photo of one person wearing this look."""
    casting = cast(CONFIG, 1)
    figure = build_figure(dataclasses.replace(casting.identity, lower_look=look))
    pose = sample_pose(view, np.random.default_rng(seed), look.cut.pockets, look.shoe.heel)
    shot = dataclasses.replace(casting.takes[0].shot, pose=pose, whole_body=True, zoom=1.0)
    return take_photo(figure, dress(casting, figure, casting.garment), shot)


def share(photo: Photo, *labels: Label) -> float:
    return float(np.isin(photo.labels, labels).mean())


@pytest.mark.parametrize("cut", [cut.name for cut in CUTS])
def test_every_cut_shows_its_label_and_colour(cut):
    look = look_of(cut)
    photo = photograph(look)
    label = LABELS[look.cut.kind]
    other = {Label.PANTS, Label.SKIRT} - {label}
    assert share(photo, label) > 0.015 and share(photo, *other) == 0
    red, _, blue = photo.image[photo.labels == label].mean(0)
    assert red > blue + 15  # brown cloth stays brown under folds, seams and sheen


def test_longer_cuts_leave_less_leg():
    legs = [share(photograph(look_of(cut)), *LEGS) for cut in ("denim shorts", "cropped jeans", "straight jeans")]
    assert legs[0] > legs[1] > legs[2]


def test_wider_cuts_cover_more():
    widths = [share(photograph(look_of(cut)), Label.PANTS) for cut in ("skinny jeans", "straight jeans", "wide jeans")]
    assert widths[0] < widths[1] < widths[2]


def test_tears_show_skin():
    look = look_of("ripped jeans", seed=3)
    whole = dataclasses.replace(look, cut=dataclasses.replace(look.cut, name="skinny jeans"))
    assert share(photograph(look), *LEGS) > share(photograph(whole), *LEGS) + 1e-4


@pytest.mark.parametrize("style", SHOE_STYLES)
@pytest.mark.parametrize("view", ["front", "back"])
def test_every_shoe_shows_on_both_feet(style, view):
    heel = SHOE_STYLES[style][1][1]
    photo = photograph(look_of("denim shorts", shoe=Shoe(style, (40.0, 40.0, 42.0), heel)), view)
    assert all((photo.labels == shoe).sum() > 12 for shoe in SHOES)
    left, right = ((photo.labels == shoe).nonzero()[1].mean() for shoe in SHOES)
    assert (left > right) == (view == "front")


def test_socks_show_between_shoe_and_hem():
    photo = photograph(look_of("denim shorts", socks=(240.0, 240.0, 240.0), sock_height=1.0))
    rows = {label: np.flatnonzero((photo.labels == label).any(1)).mean() for label in (Label.SOCKS, *LEGS, *SHOES)}
    assert (photo.labels == Label.SOCKS).sum() > 40
    assert max(rows[leg] for leg in LEGS) < rows[Label.SOCKS] < min(rows[shoe] for shoe in SHOES)
    assert share(photograph(look_of("denim shorts")), Label.SOCKS) == 0


def test_looks_vary_and_repeat():
    looks = [sample_lower_look(np.random.default_rng(i), female=i % 2 == 0) for i in range(600)]
    assert looks[7] == sample_lower_look(np.random.default_rng(7), female=False)
    assert {look.cut.name for look in looks} == {cut.name for cut in CUTS}
    assert {look.shoe.style for look in looks} == set(SHOE_STYLES)
    assert not any(look.cut.kind == "skirt" for look in looks[1::2])
    assert 0.3 < np.mean([look.socks is not None for look in looks]) < 0.75


@pytest.mark.parametrize("seed", range(6))
def test_a_skirt_covers_the_hips_in_every_stance(seed):
    """Between waist and hem no thigh shows: the tube holds both legs."""
    photo = photograph(look_of("pencil skirt"), seed=seed)
    skirt = np.flatnonzero((photo.labels == Label.SKIRT).any(1))
    inside = photo.labels[skirt[0] : skirt[-1] - 12]
    assert np.isin(inside, LEGS).sum() < 6


def test_skirts_hide_no_skin_and_trousers_do():
    body = load_body()
    assert not hidden_by_lower(body, look_of("mini skirt")).any()
    trousers, shorts = hidden_by_lower(body, look_of("straight jeans")), hidden_by_lower(body, look_of("denim shorts"))
    assert trousers.sum() > shorts.sum() > 100
