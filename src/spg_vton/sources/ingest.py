"""Ingestion: any source → a manifest of what is usable, and a report of what is not and why.

Nothing is copied: the manifest points at the files in place.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spg_vton.errors import DataError
from spg_vton.sources.check import Checked, Checker
from spg_vton.sources.listing import Files, Listing, Rejected, Row, Source, count_swapped
from spg_vton.sources.manifest import Manifest
from spg_vton.sources.parallel import map_all
from spg_vton.sources.rows import Pictures, usable_rows, without_leaks


@dataclass(frozen=True)
class IngestionResult:
    """The manifest and its report (plain values, ready for JSON)."""

    manifest: Manifest
    report: dict[str, Any]


class IngestionError(DataError):
    """Nothing usable is left; ``report`` says what was found, so it can be written before stopping."""

    def __init__(self, message: str, report: dict[str, Any]) -> None:
        super().__init__(message)
        self.report = report


def ingest(config: Source, root: Path, workers: int = 1) -> IngestionResult:
    """Read a source's list, check every file it names, and build the manifest.

    Args:
        config: a source's config, such as `MpvSource`.
        root: the data root.
        workers: threads that decode.

    Raises:
        DataError: the list cannot be found.
        IngestionError: no triple is left; it carries the report.
    """
    listing = config.listing(root)
    rows, leaks = without_leaks(listing, root)
    pictures = _check(listing, Checker(root, config.label_set), workers)
    usable, dropped = usable_rows(rows, pictures)
    bad_files = [entry for picture in pictures.all() for entry in picture.rejected]
    rejected = [*listing.rejected, *leaks.rejected, *bad_files]
    bad_rows = Counter({**Counter(entry.reason for entry in listing.rejected), "leak": leaks.rows, **dropped})
    report = {
        "source": config.name,
        "layout": listing.layout,
        "root": root.name,
        "list": listing.name,
        "rows": {
            "read": listing.lines,
            "kept": len(usable),
            "dropped": dict(+bad_rows),  # + drops the zeros
        },
        "triples": dict(Counter(f"{row.split}_{_pairing(row)}" for row in usable)),
        "images": dict(Counter(_kind(picture) for picture in pictures.all() if picture.image)),
        "rejected_by_reason": dict(Counter(entry.reason for entry in rejected)),
        "warnings": {"swapped_pairs": count_swapped(rows), **leaks.counts, **_gaps(pictures)},
        "rejected": [asdict(entry) for entry in rejected],
    }
    if not usable:
        raise IngestionError(_nothing_left(report, rejected), report)
    return IngestionResult(_manifest(config, usable, pictures), report)


def _check(listing: Listing, checker: Checker, workers: int) -> Pictures:
    def run(check: Callable[[tuple[str, Files]], Checked], files: dict[str, Files], title: str) -> dict[str, Checked]:
        there = [item for item in files.items() if item[1].photo]  # only these cost time
        checked = {picture.image_id: picture for picture in map_all(check, there, workers, title)}
        return {name: checked.get(name) or check((name, place)) for name, place in files.items()}

    return Pictures(
        persons=run(checker.person, listing.persons, "checking persons"),
        poses=run(checker.pose, listing.poses, "checking target poses"),
        cloths=run(checker.cloth, listing.cloths, "checking garments"),
    )


def _manifest(config: Source, rows: list[Row], pictures: Pictures) -> Manifest:
    """Build the tables, with the pictures that the kept rows use and no others."""
    kept = pictures.used_by(rows)
    labels = {"label_set": config.label_set}
    return Manifest.from_rows(
        images=[{**picture.image, "source": config.name} for picture in kept if picture.image],
        triples=[_triple(row) for row in rows],
        keypoints=[{"image_id": p.image_id, "keypoints": p.keypoints} for p in kept if p.keypoints],
        parses=[{"image_id": p.image_id, "path": p.parse, **labels} for p in kept if p.parse],
        cloth_masks=[{"image_id": p.image_id, "path": p.mask} for p in kept if p.mask],
        unpaired_truth=[
            {"triple_id": row.triple_id, "cloth_id": row.cloth, "image_id": row.truth} for row in rows if row.truth
        ],
    )


def _triple(row: Row) -> dict[str, object]:
    return {
        "triple_id": row.triple_id,
        "source_id": row.source,
        "target_id": row.target,
        "target_pose_id": row.pose,
        "cloth_id": row.cloth,
        "split": row.split,
        "paired": row.paired,
    }


def _gaps(pictures: Pictures) -> dict[str, int]:
    """Count what annotation will have to make; palette label maps are read by index and worth knowing."""
    persons = [picture for picture in (*pictures.persons.values(), *pictures.poses.values()) if picture.image]
    cloths = [picture for picture in pictures.cloths.values() if picture.image]
    return {
        "missing_parses": sum(picture.parse is None for picture in persons),
        "missing_keypoints": sum(picture.keypoints is None for picture in persons),
        "missing_cloth_masks": sum(picture.mask is None for picture in cloths),
        "palette_parses": sum(picture.palette for picture in persons),
    }


def _kind(picture: Checked) -> str:
    return str(picture.image["kind"]) if picture.image else ""


def _pairing(row: Row) -> str:
    return "paired" if row.paired else "unpaired"


def _nothing_left(report: dict[str, Any], rejected: list[Rejected]) -> str:
    names = ", ".join(entry.file for entry in rejected[:3])
    return (
        f"{report['list']}: expected at least one usable triple, none of {report['rows']['read']} rows is. "
        f"Rows dropped: {report['rows']['dropped']}. Files rejected: {report['rejected_by_reason']}, such as {names}. "
        f"Put the photos under {report['root']}/ in the arrangement `{report['layout']}`, or choose another `layout` "
        "or `pairs_file`; the ingestion report lists every file."
    )
