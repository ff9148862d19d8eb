"""Hashes of weight files, computed once a process for each state of a file."""

import hashlib
from functools import lru_cache
from pathlib import Path

from spg_vton.errors import WeightsError
from spg_vton.weights.registry import PretrainedFile


def sha256_of(path: Path) -> str:
    """Return the file's SHA-256; a file that has not changed since is not read again."""
    state = path.stat()
    return _digest(path.resolve(), state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(path: Path, size: int, modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_sha256(path: Path, entry: PretrainedFile) -> None:
    """Check the file against its entry.

    Raises:
        WeightsError: the hash is another.
    """
    found = sha256_of(path)
    if found != entry.sha256:
        raise WeightsError(
            f"{path}: expected the weights {entry.name} with sha256 {entry.sha256} ({entry.size} bytes), got {found} "
            f"({path.stat().st_size} bytes). Delete the file to have it fetched again, give another path, or set "
            "SPG_VTON_WEIGHTS to the folder of a good copy."
        )
