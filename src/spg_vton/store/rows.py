"""The rows of the picture tables: pictures fitted into the stored size, one dict a row."""

from pathlib import Path
from typing import Any

from spg_vton.sources.fit import Fit
from spg_vton.sources.manifest import Manifest
from spg_vton.sources.reading import Reader
from spg_vton.store.index import PoseKey

StoredRow = dict[str, Any]


class RowReader:
    """Reads and fits what a row needs; raises as `Reader` does."""

    def __init__(self, manifest: Manifest, root: Path, frame: tuple[int, int]) -> None:
        self._reader, self._frame = Reader(manifest, root), frame

    def person(self, image_id: str) -> StoredRow:
        """Read a person photo and its label map."""
        person = self._reader.person(image_id)
        fit = Fit.of(person.photo.shape[:2], self._frame)
        return {"image_id": image_id, "image": fit.photo(person.photo), "labels": fit.labels(person.labels)}

    def cloth(self, image_id: str) -> StoredRow:
        """Read an in-shop photo and its mask."""
        cloth = self._reader.cloth(image_id)
        fit = Fit.of(cloth.photo.shape[:2], self._frame)
        return {"image_id": image_id, "image": fit.photo(cloth.photo), "mask": fit.mask(cloth.mask)}

    def pose(self, key: PoseKey) -> StoredRow:
        """Fit a pose from the frame it is counted in."""
        image_id, height, width = key
        fit = Fit.of((height, width), self._frame)
        return {"image_id": image_id, "keypoints": fit.pose(self._reader.poses[image_id])}
