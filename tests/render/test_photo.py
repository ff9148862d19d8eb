import dataclasses

import numpy as np
import pytest
from PIL import Image, ImageDraw

from spg_vton.keypoints import Keypoint
from spg_vton.labels import MIRRORED, Label
from spg_vton.render.body import Canon, load_body
from spg_vton.render.casting import cast
from spg_vton.render.compositing import majority
from spg_vton.render.poses import sample_pose
from spg_vton.render.scene import GARMENT_REACH, Photo, build_figure, take_photo
from spg_vton.render.skin import skin_labels

from .conftest import CONFIG, dress, outside_garments, photograph

LIMB_OF_POINT = {
    Keypoint.LEFT_ELBOW: Label.LEFT_ARM,
    Keypoint.RIGHT_ELBOW: Label.RIGHT_ARM,
    Keypoint.LEFT_WRIST: Label.LEFT_ARM,
    Keypoint.RIGHT_WRIST: Label.RIGHT_ARM,
    Keypoint.LEFT_KNEE: Label.LEFT_LEG,
    Keypoint.RIGHT_KNEE: Label.RIGHT_LEG,
}
OPPOSITE = MIRRORED | {right: left for left, right in MIRRORED.items()}


def label_at(photo: Photo, keypoint: Keypoint) -> Label | None:
    """The label under a visible keypoint."""
    x, y, confidence = photo.keypoints[keypoint]
    return Label(photo.labels[round(float(y)), round(float(x))]) if confidence == 1 else None


def test_shapes_and_ranges(photos):
    for photo in photos:
        assert photo.image.shape == (256, 192, 3) and photo.image.dtype == np.uint8
        assert photo.labels.shape == (256, 192) and photo.labels.dtype == np.uint8
        assert photo.keypoints.shape == (18, 3)
        x, y, confidence = photo.keypoints.T
        assert set(confidence.tolist()) <= {0.0, 0.5, 1.0}
        assert (photo.keypoints[confidence == 0] == 0).all()
        assert photo.body.shape == (256, 192) and photo.body.dtype == bool
        assert photo.flow.shape == (256, 192, 2) and photo.flow.dtype == np.float32
        assert (x > -0.51).all() and (x < 191.51).all() and (y > -0.51).all() and (y < 255.51).all()
        assert 0.08 < (photo.labels > 0).mean() < 0.8  # a whole body in profile is slim


def test_limbs_are_on_their_side(photos):
    checked = dict.fromkeys(LIMB_OF_POINT, 0)
    for photo in photos:
        for keypoint, limb in LIMB_OF_POINT.items():
            label = label_at(photo, keypoint)
            if label in OPPOSITE:
                assert label is limb, f"{keypoint.name} lies on {label.name}"
                checked[keypoint] += 1
    assert min(checked[point] for point in (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)) >= 5
    assert sum(checked.values()) >= 25


def test_face_points_are_on_the_face(photos):
    noses = [label for photo in photos if (label := label_at(photo, Keypoint.NOSE)) is not None]
    eyes = [label for photo in photos for eye in (Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE)
            if (label := label_at(photo, eye)) is not None]  # fmt: skip
    assert len(noses) >= 15 and set(noses) == {Label.FACE}
    assert len(eyes) >= 25 and np.mean([eye in (Label.FACE, Label.SUNGLASSES) for eye in eyes]) > 0.95


def test_visible_joints_are_on_the_person(photos):
    on_person = [photo.labels[round(float(y)), round(float(x))] > 0
                 for photo in photos for x, y, confidence in photo.keypoints[:14] if confidence == 1]  # fmt: skip
    assert len(on_person) > 150 and np.mean(on_person) > 0.98


def test_neck_and_bare_chest_are_torso_skin():
    body = load_body()
    marks = body.landmarks
    front = body.canon[:13380]
    chest = (np.abs(front[:, Canon.X]) < 0.8) & (front[:, Canon.Y] > 4.5) & (front[:, Canon.Y] < 5.2)
    throat = (np.abs(front[:, Canon.X]) < 0.3) & (front[:, Canon.Z] > 0.4)
    throat &= (front[:, Canon.Y] > marks.neck - 0.3) & (front[:, Canon.Y] < marks.chin - 0.15)
    nose = (np.abs(front[:, Canon.X]) < 0.1) & (np.abs(front[:, Canon.Y] - marks.nose) < 0.2) & (front[:, Canon.Z] > 1)
    for region, label in ((chest, Label.TORSO_SKIN), (throat, Label.TORSO_SKIN), (nose, Label.FACE)):
        assert region.sum() > 5
        assert set(skin_labels(front[region])) == {label}


def test_torso_skin_lies_between_face_and_clothes(photos):
    seen = 0
    for photo in photos:
        neck, face = np.argwhere(photo.labels == Label.TORSO_SKIN), np.argwhere(photo.labels == Label.FACE)
        if len(neck) > 20 and len(face) > 200:
            assert neck[:, 0].mean() > face[:, 0].mean()
            seen += 1
    assert seen >= 10


def test_same_shot_twice_is_identical():
    for first, second in zip(photograph(3), photograph(3), strict=True):
        assert (first.image == second.image).all()
        assert (first.labels == second.labels).all()
        assert (first.keypoints == second.keypoints).all()


#: Share of the photo that may differ further from both garments: slivers of cloth too thin for a label, between strands
#: of hair, crossed arms or the ends of a scarf.
SWAP_TOLERANCE = 4e-4
#: The same for labels: the larger of two arms that cross in a pixel may change with a sliver of sleeve.
LABEL_TOLERANCE = 1e-4


@pytest.mark.parametrize("index", range(8))
def test_another_garment_changes_nothing_else(index):
    """Labels one pixel away from both garments are the same, colours beyond the reach of their shade."""
    for first, second in zip(photograph(index), photograph(index, other_garment=True), strict=True):
        outside, unshaded = (outside_garments(first, second, reach) for reach in (1, GARMENT_REACH))
        assert (first.image != second.image).any()
        assert ((first.labels != second.labels) & outside).mean() < LABEL_TOLERANCE
        assert ((first.image != second.image).any(-1) & unshaded).mean() < SWAP_TOLERANCE
        assert (first.keypoints == second.keypoints).all()


def test_trunk_has_no_holes(photos):
    """Between shoulders and hips, well inside, no pixel shows the background."""
    corners = [Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
    checked = 0
    for photo in photos:
        points = photo.keypoints[corners]
        if (points[:, 2] > 0).all():
            trunk, points = Image.new("1", (192, 256)), 0.65 * points + 0.35 * points.mean(0)
            ImageDraw.Draw(trunk).polygon([(float(x), float(y)) for x, y, _ in points], fill=1)
            assert not (np.asarray(trunk) & (photo.labels == Label.BACKGROUND)).any()
            checked += 1
    assert checked > 15


def test_back_views_hide_the_face():
    casting = cast(CONFIG, 0)
    figure = build_figure(casting.identity)
    shot = dataclasses.replace(
        casting.takes[0].shot, pose=sample_pose("back", np.random.default_rng(0)), whole_body=True
    )
    photo = take_photo(figure, dress(casting, figure, casting.garment), shot)
    assert photo.keypoints[Keypoint.NOSE, 2] == 0
    left, right = photo.keypoints[Keypoint.LEFT_SHOULDER], photo.keypoints[Keypoint.RIGHT_SHOULDER]
    assert left[0] < right[0]  # seen from behind, the person's left is the picture's left


def test_majority_vote():
    labels = np.array([[5, 5, 0, 0], [0, 5, 0, 13]], np.uint8)
    assert majority(labels, 2).tolist() == [[5, 0]]
    assert majority(np.array([[0, 9], [9, 0]], np.uint8), 2).tolist() == [[9]]  # a tie is not background
