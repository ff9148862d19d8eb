"""The store, read: memory-mapped Arrow tables → batches of raw tensors.

Opening maps four files and reads no picture. Processes that open the same folder share its pages; a pickled store
carries only its folder and maps the files again where it lands.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from spg_vton.store.mapped import Column, open_table, read_meta
from spg_vton.types import Batch

Split = Literal["train", "test"]


class Store:
    """A packed data set. ``len(store)`` counts triples; a *row* is a row of the triples table."""

    def __init__(self, folder: Path, meta: dict[str, Any]) -> None:
        self.folder = folder
        self.meta = meta
        self._columns: dict[tuple[str, str], Column] = {}

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Map the store in ``folder``.

        Raises:
            DataError: no store there, one of another format version, or one whose files are incomplete.
        """
        folder = Path(folder)
        return cls(folder, read_meta(folder))

    @property
    def height(self) -> int:
        """Height of every stored picture, pixels."""
        return int(self.meta["height"])

    @property
    def width(self) -> int:
        """Width of every stored picture, pixels."""
        return int(self.meta["width"])

    @property
    def sha256(self) -> str:
        """The data's hash, for checkpoints and reports."""
        return str(self.meta["sha256"])

    def __len__(self) -> int:
        return int(self.meta["counts"]["triples"])

    def select(
        self,
        split: Split | None = None,
        paired: bool | None = None,
        noise: Literal["keep", "drop"] = "keep",
        truth: bool | None = None,
    ) -> Int[np.ndarray, " n"]:
        """Return the rows of a split, in stored order.

        Args:
            split: "train" or "test"; None takes both.
            paired: True for triples whose cloth the target wears, False for the others; None takes both.
            noise: "drop" leaves out the triples marked noisy.
            truth: True for triples that have a target photo to compare with, False for the others; None takes both.
        """
        chosen = np.ones(len(self), bool)
        if split is not None:
            chosen &= self._triples["split"] == split
        if paired is not None:
            chosen &= self._triples["paired"] == paired
        if noise == "drop":
            chosen &= ~self._triples["noisy"]
        if truth is not None:
            chosen &= (self._triples["target"] >= 0) == truth
        return np.flatnonzero(chosen)

    def batch(self, rows: Sequence[int] | Int[np.ndarray, " n"]) -> Batch:
        """Read the triples at ``rows`` (of the triples table), on the CPU.

        Target image and labels are None unless every triple has a target.
        """
        rows = np.asarray(rows, dtype=np.int64)
        index = {name: self._triples[name][rows] for name in ("source", "target", "source_pose", "pose", "cloth")}
        whole = bool((index["target"] >= 0).all())
        return Batch(
            source_image=self._read("persons", "image", index["source"]),
            target_image=self._read("persons", "image", index["target"]) if whole else None,
            cloth=self._read("cloths", "image", index["cloth"]),
            cloth_mask=self._read("cloths", "mask", index["cloth"])[:, None],
            source_labels=self._read("persons", "labels", index["source"]),
            target_labels=self._read("persons", "labels", index["target"]) if whole else None,
            source_keypoints=self._read("poses", "keypoints", index["source_pose"]),
            target_keypoints=self._read("poses", "keypoints", index["pose"]),
            triple_ids=tuple(str(name) for name in self._triples["triple_id"][rows]),
            noisy=torch.from_numpy(self._triples["noisy"][rows]),
        )

    def indices(self, rows: Sequence[int] | Int[np.ndarray, " n"], name: str) -> Int[np.ndarray, " n"]:
        """Return a triple column (source, target, source_pose, pose, cloth) at ``rows``."""
        return np.asarray(self._triples[name][np.asarray(rows, dtype=np.int64)])

    def __reduce__(self) -> tuple[Any, ...]:
        return Store.open, (self.folder,)

    @cached_property
    def _triples(self) -> dict[str, np.ndarray]:
        table = open_table(self.folder, "triples").read_all()
        return {name: table.column(name).to_numpy() for name in table.column_names}

    def _read(self, table: str, name: str, rows: np.ndarray) -> Tensor:
        if (table, name) not in self._columns:
            self._columns[table, name] = Column(open_table(self.folder, table), name, int(self.meta["batch_rows"]))
        return torch.from_numpy(self._columns[table, name].gather(rows))
