"""What a loader hands to `ingest`: the rows of a list, where each picture's files lie, and what was wrong so far.

A source is a typed config with a name, a layout, a label set and a method ``listing(root)``; everything after that
(decoding, checking, leaks, the manifest, the report) is the same for all of them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

SPLITS = ("train", "test")


@dataclass(frozen=True)
class Rejected:
    """A file or a list row that cannot be used."""

    file: str  # relative to the data root; a list row as list:line
    reason: str  # short and stable, for counting
    detail: str  # a sentence


@dataclass(frozen=True)
class Row:
    """One triple as its list names it, by image ids."""

    source: str
    target: str | None  # None: no photo of this person in this pose and this cloth
    pose: str
    cloth: str
    split: str
    paired: bool
    truth: str | None = None  # rendered sets: the photo an unpaired row should yield

    @property
    def triple_id(self) -> str:
        """The same row has the same id in every run."""
        return f"{self.source}|{self.pose}|{self.cloth}"

    @property
    def persons(self) -> tuple[str, ...]:
        """The person photos the row cannot do without."""
        return tuple(image for image in (self.source, self.target, self.truth) if image is not None)

    @property
    def shown(self) -> tuple[str, ...]:
        """The photos whose pixels are learnt from or tested on: the persons' and the garment's."""
        return (*self.persons, self.cloth)


@dataclass(frozen=True)
class Files:
    """Where a picture and its side files lie; None where there is none."""

    photo: Path | None
    expected: str  # the photo's name in the list, for messages
    parse: Path | None = None
    keypoints: Path | None = None
    mask: Path | None = None
    pose: tuple[float, ...] | None = None  # 54 values, where a list gives the keypoints itself


@dataclass(frozen=True)
class Listing:
    """A list, read."""

    name: str  # of the list file
    layout: str
    lines: int  # read, bad ones included
    rows: Sequence[Row]
    persons: dict[str, Files]
    poses: dict[str, Files]  # pose ids that are no person of any row
    cloths: dict[str, Files]
    groups: dict[str, str]  # person or cloth id → the product it shows, for the leak check
    rejected: list[Rejected] = field(default_factory=list)


class Source(Protocol):
    """What `ingest` asks of a source's config."""

    @property
    def name(self) -> str:
        """The data set's name, written into the manifest."""

    @property
    def label_set(self) -> str:
        """The numbering of its label maps, a key of ``labels.LABEL_SETS``."""

    def listing(self, root: Path) -> Listing:
        """Read the list and find the files."""


def read_text(path: Path) -> str:
    """A list's text: UTF-8, with or without a byte order mark; what is not UTF-8 is read as Windows-1252."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_columns(path: Path, columns: int, rejected: list[Rejected]) -> list[tuple[str, list[str]]]:
    """Read a tab- or space-separated list without a header; return (list:line, cells) of every good line.

    The last cell is the split. Lines with another number of cells or an unknown split are put into ``rejected``.
    """
    rows = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
        where = f"{path.name}:{number}"
        if len(cells) != columns or not all(cells):
            detail = f"expected {columns} tab-separated columns, got {len(list(filter(None, cells)))}."
            rejected.append(Rejected(where, "column_count", detail))
        elif cells[-1] not in SPLITS:
            detail = f"expected the split `train` or `test`, got `{cells[-1]}`."
            rejected.append(Rejected(where, "unknown_split", detail))
        else:
            rows.append((where, cells))
    return rows


def without_duplicates(rows: Sequence[tuple[str, Row]], rejected: list[Rejected]) -> list[Row]:
    """Keep the first of equal rows (a swapped row is another one); put the others into ``rejected``."""
    first: dict[tuple[str, str], str] = {}
    kept = []
    for where, row in rows:
        earlier = first.setdefault((row.triple_id, row.split), where)
        if earlier == where:
            kept.append(row)
        else:
            detail = f"the same triple stands in {earlier}; that one counts."
            rejected.append(Rejected(where, "duplicate_row", detail))
    return kept


def count_swapped(rows: Sequence[Row]) -> int:
    """Count the paired rows whose swapped row is there too: legitimate, and worth knowing."""
    known = Counter((row.source, row.target, row.cloth) for row in rows)
    return sum(
        (row.target, row.source, row.cloth) in known
        for row in rows
        if row.target is not None and row.target != row.source
    )
