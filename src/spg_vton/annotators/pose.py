"""The pose extractor: a photo in, the 18 OpenPose keypoints of its main person out."""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from joblib import Parallel, delayed

from spg_vton.annotators.openpose_decoding import DecodingRules, decode
from spg_vton.annotators.openpose_network import MapSettings, read_network, run_network
from spg_vton.errors import DataError
from spg_vton.keypoints import FLIP, NUM_KEYPOINTS, Keypoint
from spg_vton.progress import progress_bar
from spg_vton.sources.pictures import read_photo
from spg_vton.weights import locate

_BODY = np.arange(Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_ANKLE + 1)
#: Least confidence of nose and eyes for a face to be taken as seen.
_FACE_SEEN = 0.25
#: A turned body shows its shoulders at least this many eye distances apart.
_SHOULDERS_TURNED = 2.0


@dataclass(frozen=True)
class PoseResult:
    """What was found in one photo."""

    pose: Float[np.ndarray, "18 3"]
    """(x, y, confidence) in pixels of the photo, see `spg_vton.keypoints`; all zero where nobody was found."""
    persons: int
    """How many persons were found."""
    problem: str = ""
    """Why the photo could not be read; empty where it could."""


@dataclass(frozen=True)
class PoseExtractor:
    """OpenPose with affinity fields on a MobileNet (see `openpose_network`, `openpose_decoding`).

    The main person is the one with the largest product of summed confidence and the diagonal of the box around the
    keypoints: of two persons seen equally well the larger wins.
    """

    weights: Path | None = None
    """The network's file; found through the registry if None."""
    maps: MapSettings = field(default_factory=MapSettings)
    rules: DecodingRules = field(default_factory=DecodingRules)

    def extract(self, image: UInt8[np.ndarray, "H W 3"]) -> PoseResult:
        """Find the keypoints of the main person in an RGB photo.

        Raises:
            DataError: not an RGB photo of bytes.
            WeightsError: the network is missing or damaged.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise DataError(f"Expected a photo (H, W, 3) of uint8, got {image.shape} of {image.dtype}.")
        network = _network(locate("openpose-mobilenet", explicit=self.weights), threading.get_ident())
        maps = run_network(network, image, self.maps)
        persons = decode(maps.confidence, maps.fields, self.rules)
        if not persons:
            return PoseResult(np.zeros((NUM_KEYPOINTS, 3), np.float32), 0)
        pose = max(persons, key=_prominence)
        present = pose[:, 2:] > 0
        limits = (image.shape[1] - 1, image.shape[0] - 1)
        pixels = np.where(present, np.clip(maps.to_pixels(pose[:, :2]), 0, limits), 0)
        found = np.concatenate((pixels, np.minimum(pose[:, 2:], 1)), axis=1).astype(np.float32)
        return PoseResult(face_body(found), len(persons))

    def extract_many(self, paths: Sequence[Path], workers: int = 1) -> list[PoseResult]:
        """Extract the poses of photo files in worker processes, in order; shows the time left.

        A photo that cannot be read gives an empty pose and says so in `problem`.
        """
        locate("openpose-mobilenet", explicit=self.weights)  # once, before the workers need it
        threads = max(1, (os.cpu_count() or 1) // max(workers, 1))
        jobs = (delayed(_extract_file)(self, path, threads) for path in paths)
        results = []
        with progress_bar("extracting poses", len(paths)) as progress:
            for result in Parallel(n_jobs=workers, backend="loky", return_as="generator")(jobs):
                results.append(result)
                progress.advance()
        return results


def face_body(pose: Float[np.ndarray, "18 3"]) -> Float[np.ndarray, "18 3"]:
    """Swap the body's left and right where it shows its back under a face seen from the front.

    The network takes some plain or dark clothes for a back. A face counts as frontal where the nose lies between the
    eyes; looking over one's shoulder turns the nose past them.
    """
    face = pose[[Keypoint.NOSE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EYE]]
    shoulders = pose[[Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_SHOULDER]]
    if (face[:, 2] < _FACE_SEEN).any() or (shoulders[:, 2] <= 0).any():
        return pose
    nose, right_eye, left_eye = face[:, 0]
    width = shoulders[1, 0] - shoulders[0, 0]
    if not right_eye < nose < left_eye or width > -_SHOULDERS_TURNED * (left_eye - right_eye):
        return pose
    turned = pose.copy()
    turned[_BODY] = pose[FLIP[_BODY]]
    return turned


@lru_cache(maxsize=8)
def _network(path: Path, thread: int) -> cv2.dnn.Net:
    """Read the network once a thread: two threads must not run one object."""
    return read_network(path)


def _extract_file(extractor: PoseExtractor, path: Path, threads: int) -> PoseResult:
    cv2.setNumThreads(threads)
    try:
        return extractor.extract(read_photo(path))
    except DataError as error:
        return PoseResult(np.zeros((NUM_KEYPOINTS, 3), np.float32), 0, str(error))


def _prominence(pose: Float[np.ndarray, "18 3"]) -> float:
    present = pose[pose[:, 2] > 0]
    return float(present[:, 2].sum() * np.linalg.norm(np.ptp(present[:, :2], axis=0)))
