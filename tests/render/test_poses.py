import dataclasses
from collections import Counter

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.spatial import cKDTree

from spg_vton.keypoints import Keypoint
from spg_vton.labels import Label
from spg_vton.render.arms import ELBOW_BEND, WRIST_BEND
from spg_vton.render.body import SIDES, SKIN_VERTICES, Canon, load_body
from spg_vton.render.builds import shape_points
from spg_vton.render.casting import cast
from spg_vton.render.config import RenderConfig
from spg_vton.render.gestures import BACK_GESTURES, FRONT_GESTURES
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.people import sample_identity
from spg_vton.render.poses import Pose, sample_pose
from spg_vton.render.rig import Motion, pose_body
from spg_vton.render.rotations import degrees_between, rotation_between, turn, twist_between, two_bones
from spg_vton.render.stances import STANCES
from spg_vton.render.views import VIEWS, Views

COUNT = 120
YAWS = {"front": (0, 18), "quarter": (22, 55), "side": (62, 98), "back": (122, 180)}


@dataclasses.dataclass(frozen=True, eq=False)
class Posed:
    pose: Pose
    points: Points
    motion: Motion

    def joint(self, bone: str) -> np.ndarray:
        """Where a bone begins."""
        body = load_body()
        index = body.bone(bone)
        head = self.points[body.bone_heads[index]].mean(0)
        return self.motion.rotations[index] @ head + self.motion.shifts[index]


@pytest.fixture(scope="module")
def posed() -> list[Posed]:
    """Poses of all views on six bodies."""
    body = load_body()
    shapes = [shape_points(body, sample_identity(body, np.random.default_rng(i)).shape) for i in range(6)]
    drawn = []
    for i in range(COUNT):
        rng = np.random.default_rng([3, i])
        pose, points = sample_pose(Views().draw(rng), rng), shapes[i % len(shapes)]
        drawn.append(Posed(pose, points, pose_body(body, points, pose)))
    return drawn


def test_views_must_sum_to_one():
    with pytest.raises(ValidationError, match=r"sum to 1, got 1\.1"):
        Views(front=0.6)


def test_views_reach_their_shares():
    views = Views(front=0.4, quarter=0.3, side=0.2, back=0.1)
    config = RenderConfig(persons=400, photos_per_person=3, views=views, whole_body_share=0.3)
    takes = [take for person in range(400) for take in cast(config, person).takes]
    found = Counter(take.shot.pose.kind.split()[0] for take in takes)
    for view in VIEWS:
        assert found[view] / len(takes) == pytest.approx(getattr(views, view), abs=0.045)
    assert np.mean([take.shot.whole_body for take in takes]) == pytest.approx(0.3, abs=0.045)
    for take in takes:
        from_behind = take.shot.pose.kind.startswith("back")
        assert (take.tag == "person_whole_back") == from_behind
        assert ("whole" in take.tag) == take.shot.whole_body


@pytest.mark.parametrize("view", VIEWS)
def test_yaw_matches_the_view_and_turns_both_ways(view):
    yaws = np.array([sample_pose(view, np.random.default_rng(i)).yaw for i in range(200)])
    low, high = YAWS[view]
    assert (np.abs(yaws) >= low).all() and (np.abs(yaws) <= high).all()
    assert 0.35 < (yaws > 0).mean() < 0.65


def test_poses_repeat_and_all_kinds_occur():
    first, again = (sample_pose("front", np.random.default_rng(5)) for _ in range(2))
    assert first == again
    kinds = [sample_pose(view, np.random.default_rng(i)).kind.split() for view in ("front", "back") for i in range(700)]
    assert {stance for _, stance, _ in kinds} == set(STANCES)
    assert {gesture for view, _, gesture in kinds if view == "front"} == set(FRONT_GESTURES)
    assert {gesture for view, _, gesture in kinds if view == "back"} == set(BACK_GESTURES)


def test_no_hand_in_a_pocket_that_is_not_there():
    poses = [sample_pose("front", np.random.default_rng(i), pockets=False) for i in range(300)]
    assert not any(arm.hidden for pose in poses for arm in pose.arms.values())


def test_feet_stand_on_the_ground(posed):
    body = load_body()
    for one in posed:
        skin = one.motion.skin(one.points)[:SKIN_VERTICES]
        ground = one.points[:SKIN_VERTICES, 1].min()
        for sign in (1, -1):
            foot = skin[(body.canon[:SKIN_VERTICES, Canon.X] * sign > 0)
                        & (body.canon[:SKIN_VERTICES, Canon.Y] < body.landmarks.ankle)]  # fmt: skip
            assert abs(foot[:, 1].min() - ground) < 0.25


def test_feet_do_not_cross(posed):
    body = load_body()
    canon = body.canon[:SKIN_VERTICES]
    feet = [np.flatnonzero((canon[:, Canon.X] * sign > 0) & (canon[:, Canon.Y] < body.landmarks.ankle))
            for sign in (1, -1)]  # fmt: skip
    nearest = []
    for one in posed:
        skin = one.motion.skin(one.points)
        nearest.append(cKDTree(skin[feet[0]]).query(skin[feet[1]])[0].min())
    assert min(nearest) > 0.05


def test_joints_stay_within_limits(posed):
    for one in posed:
        neck = one.motion.rotations[load_body().bone("spine_03")].T @ one.motion.rotations[load_body().bone("head")]
        assert np.degrees(np.arccos(np.clip(neck[2, 2], -1, 1))) < 80
        for side in SIDES:
            shoulder, elbow, wrist, knuckle = (
                one.joint(f"{name}_{side}") for name in ("upperarm", "lowerarm", "hand", "middle_01")
            )
            assert degrees_between(elbow - shoulder, wrist - elbow) <= ELBOW_BEND + 0.1
            assert degrees_between(wrist - elbow, knuckle - wrist) <= WRIST_BEND + 0.1
            hip, knee, ankle = (one.joint(f"{name}_{side}") for name in ("thigh", "calf", "foot"))
            assert degrees_between(knee - hip, ankle - knee) < 70
            pelvis = one.motion.rotations[load_body().bone("pelvis")]
            assert (pelvis.T @ (knee - (hip + ankle) / 2))[2] > -0.12  # knees do not bend backwards


#: A vertex this far inside the trunk (decimetres) shows, and so many of them in this share of the photos are allowed.
DEEP, FEW, SHARE = 0.12, 3, 0.03


def test_arms_do_not_pierce_trunk_or_head(posed):
    """By the real mesh: signed distance of forearm and hand to the nearest vertex of trunk, thighs and head."""
    body = load_body()
    canon = body.canon[:SKIN_VERTICES]
    solid = np.flatnonzero((canon[:, Canon.ARM] < 0.05) & (canon[:, Canon.Y] > body.landmarks.knee))
    forearm = np.flatnonzero((canon[:, Canon.ARM] > 0.97) & (canon[:, Canon.ALONG_ARM] > 0.8))
    pierced = 0
    for one in posed:
        skin = one.motion.skin(one.points)[:SKIN_VERTICES]
        normals = vertex_normals(skin, body.skin)
        checked = forearm
        for side, sign in zip(SIDES, (1, -1), strict=True):
            if one.pose.arms[side].hidden:  # this hand is meant to be in a pocket
                in_pocket = (canon[checked, Canon.X] * sign > 0) & (canon[checked, Canon.ALONG_ARM] > 1.5)
                checked = checked[~in_pocket]
        distance, nearest = cKDTree(skin[solid]).query(skin[checked])
        inside = -((skin[checked] - skin[solid[nearest]]) * normals[solid[nearest]]).sum(1)
        pierced += ((inside > DEEP) & (distance < 1.2)).sum() > FEW
    assert pierced / len(posed) <= SHARE


def test_arms_lie_on_the_limb_of_their_keypoint(photos):
    """A visible wrist lies on the arm of its own side, or on a sleeve; never on the other arm."""
    own = {Keypoint.LEFT_WRIST: Label.LEFT_ARM, Keypoint.RIGHT_WRIST: Label.RIGHT_ARM}
    hits, misses = 0, 0
    for photo in photos:
        for keypoint, label in own.items():
            x, y, confidence = photo.keypoints[keypoint]
            if confidence == 1:
                at = photo.labels[round(float(y)), round(float(x))]
                hits += at == label
                misses += at in set(own.values()) - {label}
    assert hits >= 20 and misses == 0


def test_two_bones_reach():
    start, end = np.array([0.0, 0.0, 0.0]), np.array([0.5, -3.0, 1.0])
    upper, lower = two_bones(start, end, (2.0, 2.5), np.array([0.0, 0.0, 1.0]))
    assert 2.0 * upper + 2.5 * lower == pytest.approx(end)
    middle = 2.0 * upper
    assert middle[2] > (end * (middle @ end) / (end @ end))[2]  # bent towards the pole


def test_rotations():
    a, b = np.array([1.0, 2.0, -0.5]), np.array([-0.3, 1.0, 2.0])
    turned = rotation_between(a, b) @ a
    assert turned / np.linalg.norm(turned) == pytest.approx(b / np.linalg.norm(b))
    axis = np.array([0.0, 1.0, 0.0])
    assert twist_between(axis, np.array([0.0, 0.3, 1.0]), turn("y", 37) @ np.array([0.0, -1.0, 1.0])) == pytest.approx(
        37
    )
    with pytest.raises(ValueError, match="axis must be x, y or z, got 'w'"):
        turn("w", 1)
