"""DeepFashion's in-shop photos as pose-transfer projects arrange them, to be tried on in garments of MPV's test set.

The paper's protocol (section IV-A): 10,000 pairs of poses, each with a garment drawn at random from MPV's test set;
seeded here. No photo shows the result, so every row is a try-on request. One root holds both data sets::

    deepfashion/img/fashionWOMENTees_Tanksid0000404001_1front.jpg     (or beside the lists)
    deepfashion/fasion-pairs-test.csv         from,to  or  from,to,garment
    deepfashion/fasion-annotation-test.csv    name:keypoints_y:keypoints_x
    deepfashion/parse/<name>.png              label maps, where there are some
    mpv/…                                     any arrangement that ``MpvSource`` reads, or a folder of in-shop photos
"""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from spg_vton.errors import DataError
from spg_vton.keypoints import NUM_KEYPOINTS
from spg_vton.labels import LabelSet
from spg_vton.sources.garments import garment_pool
from spg_vton.sources.listing import Files, Listing, Rejected, Row, read_text, without_duplicates
from spg_vton.sources.places import Places

_PAIRS = ("fasion-pairs-test.csv", "fashion-pairs-test.csv", "fasion-pairs.csv", "fashion-pairs.csv")
_POSES = (
    "fasion-annotation-test.csv", "fashion-annotation-test.csv", "fasion-annotation.csv", "fashion-annotation.csv",
)  # fmt: skip
_PRODUCT = re.compile(r"id(\d+)_")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class DeepFashionSource:
    """How to read DeepFashion's pairs."""

    format: Literal["deepfashion"] = "deepfashion"
    name: str = "deepfashion"  # written into the manifest
    folder: str = "deepfashion"  # of the person photos, relative to the root
    garments: str = "mpv"  # of the garments, relative to the root
    pairs_file: str | None = Field(default=None, min_length=1)  # relative to ``folder``; None: by the usual names
    keypoints_file: str | None = Field(default=None, min_length=1)  # likewise
    pairs: int = Field(default=10_000, ge=1)  # at most so many, drawn by ``seed`` where the list holds more
    seed: int = Field(default=0, ge=0)  # of the pairs and of the garments
    label_set: LabelSet = "cihp20"

    def listing(self, root: Path) -> Listing:
        """Read pairs and keypoints, and give each pair a garment.

        Raises:
            DataError: a folder or a list cannot be found, or no garment is there.
        """
        folder = root / self.folder
        path = _find(folder, self.pairs_file, _PAIRS, "pairs (`from,to`)")
        rejected: list[Rejected] = []
        pairs = _read_pairs(path, rejected)
        lines = len(pairs) + len(rejected)
        rng = np.random.default_rng(self.seed)
        if len(pairs) > self.pairs:
            pairs = [pairs[index] for index in np.sort(rng.choice(len(pairs), self.pairs, replace=False))]
        given = {pair.garment for pair in pairs if pair.garment}
        cloths = garment_pool(root, self.garments, given)
        drawn = rng.integers(len(cloths), size=len(pairs))
        names = list(cloths)
        rows = [
            (pair.where, self._row(pair, pair.garment_id(self.garments) or names[index]))
            for pair, index in zip(pairs, drawn, strict=True)
        ]
        photos = {name for pair in pairs for name in (pair.source, pair.pose)}
        poses = _read_poses(_find(folder, self.keypoints_file, _POSES, "keypoints"), photos, rejected)
        kept = without_duplicates(rows, rejected)
        files = self._files(root, photos, poses)
        sources = {row.source for row in kept}
        used = {row.cloth for row in kept}
        return Listing(
            name=path.name,
            layout="deepfashion",
            lines=lines,
            rows=kept,
            persons={name: place for name, place in files.items() if name in sources},
            poses={name: place for name, place in files.items() if name not in sources},
            cloths={name: place for name, place in cloths.items() if name in used},
            groups={name: _product(name) for name in (*files, *used)},
            rejected=rejected,
        )

    def _row(self, pair: "_Pair", cloth: str) -> Row:
        source, pose = self._image_id(pair.source), self._image_id(pair.pose)
        return Row(source=source, target=None, pose=pose, cloth=cloth, split="test", paired=False)

    def _image_id(self, name: str) -> str:
        return f"{self.folder}/{Path(name).stem}"

    def _files(self, root: Path, photos: set[str], poses: dict[str, tuple[float, ...]]) -> dict[str, Files]:
        places = Places(root)
        found = {}
        for name in sorted(photos):
            stem = Path(name).stem
            found[self._image_id(name)] = Files(
                photo=places.find((f"{self.folder}/img", self.folder), (name,)),
                expected=name,
                parse=places.find((f"{self.folder}/parse",), (f"{stem}.png",)),
                pose=poses.get(name),
            )
        return found


@dataclass(frozen=True)
class _Pair:
    """A line of the pairs file."""

    where: str
    source: str
    pose: str
    garment: str = field(default="")

    def garment_id(self, folder: str) -> str:
        """The named garment's image id; empty where one is to be drawn."""
        return f"{folder}/{Path(self.garment).stem}" if self.garment else ""


def _find(folder: Path, given: str | None, usual: Sequence[str], what: str) -> Path:
    names = (given,) if given else usual
    path = next((folder / name for name in names if (folder / name).is_file()), None)
    if path is None:
        raise DataError(
            f"{folder.name}: expected a list of {what} named {' or '.join(names)}, found none. "
            "Put it there or name it in the ingestion's settings."
        )
    return path


def _read_pairs(path: Path, rejected: list[Rejected]) -> list[_Pair]:
    """Read ``from,to`` or ``from,to,garment``; the header tells which."""
    lines = list(csv.reader(read_text(path).splitlines()))
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    if header[:2] != ["from", "to"]:
        raise DataError(f"{path.name}: expected the header `from,to` or `from,to,garment`, got `{','.join(header)}`.")
    pairs = []
    for number, cells in enumerate(lines[1:], start=2):
        if not cells:
            continue
        if len(cells) != len(header) or not all(cell.strip() for cell in cells[:2]):
            detail = f"expected {len(header)} comma-separated columns, got {len(cells)}."
            rejected.append(Rejected(f"{path.name}:{number}", "column_count", detail))
            continue
        pairs.append(_Pair(f"{path.name}:{number}", *(cell.strip() for cell in cells[:3])))
    return pairs


def _read_poses(path: Path, wanted: set[str], rejected: list[Rejected]) -> dict[str, tuple[float, ...]]:
    """Read the keypoints of the wanted photos as 54 values (x, y, confidence); −1 is missing."""
    poses = {}
    for number, line in enumerate(read_text(path).splitlines()[1:], start=2):
        name, _, coordinates = line.partition(":")
        if name.strip() not in wanted:
            continue
        try:
            rows, _, columns = coordinates.partition(":")
            y, x = (np.asarray(json.loads(part), np.float64) for part in (rows, columns))
            if x.shape != (NUM_KEYPOINTS,) or y.shape != (NUM_KEYPOINTS,):
                raise ValueError(f"expected {NUM_KEYPOINTS} values of y and of x")
        except (ValueError, TypeError) as error:
            detail = f"expected `name: [y, …]: [x, …]`, got a line that does not read so ({error})."
            rejected.append(Rejected(f"{path.name}:{number}", "broken_keypoints", detail))
            continue
        seen = (x >= 0) & (y >= 0) & np.isfinite(x) & np.isfinite(y)
        pose = np.where(seen[:, None], np.stack([x, y, np.ones_like(x)], axis=1), 0.0)
        poses[name.strip()] = tuple(pose.reshape(-1).tolist())
    return poses


def _product(image_id: str) -> str:
    """The product a photo belongs to: its id in the flattened name, or the file itself for a garment."""
    found = _PRODUCT.search(image_id)
    return found.group(1) if found else image_id
