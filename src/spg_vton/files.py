"""Writing a file so that it is there whole, or as it was before."""

import os
from collections.abc import Callable
from pathlib import Path

from spg_vton.errors import CheckpointError


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path``, bring it to the disk, and rename it.

    Raises:
        CheckpointError: it could not be written, such as on a full disk; what was at ``path`` is untouched.
    """
    aside = path.with_name(f".{path.name}.tmp")  # one name: what a kill leaves behind is overwritten by the next
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(aside)
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(path)
    except (OSError, RuntimeError) as error:  # PyTorch's own writer raises the latter on a full disk
        aside.unlink(missing_ok=True)
        raise CheckpointError(
            f"{path}: could not be written ({_first_line(error)}). What was there before is intact; free disk space or "
            "name another folder, then run again."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
