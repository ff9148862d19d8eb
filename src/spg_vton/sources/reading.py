"""Reading a manifest's pictures by image id: a photo with the plane that belongs to it, of one size."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Bool, UInt8

from spg_vton.errors import DataError
from spg_vton.sources.manifest import Manifest
from spg_vton.sources.pictures import check_size, decode_mask, read_labels, read_mask, read_photo


@dataclass(frozen=True)
class Person:
    """A person photo and its label map."""

    photo: UInt8[np.ndarray, "H W 3"]
    labels: UInt8[np.ndarray, "H W"]


@dataclass(frozen=True)
class Cloth:
    """An in-shop photo and where the garment is in it."""

    photo: UInt8[np.ndarray, "H W 3"]
    mask: Bool[np.ndarray, "H W"]


class Reader:
    """Reads what a manifest names; ``poses`` are its keypoints, (18, 3) by image id.

    Raises:
        DataError: a file that was found whole at ingestion cannot be read now, or a plane is not its photo's size.
    """

    def __init__(self, manifest: Manifest, root: Path) -> None:
        self._root = root
        self._photos = _column(manifest.images, "path")
        self._parses = _column(manifest.parses, "path")
        self._label_sets = _column(manifest.parses, "label_set")
        self._given_masks = _column(manifest.cloth_masks, "path")
        self._made_masks = dict(zip(manifest.made_masks["image_id"], manifest.made_masks["png"], strict=True))
        self.poses = manifest.poses()

    def person(self, image_id: str) -> Person:
        """Read a person photo and its label map."""
        photo, path = self._photo(image_id), self._root / self._parses[image_id]
        labels = read_labels(path, self._label_sets[image_id])
        check_size(path, labels, photo.shape[:2])
        return Person(photo, labels)

    def cloth(self, image_id: str) -> Cloth:
        """Read an in-shop photo and its mask, the given one before a made one."""
        photo = self._photo(image_id)
        if image_id not in self._given_masks:
            return Cloth(photo, self._made_mask(image_id, photo.shape[:2]))
        path = self._root / self._given_masks[image_id]
        mask = read_mask(path)
        check_size(path, mask, photo.shape[:2])
        return Cloth(photo, mask)

    def _photo(self, image_id: str) -> UInt8[np.ndarray, "H W 3"]:
        return read_photo(self._root / self._photos[image_id])

    def _made_mask(self, image_id: str, size: tuple[int, int]) -> Bool[np.ndarray, "H W"]:
        mask = decode_mask(self._made_masks[image_id])
        if mask.shape != size:
            raise DataError(
                f"{self._photos[image_id]}: its mask was made for a photo of {mask.shape[1]}×{mask.shape[0]}, "
                f"the photo is {size[1]}×{size[0]} now. Ingest and annotate again."
            )
        return mask


def _column(frame: pd.DataFrame, name: str) -> dict[str, str]:
    return dict(zip(frame["image_id"], frame[name], strict=True))
