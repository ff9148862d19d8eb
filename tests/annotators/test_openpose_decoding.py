"""Decoding drawn maps: peaks below a cell, limbs through fields, persons kept apart."""

import numpy as np
import pytest

from spg_vton.annotators.openpose_decoding import Connection, DecodingRules, assemble, connect, decode, find_peaks
from spg_vton.annotators.openpose_network import FIELDS
from spg_vton.keypoints import FLIP, NUM_KEYPOINTS, Keypoint

ROWS, COLUMNS = 96, 72
V, U = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)


def person(left, top, size):
    """A standing person seen from the front, in map coordinates."""
    places = [
        (0.5, 0.05), (0.5, 0.2), (0.3, 0.2), (0.22, 0.36), (0.2, 0.5), (0.7, 0.2), (0.78, 0.36), (0.8, 0.5),
        (0.4, 0.52), (0.39, 0.74), (0.38, 0.95), (0.6, 0.52), (0.61, 0.74), (0.62, 0.95),
        (0.46, 0.02), (0.54, 0.02), (0.4, 0.04), (0.6, 0.04),
    ]  # fmt: skip
    return np.array([(left + size / 2 * x, top + size * y) for x, y in places])


def blob(place, height=0.9, width=2.0):
    return height * np.exp(-((U - place[0]) ** 2 + (V - place[1]) ** 2) / (2 * width**2))


def draw(*persons):
    """Draw confidence maps and affinity fields as the network is trained to."""
    confidence = np.zeros((NUM_KEYPOINTS, ROWS, COLUMNS), np.float32)
    fields = np.zeros((len(FIELDS), 2, ROWS, COLUMNS), np.float32)
    for points in persons:
        for key, place in enumerate(points):
            confidence[key] = np.maximum(confidence[key], blob(place))
        for index, (a, b) in enumerate(FIELDS):
            vector = points[b] - points[a]
            length = np.linalg.norm(vector)
            u, v = U - points[a][0], V - points[a][1]
            along, across = (u * vector[0] + v * vector[1]) / length, (u * vector[1] - v * vector[0]) / length
            near = (along >= -1) & (along <= length + 1) & (np.abs(across) <= 1.5)
            fields[index, :, near] = vector / length
    return confidence, fields


@pytest.mark.parametrize("place", [(30.0, 40.0), (30.3, 40.8), (12.5, 61.25)])
def test_peak_is_found_below_a_cell(place):
    peaks = find_peaks(blob(place).astype(np.float32), 0.1)
    assert peaks.shape == (1, 3)
    np.testing.assert_allclose(peaks[0, :2], place, atol=0.05)
    assert 0.8 < peaks[0, 2] <= 0.91


def test_peaks_below_the_threshold_and_on_the_edge_are_dropped():
    plane = blob((20, 20), 0.5) + blob((50, 60), 0.04) + blob((40, ROWS), 0.9)
    peaks = find_peaks(plane.astype(np.float32), 0.05)
    np.testing.assert_allclose(peaks[:, :2], [(20, 20)], atol=0.05)


def test_one_person_comes_back_whole():
    truth = person(15, 4, 85)
    (pose,) = decode(*draw(truth), DecodingRules())
    assert (pose[:, 2] > 0.5).all()
    np.testing.assert_allclose(pose[:, :2], truth, atol=0.3)


def test_two_persons_are_not_mixed():
    one, other = person(2, 5, 60), person(38, 20, 66)
    poses = decode(*draw(one, other), DecodingRules())
    assert len(poses) == 2
    for truth in (one, other):
        assert min(np.abs(pose[:, :2] - truth).max() for pose in poses) < 0.5


def test_a_missing_keypoint_stays_missing():
    confidence, fields = draw(person(15, 4, 85))
    confidence[Keypoint.LEFT_WRIST] = 0
    (pose,) = decode(confidence, fields, DecodingRules())
    assert pose[Keypoint.LEFT_WRIST].tolist() == [0, 0, 0]
    assert (pose[:, 2] > 0).sum() == NUM_KEYPOINTS - 1


def test_fields_decide_between_two_peaks():
    """A stronger peak elsewhere does not take the wrist: no field leads there."""
    truth = person(15, 4, 85)
    confidence, fields = draw(truth)
    confidence[Keypoint.RIGHT_WRIST] += blob((5, 90), 1.0)
    (pose,) = decode(confidence, fields, DecodingRules())
    np.testing.assert_allclose(pose[Keypoint.RIGHT_WRIST, :2], truth[Keypoint.RIGHT_WRIST], atol=0.3)


def test_field_against_the_limb_does_not_connect():
    starts, ends = np.array([[10.0, 10, 1]]), np.array([[30.0, 10, 1]])
    plane = np.zeros((2, ROWS, COLUMNS), np.float32)
    plane[0] = 0.8
    (connection,) = connect(starts, ends, plane, DecodingRules())
    assert (connection.start, connection.end) == (0, 0)
    assert connection.score == pytest.approx(0.8, abs=1e-5)
    assert connect(ends, starts, plane, DecodingRules()) == []
    assert connect(starts[:0], ends, plane, DecodingRules()) == []


def test_best_matches_first_and_no_peak_twice():
    starts = np.array([[10.0, 10, 1], [10, 30, 1]])
    ends = np.array([[30.0, 10, 1], [30, 30, 1]])
    plane = np.zeros((2, ROWS, COLUMNS), np.float32)
    plane[0] = 1
    found = connect(starts, ends, plane, DecodingRules())
    assert {(item.start, item.end) for item in found} == {(0, 0), (1, 1)}


def test_parts_are_joined_by_a_later_limb_only_where_they_agree():
    limbs: list[list[Connection]] = [[] for _ in FIELDS]
    limbs[FIELDS.index((8, 9))] = [Connection(0, 0, 1.0), Connection(1, 1, 1.0)]
    limbs[FIELDS.index((9, 10))] = [Connection(0, 0, 1.0), Connection(1, 1, 1.0)]
    limbs[FIELDS.index((1, 2))] = [Connection(0, 0, 1.0)]
    limbs[FIELDS.index((1, 8))] = [Connection(0, 1, 1.0)]
    persons = assemble(limbs)
    assert len(persons) == 2
    joined = next(item for item in persons if item.peaks[1] == 0)
    assert [joined.peaks[key] for key in (2, 8, 9, 10)] == [0, 1, 1, 1]


def test_nobody_in_empty_maps():
    empty = np.zeros((NUM_KEYPOINTS, ROWS, COLUMNS), np.float32)
    assert decode(empty, np.zeros((len(FIELDS), 2, ROWS, COLUMNS), np.float32), DecodingRules()) == []


def test_every_field_has_a_mirrored_one():
    assert {(int(FLIP[a]), int(FLIP[b])) for a, b in FIELDS} == set(FIELDS)
