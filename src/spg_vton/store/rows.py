"""The rows of the picture tables: files read, fitted into the stored size, one dict a row."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spg_vton.errors import DataError
from spg_vton.sources.manifest import Manifest
from spg_vton.sources.pictures import read_labels, read_mask, read_photo
from spg_vton.store.fit import Fit
from spg_vton.store.index import PoseKey

StoredRow = dict[str, Any]


class RowReader:
    """Reads and fits what a row needs.

    Raises:
        DataError: a file that was found whole at ingestion cannot be read now, or a plane is not its photo's size.
    """

    def __init__(self, manifest: Manifest, root: Path, frame: tuple[int, int]) -> None:
        self.root, self.frame = root, frame
        self.photos = _column(manifest.images, "path")
        self.parses = _column(manifest.parses, "path")
        self.label_sets = _column(manifest.parses, "label_set")
        self.masks = _column(manifest.cloth_masks, "path")
        self.keypoints = manifest.poses()

    def person(self, image_id: str) -> StoredRow:
        """Read a person photo and its label map."""
        photo = read_photo(self.root / self.photos[image_id])
        path = self.root / self.parses[image_id]
        labels = read_labels(path, self.label_sets[image_id])
        _check_size(path, labels, photo)
        fit = Fit.of(photo.shape[:2], self.frame)
        return {"image_id": image_id, "image": fit.photo(photo), "labels": fit.labels(labels)}

    def cloth(self, image_id: str) -> StoredRow:
        """Read an in-shop photo and its mask, computed where there is none."""
        photo = read_photo(self.root / self.photos[image_id])
        if image_id in self.masks:
            path = self.root / self.masks[image_id]
            mask = read_mask(path)
            _check_size(path, mask, photo)
        else:
            from spg_vton.annotators.garment_mask import garment_mask

            mask = garment_mask(photo)
        fit = Fit.of(photo.shape[:2], self.frame)
        return {"image_id": image_id, "image": fit.photo(photo), "mask": fit.mask(mask)}

    def pose(self, key: PoseKey) -> StoredRow:
        """Fit a pose from the frame it is counted in."""
        image_id, height, width = key
        return {"image_id": image_id, "keypoints": Fit.of((height, width), self.frame).pose(self.keypoints[image_id])}


def _check_size(path: Path, plane: np.ndarray, photo: np.ndarray) -> None:
    if plane.shape != photo.shape[:2]:
        raise DataError(
            f"{path.name}: expected the photo's size {photo.shape[1]}×{photo.shape[0]}, got "
            f"{plane.shape[1]}×{plane.shape[0]}. Ingest and annotate again."
        )


def _column(frame: pd.DataFrame, name: str) -> dict[str, str]:
    return dict(zip(frame["image_id"], frame[name], strict=True))
