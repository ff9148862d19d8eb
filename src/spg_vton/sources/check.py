"""Checking one picture and its side files: decoded once, hashed in the same read, compared with each other.

A bad photo makes the picture unusable. A bad side file is rejected and counts as missing, so annotation can
make it anew.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from spg_vton.errors import DataError
from spg_vton.keypoints import read_openpose
from spg_vton.sources.listing import Files, Rejected
from spg_vton.sources.pictures import BadFile, check_size, decode_photo, is_palette, read_labels, read_mask

Kind = Literal["person", "cloth"]


@dataclass
class Checked:
    """What is left of one picture."""

    image_id: str
    image: dict[str, Any] | None = None  # a row of images, less its source
    parse: str | None = None  # paths relative to the root
    mask: str | None = None
    keypoints: list[float] | None = None
    palette: bool = False  # the label map is a P-mode file, read by index
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class Checker:
    """Checks pictures of one source under one root."""

    root: Path
    label_set: str

    def person(self, item: tuple[str, Files]) -> Checked:
        """Check a person's photo, label map and keypoints."""
        name, files = item
        checked, size = self._photo(name, files, "person")
        if size is not None and files.parse is not None:
            self._attempt(checked, files.parse, lambda path: self._parse(checked, path, size))
        self._pose(checked, files)
        return checked

    def pose(self, item: tuple[str, Files]) -> Checked:
        """Check a target pose that needs no photo; where there is one it is kept as a person's."""
        name, files = item
        if files.photo is not None:
            return self.person(item)
        checked = Checked(name)
        self._pose(checked, files)
        if files.keypoints is None and files.pose is None:
            detail = "neither the target's photo nor its keypoint file is there."
            checked.rejected.append(Rejected(files.expected, "absent_file", detail))
        return checked

    def cloth(self, item: tuple[str, Files]) -> Checked:
        """Check an in-shop photo and its mask."""
        name, files = item
        checked, size = self._photo(name, files, "cloth")
        if size is not None and files.mask is not None:
            self._attempt(checked, files.mask, lambda path: self._mask(checked, path, size))
        return checked

    def _photo(self, name: str, files: Files, kind: Kind) -> tuple[Checked, tuple[int, int] | None]:
        checked = Checked(name)
        if files.photo is None:
            detail = f"the list names this {kind} photo and it is not there."
            checked.rejected.append(Rejected(files.expected, "absent_file", detail))
            return checked, None
        if self._outside(checked, files.photo):
            return checked, None
        try:
            pixels, sha256 = decode_photo(files.photo)
        except BadFile as error:
            checked.rejected.append(Rejected(self._name(files.photo), error.code, error.detail))
            return checked, None
        height, width = pixels.shape[:2]
        size = {"width": width, "height": height}
        checked.image = {"image_id": name, "path": self._name(files.photo), "kind": kind, **size, "sha256": sha256}
        return checked, (height, width)

    def _parse(self, checked: Checked, path: Path, size: tuple[int, int]) -> None:
        check_size(path, read_labels(path, self.label_set), size)
        checked.parse, checked.palette = self._name(path), is_palette(path)

    def _mask(self, checked: Checked, path: Path, size: tuple[int, int]) -> None:
        check_size(path, read_mask(path), size)
        checked.mask = self._name(path)

    def _pose(self, checked: Checked, files: Files) -> None:
        if files.pose is not None:
            checked.keypoints = list(files.pose)
        if files.keypoints is None or self._outside(checked, files.keypoints):
            return
        try:
            checked.keypoints = read_openpose(files.keypoints).reshape(-1).tolist()
        except (DataError, ValueError, TypeError, AttributeError) as error:
            code = "no_person_in_keypoints" if _nobody(files.keypoints) else "broken_keypoints"
            detail = str(error).removeprefix(f"{files.keypoints}: ")
            checked.rejected.append(Rejected(self._name(files.keypoints), code, detail))

    def _attempt(self, checked: Checked, path: Path, read: Callable[[Path], None]) -> None:
        if self._outside(checked, path):
            return
        try:
            read(path)
        except BadFile as error:
            checked.rejected.append(Rejected(self._name(path), error.code, error.detail))

    def _outside(self, checked: Checked, path: Path) -> bool:
        """Reject a link that leads out of the root: a data set cannot show what lies elsewhere on the machine."""
        if path.resolve().is_relative_to(self._real_root):
            return False
        detail = "the file is a link to a place outside the data root. Copy it in, or choose a root above both."
        checked.rejected.append(Rejected(self._name(path), "outside_root", detail))
        return True

    @cached_property
    def _real_root(self) -> Path:
        return self.root.resolve()

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _nobody(path: Path) -> bool:
    """Say whether a file is OpenPose JSON that saw nobody."""
    try:
        return json.loads(path.read_text()).get("people") == []
    except (OSError, ValueError, AttributeError):
        return False
