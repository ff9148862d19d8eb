"""VITON and VITON-HD: one photo a person, so the pose to take is the one they have (source = target).

- ``viton``: ``{train,test}/{image,cloth,cloth-mask,image-parse,pose}``, ``train_pairs.txt``, ``test_pairs.txt``;
  photo ``000001_0.jpg`` wears ``000001_1.jpg``
- ``viton_hd``: ``{train,test}/{image,cloth,cloth-mask,image-parse-v3,openpose_json}``; a photo wears the garment of
  the same name

A list row is ``person cloth``. A row whose garment is not the worn one has no photo to compare with.
"""

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from spg_vton.errors import DataError
from spg_vton.labels import LabelSet
from spg_vton.sources.listing import SPLITS, Files, Listing, Rejected, Row, read_text, without_duplicates
from spg_vton.sources.mpv_layouts import POSE_SUFFIX
from spg_vton.sources.places import Places

_PARSES = ("image-parse-v3", "image-parse", "image-parse-new")
_POSES = ("openpose_json", "openpose-json", "pose")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class VitonSource:
    """How to read a VITON or VITON-HD folder."""

    format: Literal["viton"] = "viton"
    name: str = "viton_hd"  # written into the manifest
    test_rows: Literal["listed", "worn", "both"] = "both"  # the list's, each person in the own garment, or both
    label_set: LabelSet = "lip20"

    def listing(self, root: Path) -> Listing:
        """Read both splits' lists.

        Raises:
            DataError: no list is there.
        """
        rejected: list[Rejected] = []
        rows: list[tuple[str, Row]] = []
        read = 0
        lists = [(split, path) for split in SPLITS if (path := _list(root, split))]
        if not lists:
            raise DataError(f"{root.name}: expected `train_pairs.txt` or `test_pairs.txt` (person cloth), found none.")
        for split, path in lists:
            pairs, lines = _read(path, rejected)
            read += lines
            rows += self._rows(split, pairs)
        kept = without_duplicates(rows, rejected)
        places = Places(root)
        persons = {row.source: _person(places, row.source) for row in kept}
        cloths = {row.cloth: _cloth(places, row.cloth) for row in kept}
        return Listing(
            name=", ".join(path.name for _, path in lists),
            layout="viton",
            lines=read,
            rows=kept,
            persons=persons,
            poses={},
            cloths=cloths,
            groups={name: _product(name) for name in (*persons, *cloths)},
            rejected=rejected,
        )

    def _rows(self, split: str, pairs: list[tuple[str, str, str]]) -> list[tuple[str, Row]]:
        rows = []
        if split == "train" or self.test_rows != "worn":
            rows += [(where, _row(split, person, cloth)) for where, person, cloth in pairs]
        if split == "test" and self.test_rows != "listed":
            listed = {row.triple_id for _, row in rows}
            worn = [(where, _row(split, person, _worn(person))) for where, person, _ in pairs]
            rows += [(where, row) for where, row in worn if row.triple_id not in listed]
        return rows


def _list(root: Path, split: str) -> Path | None:
    names = (root / f"{split}_pairs.txt", root / split / f"{split}_pairs.txt")
    return next((path for path in names if path.is_file()), None)


def _read(path: Path, rejected: list[Rejected]) -> tuple[list[tuple[str, str, str]], int]:
    """(list:line, person, cloth) of each good line, and how many lines there are."""
    pairs, lines = [], 0
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        lines += 1
        cells = line.split()
        if len(cells) != 2:
            detail = f"expected `person cloth`, got {len(cells)} columns."
            rejected.append(Rejected(f"{path.name}:{number}", "column_count", detail))
        else:
            pairs.append((f"{path.name}:{number}", cells[0], cells[1]))
    return pairs, lines


def _row(split: str, person: str, cloth: str) -> Row:
    who, what = f"{split}/image/{person}", f"{split}/cloth/{cloth}"
    paired = cloth == _worn(person)
    return Row(source=who, target=who if paired else None, pose=who, cloth=what, split=split, paired=paired)


def _worn(person: str) -> str:
    """The garment that a photo shows worn."""
    stem, _, suffix = person.rpartition(".")
    return f"{stem[:-2]}_1.{suffix}" if stem.endswith("_0") else person


def _person(places: Places, name: str) -> Files:
    split, _, file = name.split("/", 2)
    stem = file.rpartition(".")[0]
    return Files(
        photo=places.find((f"{split}/image",), (file,)),
        expected=name,
        parse=places.find([f"{split}/{folder}" for folder in _PARSES], (f"{stem}.png",)),
        keypoints=places.find([f"{split}/{folder}" for folder in _POSES], (f"{stem}{POSE_SUFFIX}", f"{stem}.json")),
    )


def _cloth(places: Places, name: str) -> Files:
    split, _, file = name.split("/", 2)
    stem = file.rpartition(".")[0]
    mask = places.find((f"{split}/cloth-mask",), (file, f"{stem}.png", f"{stem}.jpg", f"{stem}_mask.png"))
    return Files(photo=places.find((f"{split}/cloth",), (file,)), expected=name, mask=mask)


def _product(name: str) -> str:
    """A photo and the garment it shows belong together: their number, whatever the split's folder."""
    stem = name.rpartition("/")[2].rpartition(".")[0]
    return stem.rpartition("_")[0] or stem
