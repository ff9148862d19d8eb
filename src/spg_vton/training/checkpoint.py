"""The resumable states of a training stage, and the fingerprint that says what they belong to.

They lie in ``<folder>/<stage>-<fingerprint>/step-<n>.pt``: another configuration, data set or start has another folder,
so nothing is ever resumed under other settings, and each file names its own, so that a moved one is refused.
``best.pt`` beside them holds the weights of the best validation.
"""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from spg_vton.errors import CheckpointError
from spg_vton.files import write_whole

_BEST = "best.pt"
_DECISIVE = (
    "config", "geometry", "keypoints", "labels", "losses", "models", "sources/mpv_layouts", "store", "training",
    "types", "weights",
)  # fmt: skip


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


@dataclass(frozen=True)
class Origin:
    """What a state belongs to: all that decides what comes out of a training."""

    stage: str
    settings: dict[str, Any]
    data: str
    start: str
    code: str

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON would give it back, so that a recorded origin compares equal."""
        return dict(json.loads(json.dumps(vars(self), sort_keys=True, default=str)))

    @property
    def fingerprint(self) -> str:
        """A short hash."""
        return hashlib.sha256(json.dumps(self.plain, sort_keys=True).encode()).hexdigest()[:16]


class StateFolder:
    """Where a stage keeps its states.

    Args:
        parent: of all stages' folders.
        origin: what the states belong to.
        keep_last: how many stay.
    """

    def __init__(self, parent: Path, origin: Origin, keep_last: int = 1) -> None:
        self.path = parent / f"{origin.stage}-{origin.fingerprint}"
        self.origin, self.keep_last = origin, keep_last

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Write the state after ``step`` (tensors and plain values), then remove the oldest beyond ``keep_last``.

        Raises:
            CheckpointError: it could not be written; the earlier ones are intact.
        """
        self._write(self.path / f"step-{step:08d}.pt", state)
        for old in self._states()[: -self.keep_last]:
            old.unlink(missing_ok=True)

    def load(self) -> dict[str, Any] | None:
        """The newest state, or None where there is none yet.

        Raises:
            CheckpointError: it is damaged, or belongs to another training.
        """
        states = self._states()
        return self._read(states[-1]) if states else None

    def save_best(self, state: dict[str, Any]) -> None:
        """Write what the best validation found."""
        self._write(self.path / _BEST, state)

    def load_best(self) -> dict[str, Any] | None:
        """What :meth:`save_best` wrote last, or None; raises as :meth:`load` does."""
        path = self.path / _BEST
        return self._read(path) if path.is_file() else None

    def _states(self) -> list[Path]:
        return sorted(self.path.glob("step-*.pt"))

    def _write(self, path: Path, state: dict[str, Any]) -> None:
        write_whole(path, lambda aside: torch.save(state | {"origin": self.origin.plain}, aside))

    def _read(self, path: Path) -> dict[str, Any]:
        state = _load(path)
        unlike = _differences(state.pop("origin", {}), self.origin.plain)
        if unlike:
            raise CheckpointError(
                f"{path}: this state was written by another training: {'; '.join(unlike[:3])}. It does not belong in "
                "this folder; remove it, or run with its own settings and data."
            )
        return state


def _load(path: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(path) as archive:  # PyTorch does not compare the checksums, so a flipped bit would pass
            bad = archive.testzip()
        if bad:
            raise zipfile.BadZipFile(f"wrong checksum of {bad}")
        return dict(torch.load(path, map_location="cpu", weights_only=True))
    except (OSError, EOFError, RuntimeError, ValueError, TypeError, UnpicklingError, zipfile.BadZipFile) as error:
        others = [other.name for other in sorted(path.parent.glob("step-*.pt")) if other != path]
        way = f"go on from {others[-1]}" if others else "start the stage from its beginning"
        raise CheckpointError(
            f"{path}: expected a training state, got a damaged file ({error}). Delete it to {way}."
        ) from error


def _differences(found: Any, expected: Any, name: str = "") -> list[str]:
    """``name: expected …, got …`` for each plain value that differs."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return [
            line
            for key in sorted(found.keys() | expected.keys())
            for line in _differences(found.get(key), expected.get(key), f"{name}.{key}" if name else key)
        ]
    return [] if found == expected else [f"{name}: expected {expected}, got {found}"]
