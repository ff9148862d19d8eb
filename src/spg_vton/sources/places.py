"""Finding files under a data root without asking the disk for each name, and never outside the root."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath


class Places:
    """The files of a root's folders, each folder read once (asking name by name takes seconds in a large list)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: dict[str, frozenset[str]] = {}

    def find(self, folders: Sequence[str], names: Sequence[str]) -> Path | None:
        """The first of ``names`` (POSIX, relative) that is in the first folder that has one; None if none is.

        A name with ``..`` or a leading ``/`` is found nowhere: a list cannot reach out of its root.
        """
        for folder in folders:
            there = self.inside(folder)
            for name in names:
                if name in there:
                    return self.root / folder / name
        return None

    def inside(self, folder: str) -> frozenset[str]:
        """Every file in ``folder``, relative to it; empty where there is no such folder."""
        if folder not in self._files:
            safe = ".." not in PurePosixPath(folder).parts
            self._files[folder] = frozenset(_walk(self.root / folder) if safe else ())
        return self._files[folder]


def _walk(folder: Path) -> Iterator[str]:
    for place, _, names in os.walk(folder, followlinks=True):
        prefix = Path(place).relative_to(folder).as_posix()
        yield from names if prefix == "." else (f"{prefix}/{name}" for name in names)
