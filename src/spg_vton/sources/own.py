"""A plain folder of one's own photos, to try garments on; nothing but photos is needed::

    persons/   anna.jpg …                 garments/ or clothes/   shirt.jpg …
    poses/     walk.jpg, wave.json …      photos or keypoint files to take poses from; none: each keeps the own pose
    pairs.csv  person,cloth[,pose]        none: every person in every garment and pose

Side files, where there are some: ``keypoints/<name>_keypoints.json``, ``parses/<name>.png``,
``cloth_masks/<name>.png``. What is missing is made by annotation.
"""

import csv
from itertools import product
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from spg_vton.errors import DataError
from spg_vton.labels import LabelSet
from spg_vton.sources.listing import Files, Listing, Rejected, Row, read_text, without_duplicates
from spg_vton.sources.mpv_layouts import PHOTO_SUFFIXES, POSE_SUFFIX, image_id
from spg_vton.sources.places import Places

_CLOTHES = ("clothes", "garments")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class OwnSource:
    """How to read a folder of one's own photos."""

    format: Literal["own"] = "own"
    name: str = "own"  # written into the manifest
    pairs_file: str = "pairs.csv"  # relative to the root; may be absent
    most: int = Field(default=1000, ge=1)  # rows at most where every person meets every garment
    label_set: LabelSet = "cihp20"

    def listing(self, root: Path) -> Listing:
        """Pair persons, garments and poses.

        Raises:
            DataError: persons or garments are missing.
        """
        places = Places(root)
        persons = _photos(places, ("persons",), "person photos")
        cloths = _photos(places, _CLOTHES, "in-shop photos")
        poses = {f"poses/{image_id(name)}": name for name in sorted(places.inside("poses")) if _is_pose(name)}
        rejected: list[Rejected] = []
        if (root / self.pairs_file).is_file():
            rows, lines = _read(root / self.pairs_file, {**persons, **cloths, **poses}, rejected)
        else:
            every = product(persons, cloths, poses or [None])
            triples = [(person, cloth, pose or person) for person, cloth, pose in every]
            rows, lines = [("all", _row(*triple)) for triple in triples[: self.most]], len(triples)
        kept = without_duplicates(rows, rejected)
        return Listing(
            name=self.pairs_file if (root / self.pairs_file).is_file() else "persons × clothes",
            layout="own",
            lines=lines,
            rows=kept,
            persons={row.source: _person(places, f"persons/{persons[row.source]}") for row in kept},
            poses={name: _pose(places, poses[name]) for name in sorted({row.pose for row in kept} & poses.keys())},
            cloths={row.cloth: _cloth(places, row.cloth, cloths[row.cloth]) for row in kept},
            groups={name: name for name in (*persons, *cloths, *poses)},
            rejected=rejected,
        )


def _photos(places: Places, folders: tuple[str, ...], what: str) -> dict[str, str]:
    """Image id → file name of a folder's photos."""
    for folder in folders:
        names = sorted(name for name in places.inside(folder) if name.lower().endswith(PHOTO_SUFFIXES))
        if names:
            return {f"{folder}/{image_id(name)}": name for name in names}
    wanted = " or ".join(f"{folder}/" for folder in folders)
    raise DataError(f"{places.root.name}: expected {what} in {wanted}, found none. Put JPEG or PNG files there.")


def _is_pose(name: str) -> bool:
    return name.lower().endswith((*PHOTO_SUFFIXES, ".json"))


def _row(person: str, cloth: str, pose: str) -> Row:
    return Row(source=person, target=None, pose=pose, cloth=cloth, split="test", paired=False)


def _read(path: Path, known: dict[str, str], rejected: list[Rejected]) -> tuple[list[tuple[str, Row]], int]:
    """Rows of ``person,cloth[,pose]`` (a header is skipped), by file name with or without its ending."""
    ids: dict[tuple[str, str], str] = {}
    for name, file in known.items():
        role = name.partition("/")[0].replace("garments", "clothes")
        ids[role, file] = ids[role, image_id(file)] = name
    rows, lines = [], 0
    for number, cells in enumerate(csv.reader(read_text(path).splitlines()), start=1):
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[:2] == ["person", "cloth"]:
            continue
        lines += 1
        where = f"{path.name}:{number}"
        if len(cells) not in (2, 3):
            detail = f"expected `person,cloth` or `person,cloth,pose`, got {len(cells)} columns."
            rejected.append(Rejected(where, "column_count", detail))
            continue
        person, cloth = ids.get(("persons", cells[0])), ids.get(("clothes", cells[1]))
        pose = next((ids[role, cells[-1]] for role in ("poses", "persons") if (role, cells[-1]) in ids), None)
        pose = pose if len(cells) == 3 else person
        if person and cloth and pose:
            rows.append((where, _row(person, cloth, pose)))
        else:
            unknown = cells[[person, cloth, pose].index(None)]
            rejected.append(Rejected(where, "absent_file", f"no file `{unknown}` is there."))
    return rows, lines


def _person(places: Places, expected: str) -> Files:
    folder, _, name = expected.partition("/")
    stem = image_id(name)
    return Files(
        photo=places.find((folder,), (name,)),
        expected=expected,
        parse=places.find(("parses",), (f"{stem}.png",)),
        keypoints=places.find(("keypoints",), (f"{stem}{POSE_SUFFIX}", f"{stem}.json")),
    )


def _pose(places: Places, name: str) -> Files:
    if name.lower().endswith(".json"):
        return Files(photo=None, expected=f"poses/{name}", keypoints=places.find(("poses",), (name,)))
    return _person(places, f"poses/{name}")


def _cloth(places: Places, name: str, file: str) -> Files:
    folder, _, stem = name.partition("/")
    mask = places.find(("cloth_masks",), (f"{stem}.png", f"{stem}_mask.png"))
    return Files(photo=places.find((folder,), (file,)), expected=f"{folder}/{file}", mask=mask)
