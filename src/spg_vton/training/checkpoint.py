"""The resumable state of a training stage, and the fingerprint that says what it belongs to.

The state lies in ``<folder>/<stage>-<fingerprint>/state.pt``: another configuration, data set or start has another
folder, so nothing is ever resumed under other settings. Files are written aside and renamed.
"""

import hashlib
import json
import os
import zipfile
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from spg_vton.errors import CheckpointError

_FILE = "state.pt"
_DECISIVE = ("config", "geometry", "keypoints", "labels", "losses", "models", "store", "training", "types", "weights")


def fingerprint(*parts: object) -> str:
    """A short hash of JSON-like values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def weights_fingerprint(weights: dict[str, torch.Tensor]) -> str:
    """A hash over names and contents of ``weights``."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(weights[name].detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


@cache
def code_fingerprint() -> str:
    """A hash over the sources that decide what a training gives: changed code never takes up old states."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for part in _DECISIVE:
        for path in sorted((root / part).rglob("*.py") if (root / part).is_dir() else [root / f"{part}.py"]):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


class StateFile:
    """Where a stage keeps its resumable state."""

    def __init__(self, folder: Path, stage: str, key: str) -> None:
        self.path = folder / f"{stage}-{key}" / _FILE

    def save(self, state: dict[str, Any]) -> None:
        """Write ``state`` (tensors and plain values) aside, then rename."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        aside = self.path.with_suffix(f".{os.getpid()}.tmp")
        try:
            torch.save(state, aside)
            aside.replace(self.path)
        except OSError as error:
            raise CheckpointError(
                f"{self.path}: the training state could not be written ({error}). The earlier one is intact; free "
                "disk space or name another folder, then run again."
            ) from error
        finally:
            aside.unlink(missing_ok=True)

    def load(self) -> dict[str, Any] | None:
        """The state, or None where there is none yet.

        Raises:
            CheckpointError: the file is damaged.
        """
        if not self.path.is_file():
            return None
        try:
            return torch.load(self.path, map_location="cpu", weights_only=True)
        except (OSError, EOFError, RuntimeError, UnpicklingError, zipfile.BadZipFile) as error:
            raise CheckpointError(
                f"{self.path}: expected a training state, got a damaged file ({error}). Delete it to start the stage "
                "from its beginning."
            ) from error
