"""What a stage has behind it, taken up from its folder and written back to it."""

import time
from typing import Any

from spg_vton.config import TrainingConfig
from spg_vton.errors import CheckpointError
from spg_vton.training.checkpoint import StateFolder
from spg_vton.training.trainer import Trainer, Weights


class Record:
    """Steps, curve and time of a stage. Of several processes only the first writes.

    Args:
        folder: its states.
        trainer: takes up the newest state, if there is one.
        config: how often to write.

    Raises:
        CheckpointError: the newest state is damaged or belongs elsewhere.
    """

    def __init__(self, folder: StateFolder, trainer: Trainer, config: TrainingConfig) -> None:
        self._folder, self._trainer, self._config = folder, trainer, config
        saved: dict[str, Any] = folder.load() or {"step": 0, "seconds": 0.0, "curve": []}
        best = folder.load_best() if saved["step"] else None
        self.step: int = saved["step"]
        self.curve: list[dict[str, float]] = saved["curve"]
        self._best = best["value"] if best else float("inf")
        self._before: float = saved["seconds"]
        self._start = self._saved = time.monotonic()
        if self.step:
            trainer.restore(saved)

    @property
    def name(self) -> str:
        """Stage and fingerprint."""
        return self._folder.path.name

    @property
    def seconds(self) -> float:
        """Training time so far, earlier runs included."""
        return self._before + time.monotonic() - self._start

    def is_due(self, step: int) -> bool:
        """Whether the state after ``step`` should be written."""
        every = self._config.checkpoint_steps
        waited = time.monotonic() - self._saved > self._config.checkpoint_seconds
        return waited or bool(every and step % every == 0)

    def save(self) -> None:
        """Write the state."""
        if self._trainer.fabric.is_global_zero:
            state = self._trainer.state() | {"step": self.step, "seconds": self.seconds, "curve": self.curve}
            self._folder.save(self.step, state)
        self._saved = time.monotonic()

    def judge(self, value: float) -> None:
        """Keep the weights if ``value`` is the smallest so far."""
        if value < self._best:
            self._best = value
            if self._trainer.fabric.is_global_zero:
                self._folder.save_best({"value": value, "step": self.step, "weights": self._trainer.weights()})

    def result(self, judged: bool) -> Weights:
        """The best weights where they were ``judged``, else the last.

        Raises:
            CheckpointError: the best ones are gone.
        """
        if not judged:
            return self._trainer.weights()
        self._trainer.fabric.barrier()
        best = self._folder.load_best()
        if best is None:
            raise CheckpointError(
                f"{self._folder.path}: expected best.pt, found none. Delete the folder and train again."
            )
        return dict(best["weights"])
