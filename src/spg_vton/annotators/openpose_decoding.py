"""From confidence maps and part-affinity fields to persons (Cao et al. 2017, section 2.4), in map coordinates."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import ndimage

from spg_vton.annotators.openpose_network import FIELDS
from spg_vton.keypoints import NUM_KEYPOINTS

_ZOOM = 2
_BLUR = 1.0  # enlarged cells; takes out the ripples cubic enlarging leaves
_WINDOW = 5  # enlarged cells across
_SAMPLES = 12


@dataclass(frozen=True)
class DecodingRules:
    """What counts as a keypoint, a limb and a person."""

    peak: float = 0.05
    """Least confidence of a keypoint."""
    field: float = 0.02
    """Least agreement of the field with a limb's direction at one sample."""
    field_share: float = 0.5
    """Share of a limb's samples that must agree."""
    person_keypoints: int = 3
    """Least number of keypoints of a person."""
    person_confidence: float = 0.1
    """Least mean confidence of a person's keypoints."""


@dataclass
class Person:
    """Indices of the peaks one person is made of; -1 where a keypoint is missing."""

    peaks: list[int] = field(default_factory=lambda: [-1] * NUM_KEYPOINTS)


@dataclass(frozen=True)
class Connection:
    """A limb that may join peak `start` of its first keypoint to peak `end` of its second."""

    start: int
    end: int
    score: float


Peaks = list[Float[np.ndarray, "n 3"]]


def decode(
    confidence: Float[np.ndarray, "18 h w"], fields: Float[np.ndarray, "19 2 h w"], rules: DecodingRules
) -> list[Float[np.ndarray, "18 3"]]:
    """Return every person as (u, v, confidence) rows in map coordinates, missing keypoints as (0, 0, 0)."""
    peaks = [find_peaks(plane, rules.peak) for plane in confidence]
    limbs = [connect(peaks[a], peaks[b], plane, rules) for (a, b), plane in zip(FIELDS, fields, strict=True)]
    poses = [_pose(person, peaks) for person in assemble(limbs)]
    return [pose for pose in poses if _is_person(pose, rules)]


def find_peaks(plane: Float[np.ndarray, "h w"], threshold: float) -> Float[np.ndarray, "n 3"]:
    """Return the local maxima above `threshold` as (u, v, confidence), refined below a cell.

    The map is enlarged (cubic), a maximum next to a higher one, within a cell, is dropped, and a parabola through each
    maximum and its neighbours gives the last fraction.
    """
    zoomed = cv2.resize(plane, None, fx=_ZOOM, fy=_ZOOM, interpolation=cv2.INTER_CUBIC)
    zoomed = cv2.GaussianBlur(zoomed, (0, 0), _BLUR)
    highest = ndimage.maximum_filter(zoomed, size=_WINDOW, mode="constant")
    maxima = (zoomed == highest) & (zoomed > threshold)
    maxima[[0, -1]] = maxima[:, [0, -1]] = False  # still rising at the edge: the keypoint lies outside the photo
    rows, columns = _one_of_each(maxima)
    padded = np.pad(zoomed, 1, mode="edge")
    across = _vertex(padded[rows + 1, columns], zoomed[rows, columns], padded[rows + 1, columns + 2])
    down = _vertex(padded[rows, columns + 1], zoomed[rows, columns], padded[rows + 2, columns + 1])
    points = (np.stack((columns + across, rows + down), axis=-1) + 0.5) / _ZOOM - 0.5
    return np.concatenate((points, zoomed[rows, columns, None]), axis=-1)


def _one_of_each(maxima: Bool[np.ndarray, "h w"]) -> tuple[Int[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    """Return one pixel's row and column of each connected part: a maximum between cells shows as several equal ones."""
    parts, _ = ndimage.label(maxima, np.ones((3, 3)))
    _, first = np.unique(parts[maxima], return_index=True)
    rows, columns = np.nonzero(maxima)
    return rows[first], columns[first]


def _vertex(before: np.ndarray, middle: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Offset of a parabola's vertex through three samples around a maximum, within half a sample."""
    curvature = 2 * middle - before - after
    return np.clip(np.where(curvature > 1e-9, (after - before) / (2 * np.maximum(curvature, 1e-9)), 0), -0.5, 0.5)


def connect(
    starts: Float[np.ndarray, "m 3"],
    ends: Float[np.ndarray, "n 3"],
    plane: Float[np.ndarray, "2 h w"],
    rules: DecodingRules,
) -> list[Connection]:
    """Match two keypoints' peaks through a limb's field, best first; no peak is used twice."""
    if not len(starts) or not len(ends):
        return []
    vectors = ends[None, :, :2] - starts[:, None, :2]
    lengths = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6)
    steps = np.linspace(0, 1, _SAMPLES)[:, None, None, None]
    samples = starts[None, :, None, :2] + steps * vectors
    along = [
        ndimage.map_coordinates(axis, (samples[..., 1], samples[..., 0]), order=1, mode="nearest") for axis in plane
    ]
    agreement = (np.stack(along, axis=-1) * (vectors / lengths)).sum(axis=-1)
    # a limb longer than the photo is high is unlikely
    length_prior = np.minimum(plane.shape[1] / lengths[..., 0] - 1, 0)
    score = agreement.mean(axis=0) + length_prior
    possible = (score > 0) & ((agreement > rules.field).mean(axis=0) >= rules.field_share)
    return _greedy(score, possible)


def _greedy(score: Float[np.ndarray, "m n"], possible: np.ndarray) -> list[Connection]:
    chosen: list[Connection] = []
    used_starts: set[int] = set()
    used_ends: set[int] = set()
    for flat in np.argsort(-score, axis=None):
        start, end = (int(index) for index in np.unravel_index(flat, score.shape))
        if possible[start, end] and start not in used_starts and end not in used_ends:
            chosen.append(Connection(start, end, float(score[start, end])))
            used_starts.add(start)
            used_ends.add(end)
    return chosen


def assemble(limbs: list[list[Connection]]) -> list[Person]:
    """Join limbs that share a peak into persons; a limb that contradicts a person is left out."""
    persons: list[Person] = []
    for (a, b), connections in zip(FIELDS, limbs, strict=True):
        for connection in connections:
            ends = {a: connection.start, b: connection.end}
            touching = [person for person in persons if any(person.peaks[key] == index for key, index in ends.items())]
            if not touching:
                touching = [Person()]
                persons.append(touching[0])
            if len(touching) == 2 and _compatible(*touching):
                persons.remove(touching[1])
                touching[0].peaks = [max(pair) for pair in zip(touching[0].peaks, touching[1].peaks, strict=True)]
            for key, index in ends.items():
                if touching[0].peaks[key] == -1:
                    touching[0].peaks[key] = index
    return persons


def _compatible(one: Person, other: Person) -> bool:
    return all(-1 in pair for pair in zip(one.peaks, other.peaks, strict=True))


def _pose(person: Person, peaks: Peaks) -> Float[np.ndarray, "18 3"]:
    rows = [peaks[key][index] if index >= 0 else np.zeros(3) for key, index in enumerate(person.peaks)]
    return np.stack(rows)


def _is_person(pose: Float[np.ndarray, "18 3"], rules: DecodingRules) -> bool:
    present = pose[:, 2] > 0
    return present.sum() >= rules.person_keypoints and pose[present, 2].mean() >= rules.person_confidence
