import numpy as np
import pytest

from spg_vton.render.body import SKIN_VERTICES, load_body
from spg_vton.render.builds import shape_points
from spg_vton.render.complexion import sample_darkness, sample_skin
from spg_vton.render.faces import sample_face
from spg_vton.render.people import Identity, sample_identity


@pytest.fixture(scope="module")
def people() -> list[Identity]:
    return [sample_identity(load_body(), np.random.default_rng([3, number])) for number in range(80)]


def width(points: np.ndarray, joint: str) -> float:
    body = load_body()
    return float(body.joint(points, f"l-{joint}")[0] - body.joint(points, f"r-{joint}")[0])


def test_builds_are_those_of_shop_models_with_a_tail(people):
    body = load_body()
    shapes = [shape_points(body, person.shape) for person in people]
    heights = np.array([np.ptp(points[:SKIN_VERTICES, 1]) for points in shapes])
    shoulders = np.array([width(points, "shoulder") for points in shapes]) / heights
    female = np.array([person.female for person in people])
    assert 16.5 < np.median(heights) < 19.5 and heights.min() > 13 and heights.max() < 23
    assert shoulders[female].mean() < shoulders[~female].mean() - 0.005
    heavy = np.array([sum(weight for name, weight in person.shape if "maxweight" in name) for person in people])
    assert np.median(heavy) == 0 and heavy.max() > 0.2


@pytest.mark.parametrize(
    ("proportion", "joint", "axis"),
    [("shoulders", "l-shoulder", 0), ("slope", "l-shoulder", 1), ("legs", "l-ankle", 1)],
)
def test_a_proportion_moves_its_joint_and_the_other_side_alike(proportion, joint, axis):
    body = load_body()
    plain, changed = shape_points(body, ()), shape_points(body, ((proportion, 0.2),))
    left = body.joint(changed, joint) - body.joint(plain, joint)
    right = body.joint(changed, joint.replace("l-", "r-")) - body.joint(plain, joint.replace("l-", "r-"))
    assert -0.21 < left[axis] < -0.1
    assert right == pytest.approx(left * (-1, 1, 1), abs=0.01)
    assert np.abs(changed - plain)[body.nose_tip].max() == 0


def test_skin_goes_from_light_to_dark_and_is_never_cold():
    lightness = []
    for darkness in np.linspace(0, 1, 11):
        skins = np.array([sample_skin(np.random.default_rng(seed), float(darkness)) for seed in range(20)])
        assert (skins[:, 0] > skins[:, 1]).all() and (skins[:, 1] > skins[:, 2]).all() and skins.max() < 255
        lightness.append(skins.mean())
    assert (np.diff(lightness) < 0).all()


def test_darkness_follows_descent():
    def mean(*races: float) -> float:
        return float(np.mean([sample_darkness(np.random.default_rng(seed), np.array(races)) for seed in range(40)]))

    assert mean(1, 0, 0) > mean(0, 1, 0) > mean(0, 0, 1)


def test_faces_fit_sex_and_skin():
    def faces(female: bool, darkness: float) -> list:
        skin, hair = (200.0, 150.0, 120.0), (40.0, 30.0, 25.0)
        return [sample_face(np.random.default_rng(n), female, 0.0, darkness, skin, hair) for n in range(60)]

    women, men = faces(True, 0.1), faces(False, 0.8)
    assert all(face.stubble == face.beard == face.moustache == 0 for face in women)
    assert any(face.beard for face in men) and any(not face.beard for face in men)
    assert all(face.eye_makeup == 0 for face in men) and any(face.freckles for face in women)
    assert len({face.iris for face in women}) > 2 and len({face.iris for face in men}) == 1
