"""Framing of the rendered people against that of MPV's photos."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spg_vton.keypoints import Keypoint, read_openpose
from spg_vton.labels import Label
from spg_vton.render import camera
from spg_vton.render.body import load_body
from spg_vton.render.builds import shape_points
from spg_vton.render.camera import Spread, frame
from spg_vton.render.casting import cast
from spg_vton.render.landmarks import locate_keypoints
from spg_vton.render.rig import pose_body

from .conftest import CONFIG

#: Poses as in MPV's front photos: neither turned away nor with raised arms.
STANDING = ("front",)
FACE_POINTS = [Keypoint.RIGHT_EYE, Keypoint.LEFT_EYE]
MEASURES = {
    "nose row": camera.HALF_NOSE_ROW,
    "neck column": camera.HALF_NECK_COLUMN,
    "length": camera.HALF_LENGTH,
    "shoulders": camera.HALF_SHOULDERS,
}


def measures(pose: np.ndarray) -> dict[str, float]:
    """Nose row, neck column, nose-to-hip length and shoulder width, from keypoints."""
    shoulders = pose[[Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_SHOULDER], :2]
    hip = pose[[Keypoint.RIGHT_HIP, Keypoint.LEFT_HIP], 1].mean()
    return {
        "nose row": pose[Keypoint.NOSE, 1],
        "neck column": shoulders[:, 0].mean(),
        "length": hip - pose[Keypoint.NOSE, 1],
        "shoulders": np.ptp(shoulders[:, 0]),
    }


def spread(rows: list[dict[str, float]], name: str) -> Spread:
    values = [row[name] for row in rows]
    return Spread(float(np.mean(values)), float(np.std(values, ddof=1)))


@pytest.fixture(scope="module")
def half_fronts() -> list[dict[str, float]]:
    body, everywhere, rows = load_body(), np.zeros((camera.HEIGHT, camera.WIDTH)), []
    for index in range(40):
        casting = cast(CONFIG, index)
        points = shape_points(body, casting.identity.shape)
        for shot in (take.shot for take in casting.takes if take.tag == "person_half_front"):
            if shot.pose.kind.split()[0] in STANDING:
                posed = pose_body(body, points, shot.pose).skin(points)
                view = frame(body, posed, shot.zoom, shot.whole_body, shot.offset)
                pose = locate_keypoints(body, posed, view, everywhere)
                if (pose[[Keypoint.NOSE, Keypoint.RIGHT_HIP, Keypoint.LEFT_HIP], 2] > 0).all():
                    rows.append(measures(pose))
    return rows


@pytest.mark.parametrize("name", MEASURES)
def test_half_photos_are_framed_as_in_mpv(half_fronts, name):
    rendered, real = spread(half_fronts, name), MEASURES[name]
    assert len(half_fronts) > 30
    assert abs(rendered.mean - real.mean) < 0.6 * real.deviation
    assert 0.5 < rendered.deviation / real.deviation < 1.8


def test_faces_are_as_high_as_in_mpv(photos):
    """From nose to chin, in half photos of people who look at the camera."""
    below_nose = []
    for photo in photos:
        face, person = np.argwhere(photo.labels == Label.FACE), np.argwhere(photo.labels > 0)
        _, nose_row, confidence = photo.keypoints[Keypoint.NOSE]
        half = person[:, 0].max() == camera.HEIGHT - 1
        if half and confidence == 1 and (photo.keypoints[FACE_POINTS, 2] > 0).all():
            below_nose.append(face[:, 0].max() - nose_row)
    assert len(below_nose) >= 5
    assert abs(np.mean(below_nose) - camera.HALF_CHIN.mean) < 2.5 * camera.HALF_CHIN.deviation


def test_whole_bodies_fill_the_photo():
    """Someone of usual height spans the rows that MPV's whole-body photos do."""
    body = load_body()
    for index in range(20):
        casting = cast(CONFIG, index)
        points = shape_points(body, casting.identity.shape)
        for shot in (take.shot for take in casting.takes if take.shot.whole_body):
            posed = pose_body(body, points, shot.pose).skin(points)
            view = frame(body, posed, shot.zoom, True, shot.offset)
            rows = view.project(posed[:13380], supersampling=1)[0][:, 1]
            assert rows.max() == pytest.approx(camera.WHOLE_BOTTOM, abs=6)
            if np.ptp(posed[:13380, 1]) > 16:
                assert rows.min() == pytest.approx(camera.WHOLE_TOP, abs=12)


@pytest.fixture(scope="module")
def samples() -> Path:
    folder = os.environ.get("SPG_VTON_REAL_DATA")
    if not folder:
        pytest.skip("SPG_VTON_REAL_DATA names no folder with real samples")
    return Path(folder) / "mpv"


@pytest.mark.parametrize("name", MEASURES)
def test_the_constants_are_those_of_the_samples(samples, name):
    found = sorted((samples / "pose_coco").glob("*=person_half_front_keypoints.json"))
    assert len(found) == 8
    real = spread([measures(read_openpose(path)) for path in found], name)
    assert real.mean == pytest.approx(MEASURES[name].mean, abs=0.1)
    assert real.deviation == pytest.approx(MEASURES[name].deviation, abs=0.1)


def test_the_chin_and_the_whole_body_are_those_of_the_samples(samples):
    below_nose = []
    for path in sorted((samples / "parse_cihp").glob("*=person_half_front.png")):
        pose = json.loads((samples / "pose_coco" / f"{path.stem}_keypoints.json").read_text())
        nose_row = pose["people"][0]["pose_keypoints_2d"][1]
        below_nose.append(np.argwhere(np.asarray(Image.open(path)) == Label.FACE)[:, 0].max() - nose_row)
    assert np.mean(below_nose) == pytest.approx(camera.HALF_CHIN.mean, abs=0.1)
    assert np.std(below_nose, ddof=1) == pytest.approx(camera.HALF_CHIN.deviation, abs=0.1)
    (whole,) = (samples / "parse_cihp").glob("*=person_whole_back.png")
    rows = np.flatnonzero((np.asarray(Image.open(whole)) > 0).any(1))
    assert (rows[0], rows[-1]) == (camera.WHOLE_TOP, camera.WHOLE_BOTTOM)
