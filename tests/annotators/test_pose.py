"""The pose extractor on real photos (where they are), on nobody, and mirrored."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spg_vton.annotators.openpose_network import FIELDS, MapSettings, read_network, run_network
from spg_vton.annotators.pose import PoseExtractor, face_body
from spg_vton.annotators.pose_errors import pose_errors
from spg_vton.errors import ConfigError, DataError, WeightsError
from spg_vton.keypoints import FLIP, Keypoint, read_openpose
from spg_vton.sources.pictures import read_photo
from spg_vton.weights import locate


@pytest.fixture(scope="module")
def real():
    """The MPV photos' folder."""
    if not os.environ.get("SPG_VTON_REAL_DATA"):
        pytest.skip("SPG_VTON_REAL_DATA is not set: no real photos to measure on")
    return Path(os.environ["SPG_VTON_REAL_DATA"]) / "mpv"


@pytest.fixture(scope="module")
def astronaut():
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut()[:, 32:416])


def test_five_mpv_photos(real):
    photos = sorted((real / "images").glob("*.jpg"))
    truth = np.stack([read_openpose(real / "pose_coco" / f"{photo.stem}_keypoints.json") for photo in photos])
    results = PoseExtractor().extract_many(photos, workers=2)
    errors = pose_errors(np.stack([result.pose for result in results]), truth)
    assert len(photos) == 5
    assert all(result.persons >= 1 and not result.problem for result in results)
    assert errors.median_px <= 3.5
    assert errors.pck_01 >= 0.85


def test_astronaut(astronaut):
    """By eye: the face's middle, and shoulders to the right and left of the neck."""
    result = PoseExtractor().extract(astronaut)
    pose = result.pose
    assert result.persons >= 1
    assert pose.shape == (18, 3)
    np.testing.assert_allclose(pose[Keypoint.NOSE, :2], (188, 122), atol=12)
    assert pose[Keypoint.RIGHT_EYE, 0] < pose[Keypoint.NOSE, 0] < pose[Keypoint.LEFT_EYE, 0]
    assert pose[Keypoint.RIGHT_SHOULDER, 0] < pose[Keypoint.NECK, 0] < pose[Keypoint.LEFT_SHOULDER, 0]
    missing = pose[:, 2] == 0
    assert (pose[missing] == 0).all()
    assert pose[Keypoint.LEFT_ANKLE].tolist() == [0, 0, 0]


def test_mirrored_photo_gives_the_mirrored_pose(astronaut):
    """The centre of the left column is at 0 and of the right one at W - 1: no shift of half a pixel either way."""
    pose = PoseExtractor().extract(astronaut).pose
    mirrored = PoseExtractor().extract(np.ascontiguousarray(astronaut[:, ::-1])).pose[FLIP]
    both = (pose[:, 2] > 0.2) & (mirrored[:, 2] > 0.2)
    assert both.sum() >= 6
    difference = astronaut.shape[1] - 1 - mirrored[both, 0] - pose[both, 0]
    assert abs(np.median(difference)) < 1
    assert np.abs(mirrored[both, 1] - pose[both, 1]).max() < 10


def test_pixels_scale_with_the_photo(astronaut):
    half = np.asarray(Image.fromarray(astronaut).resize((192, 256), Image.Resampling.BOX))
    pose, small = PoseExtractor().extract(astronaut).pose, PoseExtractor().extract(half).pose
    both = (pose[:, 2] > 0.3) & (small[:, 2] > 0.3)
    assert both.sum() >= 5
    np.testing.assert_allclose((small[both, :2] + 0.5) * 2 - 0.5, pose[both, :2], atol=10)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_nobody_on_a_plain_ground(level):
    result = PoseExtractor().extract(np.full((256, 192, 3), level, np.uint8))
    assert result.persons == 0
    assert not result.pose.any()


def test_maps_of_one_scale_without_margin_are_the_networks_own(astronaut):
    network = read_network(locate("openpose-mobilenet"))
    maps = run_network(network, astronaut, MapSettings(input_height=256, scales=(1.0,), margin=0.0, flip=False))
    assert maps.confidence.shape == (18, 96, 72)
    assert maps.fields.shape == (19, 2, 96, 72)
    np.testing.assert_allclose(
        maps.to_pixels(np.array([[0.0, 0.0], [71.0, 95.0]])), [(2.17, 2.17), (380.83, 508.83)], atol=0.01
    )


def along_limbs(maps, fields, pose):
    """Mean agreement of each field with its limb's farther half, NaN where an end is missing."""
    points = (pose[:, :2] + 0.5) / maps.cell - 0.5
    agreement = np.full(len(FIELDS), np.nan)
    for index, (a, b) in enumerate(FIELDS):
        vector = points[b] - points[a]
        if pose[a, 2] > 0 and pose[b, 2] > 0 and np.linalg.norm(vector) > 3:
            u, v = np.rint(points[a] + np.linspace(0.5, 1, 9)[:, None] * vector).astype(int).clip(0, (71, 95)).T
            agreement[index] = (fields[index][:, v, u].T @ vector).mean() / np.linalg.norm(vector)
    return agreement


def test_every_field_runs_along_its_own_limb(real):
    """Against poses made elsewhere: the order of the network's channels, left and right, and the fields' sign."""
    network = read_network(locate("openpose-mobilenet"))
    mirrored = [FIELDS.index((int(FLIP[a]), int(FLIP[b]))) for a, b in FIELDS]
    own, other = [], []
    for photo in sorted((real / "images").glob("*.jpg")):
        pose = read_openpose(real / "pose_coco" / f"{photo.stem}_keypoints.json")
        maps = run_network(network, read_photo(photo), MapSettings(input_height=320, scales=(1.0,)))
        own.append(along_limbs(maps, maps.fields, pose))
        other.append(along_limbs(maps, maps.fields[mirrored], pose))
    assert (np.nanmax(own, axis=0) > 0.2).all()
    lateral = np.array(mirrored) != np.arange(len(FIELDS))
    advantage = np.nanmedian(np.subtract(own, other), axis=0)[lateral]
    assert (advantage > 0).all(), advantage.round(2)


def test_mirroring_brings_the_same_fields(astronaut):
    network = read_network(locate("openpose-mobilenet"))
    plain, both = (run_network(network, astronaut, MapSettings(flip=flip)) for flip in (False, True))
    for axis in (0, 1):
        seen = np.abs(plain.fields[:, axis]) > 0.1
        mirrored = 2 * both.fields[:, axis] - plain.fields[:, axis]
        assert np.corrcoef(plain.fields[:, axis][seen], mirrored[seen])[0, 1] > 0.7


def test_many_equals_one_and_bad_photos_are_reported(tmp_path, astronaut):
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    Image.fromarray(astronaut).save(good)
    bad.write_bytes(b"no photo")
    results = PoseExtractor().extract_many([bad, good], workers=1)
    assert "bad.png" in results[0].problem
    assert results[0].persons == 0
    np.testing.assert_array_equal(results[1].pose, PoseExtractor().extract(astronaut).pose)


def front():
    pose = np.zeros((18, 3))
    for key, place in {
        Keypoint.NOSE: (50, 20),
        Keypoint.RIGHT_EYE: (46, 16),
        Keypoint.LEFT_EYE: (54, 16),
        Keypoint.RIGHT_SHOULDER: (30, 40),
        Keypoint.LEFT_SHOULDER: (70, 40),
        Keypoint.RIGHT_ANKLE: (42, 150),
    }.items():
        pose[key] = *place, 0.9
    return pose


def test_a_back_under_a_frontal_face_is_turned():
    wrong = front()
    body = np.arange(2, 14)
    wrong[body] = wrong[FLIP[body]]
    np.testing.assert_array_equal(face_body(wrong), front())
    np.testing.assert_array_equal(face_body(front()), front())


@pytest.mark.parametrize(("key", "value"), [(Keypoint.NOSE, (60, 20, 0.9)), (Keypoint.LEFT_EYE, (54, 16, 0.1))])
def test_a_back_stays_where_the_face_is_turned_or_unseen(key, value):
    back = front()
    body = np.arange(2, 14)
    back[body] = back[FLIP[body]]
    back[key] = value
    np.testing.assert_array_equal(face_body(back), back)


def test_errors(tmp_path):
    with pytest.raises(DataError, match="uint8"):
        PoseExtractor().extract(np.zeros((8, 8, 3), np.float32))
    with pytest.raises(WeightsError, match=r"none\.pb"):
        PoseExtractor(weights=tmp_path / "none.pb").extract(np.zeros((64, 48, 3), np.uint8))
    (tmp_path / "bad.pb").write_bytes(b"no graph")
    with pytest.raises(WeightsError, match=r"bad\.pb"):
        read_network(tmp_path / "bad.pb")
    with pytest.raises(ConfigError, match="input_height"):
        MapSettings(input_height=0)
