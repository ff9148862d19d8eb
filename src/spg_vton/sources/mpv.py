"""MPV, the data set of the paper, in the three arrangements that circulate.

- ``a``: ``lip_mpv_dataset/all_poseA_poseB_clothes.txt`` beside ``MPV_192_256/<SKU>/…``; our renderer writes this one
  and adds the side folders of ``b``, ``all_cloth_mask`` and ``unpaired_truth.txt``
- ``b``: ``all_poseA_poseB_clothes_0607.txt``, ``all/<SKU>/…``, ``all_parsing``, ``all_person_clothes_keypoints``
- ``detailed``: ``images``, ``cloth_image``, ``cloth_mask``, ``parse_cihp``, ``pose_coco``, nested or flat

An image id is the photo's name in the list without its extension. A row's second column may be a keypoint file: a
try-on request, whose target photo does not exist.
"""

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from spg_vton.errors import DataError
from spg_vton.labels import LabelSet
from spg_vton.sources.listing import Files, Listing, Rejected, Row, read_columns, without_duplicates
from spg_vton.sources.mpv_layouts import LAYOUTS, Finder, Layout, image_id, product


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class MpvSource:
    """How to read an MPV folder."""

    format: Literal["mpv"] = "mpv"
    name: str = "mpv"  # written into the manifest
    layout: Literal["auto", "a", "b", "detailed"] = "auto"  # auto: by the folders that are there
    pairs_file: str | None = Field(default=None, min_length=1)  # relative to the root; None: the layout's own list
    truth_file: str = "unpaired_truth.txt"  # poseA, poseB, other clothes, truth photo, split; may be absent
    label_set: LabelSet = "cihp20"  # numbering of the label maps
    pair_across_products: bool = False  # call a row paired even where its cloth is of another product than its photos

    def listing(self, root: Path) -> Listing:
        """Read the list and find every file it names.

        Raises:
            DataError: the root, the layout or the list cannot be found.
        """
        layout = _layout(self.layout, root)
        path = _list_path(layout, self.pairs_file, root)
        rejected: list[Rejected] = []
        entries = [_Entry(where, *cells) for where, cells in read_columns(path, 4, rejected)]
        truths = next(
            (place / self.truth_file for place in (root, path.parent) if (place / self.truth_file).is_file()), None
        )
        for where, (source, pose, cloth, truth, split) in read_columns(truths, 5, rejected) if truths else ():
            entries.append(_Entry(where, source, pose, cloth, split, truth))
        rows = [(entry.where, entry.row(self.pair_across_products)) for entry in entries]
        lines = len(entries) + len(rejected)
        kept = without_duplicates(rows, rejected)
        persons, poses, cloths = _files(entries, kept, Finder(root, layout))
        return Listing(
            name=path.name,
            layout=layout.name,
            lines=lines,
            rows=kept,
            persons=persons,
            poses=poses,
            cloths=cloths,
            groups={name: product(files.expected) for name, files in (*persons.items(), *cloths.items())},
            rejected=rejected,
        )


@dataclass(frozen=True)
class _Entry:
    """A list row as it is written."""

    where: str  # list:line
    source: str
    pose: str
    cloth: str
    split: str
    truth: str | None = None

    def row(self, pair_across_products: bool) -> Row:
        """Name the row's pictures; without a truth file, a target photo that wears another product is only a pose."""
        same = product(self.source) == product(self.pose) == product(self.cloth)
        paired = self.truth is None and not self.pose.endswith(".json") and (same or pair_across_products)
        return Row(
            source=image_id(self.source),
            target=image_id(self.pose) if paired else None,
            pose=image_id(self.pose),
            cloth=image_id(self.cloth),
            split=self.split,
            paired=paired,
            truth=None if self.truth is None else image_id(self.truth),
        )


def _files(
    entries: list[_Entry], rows: list[Row], finder: Finder
) -> tuple[dict[str, Files], dict[str, Files], dict[str, Files]]:
    """Find persons, poses that are no person of any row, and cloths, by image id."""
    needed = {image for row in rows for image in row.persons}
    persons: dict[str, Files] = {}
    poses: dict[str, Files] = {}
    cloths: dict[str, Files] = {}
    for entry in entries:
        for name in (entry.source, entry.pose, entry.truth):
            if name is None:
                continue
            place = persons if image_id(name) in needed else poses
            if image_id(name) not in place:
                place[image_id(name)] = finder.person(name, entry.split)
        if image_id(entry.cloth) not in cloths:
            cloths[image_id(entry.cloth)] = finder.cloth(entry.cloth, entry.split)
    return persons, poses, cloths


def _layout(wanted: str, root: Path) -> Layout:
    if not root.is_dir():
        raise DataError(f"{root}: expected a folder with MPV data, found none. Check the path in the catalog.")
    if wanted != "auto":
        return LAYOUTS[wanted]
    found = [layout for layout in LAYOUTS.values() if any((root / mark).exists() for mark in layout.marks)]
    if not found:
        marks = "; ".join(f"{layout.name}: {' or '.join(layout.marks)}" for layout in LAYOUTS.values())
        raise DataError(
            f"{root.name}: no MPV arrangement recognised. Expected one of — {marks}. Set `layout` if renamed."
        )
    return found[0]


def _list_path(layout: Layout, pairs_file: str | None, root: Path) -> Path:
    names = layout.lists if pairs_file is None else (pairs_file,)
    path = next((root / name for name in names if (root / name).is_file()), None)
    if path is None:
        raise DataError(
            f"{root.name}: expected a list {' or '.join(names)} (poseA, poseB, clothes, split), found none. "
            "Put it there or name it in `pairs_file`."
        )
    return path
