"""Which rows the store gets: the triples that are complete, and the pictures they point at."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from spg_vton.sources.manifest import Manifest

#: A pose and the size (height, width) of the photo its pixels are counted in.
PoseKey = tuple[str, int, int]


@dataclass(frozen=True)
class Index:
    """Row order of every table. ``triples`` has the columns of the stored table."""

    persons: list[str]
    cloths: list[str]
    poses: list[PoseKey]
    triples: pd.DataFrame
    left_out: dict[str, int]  # reason → triples


def build_index(manifest: Manifest, noise: pd.DataFrame) -> Index:
    """Keep the triples that have every annotation; number their pictures in the order they are first needed.

    An unpaired triple's target is its truth photo where one is known. A target pose without a photo is counted in the
    frame of the triple's source photo, as try-on lists do. A triple that ``noise`` lacks counts as clean.
    """
    truths = dict(zip(manifest.unpaired_truth["triple_id"], manifest.unpaired_truth["image_id"], strict=True))
    sizes = _sizes(manifest)
    marks = dict(zip(noise["triple_id"], zip(noise["noisy"], noise["score"], strict=True), strict=True))
    reasons = _Reasons(set(manifest.parses["image_id"]), set(manifest.keypoints["image_id"]), manifest.masked_cloths())
    persons: dict[str, int] = {}
    cloths: dict[str, int] = {}
    poses: dict[PoseKey, int] = {}
    rows: list[dict[str, Any]] = []
    for triple in _records(manifest.triples):
        target = triple.target_id if isinstance(triple.target_id, str) else truths.get(triple.triple_id)
        if not reasons.complete(triple.source_id, target, triple.target_pose_id, triple.cloth_id):
            continue
        source_pose: PoseKey = (triple.source_id, *sizes[triple.source_id])
        pose: PoseKey = (triple.target_pose_id, *sizes.get(triple.target_pose_id, sizes[triple.source_id]))
        noisy, score = marks.get(triple.triple_id, (False, 0.0))
        rows.append(
            {
                "triple_id": triple.triple_id,
                "source": _number(persons, triple.source_id),
                "target": _number(persons, target) if target else -1,
                "source_pose": _number(poses, source_pose),
                "pose": _number(poses, pose),
                "cloth": _number(cloths, triple.cloth_id),
                "split": triple.split,
                "paired": triple.paired,
                "noisy": noisy,
                "noise_score": score,
            }
        )
    return Index(list(persons), list(cloths), list(poses), pd.DataFrame(rows), dict(reasons.counts))


class _Reasons:
    """Counts why triples are left out."""

    def __init__(self, parsed: set[str], posed: set[str], masked: set[str]) -> None:
        self.parsed, self.posed, self.masked = parsed, posed, masked
        self.counts: Counter[str] = Counter()

    def complete(self, source: str, target: str | None, pose: str, cloth: str) -> bool:
        """Say whether a triple has all it needs; count the first thing it lacks."""
        checks = {
            "no_source_parse": source in self.parsed,
            "no_target_parse": target is None or target in self.parsed,
            "no_source_keypoints": source in self.posed,
            "no_target_keypoints": pose in self.posed,
            "no_garment_mask": cloth in self.masked,
        }
        missing = next((reason for reason, there in checks.items() if not there), None)
        if missing:
            self.counts[missing] += 1
        return missing is None


def _records(frame: pd.DataFrame) -> Iterator[Any]:
    return iter(frame.itertuples(index=False))


def _number(rows: dict[Any, int], key: str | PoseKey) -> int:
    return rows.setdefault(key, len(rows))


def _sizes(manifest: Manifest) -> dict[str, tuple[int, int]]:
    images = manifest.images
    return dict(zip(images["image_id"], zip(images["height"], images["width"], strict=True), strict=True))
