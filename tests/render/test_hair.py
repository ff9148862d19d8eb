import dataclasses
from functools import cache

import numpy as np
import pytest

from spg_vton.labels import Label
from spg_vton.render.body import Canon, load_body
from spg_vton.render.builds import shape_points
from spg_vton.render.casting import GarmentNumber, cast, garment_of
from spg_vton.render.hair import grow_hair, hair_surfaces, in_hairline
from spg_vton.render.hair.collision import make_solids, pose_solids, table_gap
from spg_vton.render.hair.styles import STYLES as SHAPES
from spg_vton.render.hair_look import STYLES, HairLook, natural_colour, sample_colour, sample_look, sample_style
from spg_vton.render.people import Identity
from spg_vton.render.poses import sample_pose
from spg_vton.render.rig import pose_body
from spg_vton.render.scene import GARMENT_REACH, Photo, build_figure, take_photo
from spg_vton.render.views import VIEWS

from .conftest import CONFIG, dress, outside_garments, standing
from .test_photo import LABEL_TOLERANCE, SWAP_TOLERANCE

STUBBLE = {"buzz", "bald"}
YAW = {"front": 0.0, "side": 80.0, "back": 180.0}
HANGING = ("long_straight", "long_wavy", "long_curly")


def person(style: str, **look: object) -> Identity:
    """One and the same person with another hair style."""
    identity = cast(CONFIG, 1).identity
    return dataclasses.replace(identity, hair_style=style, hair_look=HairLook(**look))


@cache
def seen(style: str, kind: str, garment: GarmentNumber = GarmentNumber.WORN, **look: object) -> Photo:
    casting, identity = cast(CONFIG, 1), person(style, **look)
    casting = dataclasses.replace(casting, identity=identity)
    figure = build_figure(identity)
    shot = dataclasses.replace(
        casting.takes[0].shot, pose=standing(YAW[kind]), whole_body=False, zoom=1.0, offset=(0.0, 0.0)
    )
    return take_photo(figure, dress(casting, figure, garment_of(CONFIG, 1, garment)), shot)


def rows(photo: Photo, label: Label) -> np.ndarray:
    return np.argwhere(photo.labels == label)[:, 0]


def test_every_style_has_a_shape_and_odds():
    assert set(STYLES) == set(SHAPES)
    rng = np.random.default_rng(0)
    drawn = {sample_style(rng, bool(i % 2), rng.random(), 0.5 * rng.random()) for i in range(3000)}
    assert drawn == set(STYLES)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_shows_from_all_sides_and_leaves_the_face_free(style):
    views = {kind: seen(style, kind) for kind in ("front", "side", "back")}
    least = 60 if style in STUBBLE else 150
    for kind, photo in views.items():
        assert (photo.labels == Label.HAIR).sum() > (20 if style == "bald" and kind == "front" else least), kind
    assert (views["front"].labels == Label.FACE).sum() > 450
    if style != "bald":  # a bare scalp counts as face
        assert (views["back"].labels == Label.FACE).sum() < 150


def test_a_fringe_covers_the_forehead_but_not_the_eyes():
    plain, fringed = (seen("bob", "front", fringe=fringe) for fringe in (False, True))
    covered = (fringed.labels == Label.HAIR) & (plain.labels == Label.FACE)
    assert covered.sum() > 40
    assert np.argwhere(covered)[:, 0].mean() < rows(plain, Label.FACE).mean()
    assert (fringed.labels == Label.FACE).sum() > 450


def test_long_hair_falls_lower_than_short():
    lowest = {style: np.percentile(rows(seen(style, "back"), Label.HAIR), 98) for style in STYLES}
    for style in HANGING:
        assert lowest[style] > lowest["bob"] + 5 > lowest["crop"] + 5
    short, long = (rows(seen("long_straight", "back", length=length), Label.HAIR).max() for length in (0.0, 1.0))
    assert long > short + 10


def test_hair_in_front_of_a_shoulder_is_on_the_persons_side():
    """The person's left is the picture's right."""
    left, right = seen("long_straight", "front", front_left=1.0), seen("long_straight", "front", front_right=1.0)
    below = int(rows(left, Label.FACE).max()) + 8

    def lean(photo: Photo) -> float:
        columns = np.argwhere(photo.labels[below:] == Label.HAIR)[:, 1]
        return float(columns.mean() - np.argwhere(photo.labels == Label.FACE)[:, 1].mean())

    assert lean(left) > lean(right) + 3


@pytest.mark.parametrize("style", ["long_wavy", "afro", "ponytail", "crop"])
def test_hair_is_repeatable(style):
    body, identity = load_body(), person(style)
    points = shape_points(body, identity.shape)
    motion = pose_body(body, points, sample_pose("quarter", np.random.default_rng(2)))
    first, second = (hair_surfaces(body, identity, grow_hair(body, identity, points), motion) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert (one.points == other.points).all() and (one.faces == other.faces).all()


@pytest.mark.parametrize("style", ["long_wavy", "layered", "braid"])
@pytest.mark.parametrize("kind", ["front", "side", "back"])
def test_another_garment_leaves_the_hair_as_it_is(style, kind):
    first, second = (seen(style, kind, garment) for garment in (GarmentNumber.WORN, GarmentNumber.UNPAIRED))
    outside, unshaded = (outside_garments(first, second, reach) for reach in (1, GARMENT_REACH))
    hair = (first.labels == Label.HAIR) & outside
    assert hair.sum() > 150
    assert ((second.labels == Label.HAIR) != (first.labels == Label.HAIR))[outside].mean() < LABEL_TOLERANCE
    # Cloth seen through gaps narrower than a pixel has no label of its own.
    assert ((first.image != second.image).any(-1) & hair & unshaded).sum() < SWAP_TOLERANCE * hair.size


@pytest.mark.parametrize("view", VIEWS)
def test_strands_stay_out_of_head_and_chest(view):
    body, identity = load_body(), person("long_straight", front_left=0.7)
    points = shape_points(body, identity.shape)
    motion = pose_body(body, points, sample_pose(view, np.random.default_rng(3)))
    strands = hair_surfaces(body, identity, grow_hair(body, identity, points), motion)[1]
    solids, normal = pose_solids(body, make_solids(body, points), motion), np.empty(3)
    places = strands.points[::7]
    above = places[:, 1] > solids.head[3, 1] - 0.9
    in_head = [table_gap(p, solids.head, solids.solids.head, normal) for p in places[above]]
    in_chest = [table_gap(p, solids.chest, solids.solids.chest, normal) for p in places[~above]]
    assert len(in_head) > 500 and np.percentile(in_head, 1) > -0.1
    # Behind the body the bias towards the camera takes part of the clearance.
    assert len(in_chest) > 500 and np.percentile(in_chest, 2) > -0.12 and np.median(in_chest) > 0.1


def test_hair_hangs_straight_down_whichever_way_the_head_turns():
    body, identity = load_body(), person("long_straight")
    points = shape_points(body, identity.shape)
    shells = grow_hair(body, identity, points)
    tips = []
    for kind in ("front", "back"):
        motion = pose_body(body, points, sample_pose(kind, np.random.default_rng(0)))
        strands = hair_surfaces(body, identity, shells, motion)[1].points
        tips.append(np.percentile(strands[:, 1], 2))
    assert abs(tips[0] - tips[1]) < 0.35


def test_no_hair_grows_on_eyes_ears_mouth_and_nose():
    body = load_body()
    marks = body.landmarks
    face = np.array([[0.0, marks.mouth, 1.4], [0.0, marks.nose, 1.6], [*marks.eye], *body.template[list(body.ears)]])
    crown = np.array([[0.0, 8.4, 0.3], [0.0, 7.6, -0.4]])
    values = np.zeros((len(face) + len(crown), len(Canon)), np.float32)
    values[:, :3] = np.concatenate([face, crown])
    for style in STYLES:
        grown = in_hairline(person(style), values)
        assert not grown[: len(face)].any()
        assert grown[-1] and grown[-2] == (style != "bald")


def test_colours_are_natural():
    dark, fair = natural_colour(0.0, 0, 0), natural_colour(1.0, 0, 0)
    assert max(dark) < 40 and min(fair) > 140 and fair[0] > fair[2]
    red, grey = natural_colour(0.5, 0.9, 0), natural_colour(0.5, 0, 1.0)
    assert red[0] > 1.6 * red[2] and max(grey) - min(grey) < 8
    rng = np.random.default_rng(1)
    of_dark = np.array([sample_colour(rng, 1.0, 0.0) for _ in range(200)])
    of_fair = np.array([sample_colour(rng, 0.0, 0.0) for _ in range(200)])
    assert of_dark.max() < 60 < of_fair.mean()
    assert (np.concatenate([of_dark, of_fair]) <= 255).all()


def test_looks_vary_with_the_seed_only():
    first, again, other = (sample_look(np.random.default_rng(seed), "bob", True) for seed in (1, 1, 2))
    assert first == again != other
