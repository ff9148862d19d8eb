"""The training loop, the same for every stage."""

import logging
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import numpy as np

from spg_vton.config import Experiment, StageName
from spg_vton.errors import DataError, SpgVtonError
from spg_vton.losses.objective import Objective
from spg_vton.progress import progress_bar
from spg_vton.store.dataset import Store
from spg_vton.training.checkpoint import StateFile, fingerprint, weights_fingerprint
from spg_vton.training.trainer import Trainer, Weights

logger = logging.getLogger(__name__)

OnLog = Callable[[int, dict[str, float]], None]


@dataclass(frozen=True)
class TrainedStage:
    """What a stage leaves behind."""

    weights: Weights
    """Generators as ``model.*`` and discriminators as ``discriminators.*``, on the CPU."""
    curve: list[dict[str, float]]
    """A record of every term each ``log_every`` steps."""
    seconds: float
    """Training time, resumed parts included."""
    reused: bool
    """Whether a finished training with the same inputs was found, so that nothing was trained."""


def train_stage(
    stage: StageName,
    experiment: Experiment,
    objective: Objective,
    store: Store,
    start: Weights,
    state_folder: Path,
    on_log: OnLog = lambda step, values: None,
) -> TrainedStage:
    """Train ``stage`` to its end, from its saved state where one is found.

    Args:
        stage: semantic, synthesis or joint.
        experiment: all settings.
        objective: losses of the generators.
        store: packed triples; those of the train split that have a target photo are used.
        start: weights of the stages before, by name; empty for stage 1.
        state_folder: where resumable states lie, a folder for each fingerprint.
        on_log: called with step and losses each ``log_every`` steps.

    Raises:
        DataError: no training triple, or pictures of another size than the networks'.
        KeyboardInterrupt: Ctrl-C, after the state was saved.
    """
    rows = _training_rows(experiment, store)
    key = fingerprint(experiment.stage_settings(stage), store.sha256, weights_fingerprint(start))
    file = StateFile(state_folder, stage, key)
    trainer = Trainer(stage, experiment, objective, start)
    saved = file.load() or {"step": 0, "seconds": 0.0, "curve": []}
    if saved["step"]:
        trainer.restore(saved)
    steps, done = trainer.pace.steps, int(saved["step"])
    reused = done >= steps
    if reused:
        logger.info("%s: reusing the finished training %s, whose inputs are the same.", stage, file.path.parent.name)
    elif done:
        logger.info("%s: resuming at step %d of %d.", stage, done, steps)
    curve: list[dict[str, float]] = saved["curve"]
    clock = _Clock(saved["seconds"])

    with _graceful_interrupt() as interrupted, progress_bar(f"train {stage}", steps, done) as progress:
        for step in range(done + 1, steps + 1):
            losses = trainer.run_step(store, rows, step - 1)
            due = step == steps or interrupted() or clock.since_saving() > experiment.training.checkpoint_seconds
            logged = step % experiment.training.log_every == 0 or step == steps
            if due or logged:
                values = _finite(losses.values(), stage, step)
            if logged:
                curve.append({"step": step, **values})
                on_log(step, values)
                progress.note(_summary(values))
            progress.advance()
            if due:
                file.save(trainer.state() | {"step": step, "seconds": clock.total(), "curve": curve})
                clock.saved()
            if interrupted() and step < steps:
                logger.warning("%s: stopped at step %d of %d; run again to go on.", stage, step, steps)
                raise KeyboardInterrupt
    return TrainedStage(trainer.weights(), curve, clock.total(), reused)


class _Clock:
    def __init__(self, before: float) -> None:
        self._before, self._start = before, time.monotonic()
        self._saved = self._start

    def total(self) -> float:
        return self._before + time.monotonic() - self._start

    def since_saving(self) -> float:
        return time.monotonic() - self._saved

    def saved(self) -> None:
        self._saved = time.monotonic()


def _training_rows(experiment: Experiment, store: Store) -> np.ndarray:
    if (store.height, store.width) != experiment.model.size:
        raise DataError(
            f"The networks expect {experiment.model.height}×{experiment.model.width} pictures, the store holds "
            f"{store.height}×{store.width}. Pack again at the model's size, or change the model's."
        )
    rows = store.select(split="train", truth=True, noise=experiment.training.noise)
    if not len(rows):
        raise DataError("The store holds no training triple with a target photo. See the ingestion report for why.")
    return rows


def _finite(values: dict[str, float], stage: str, step: int) -> dict[str, float]:
    bad = [name for name, value in values.items() if not math.isfinite(value)]
    if bad:
        raise SpgVtonError(
            f"{stage}, step {step}: {', '.join(bad)} became NaN or infinite. Lower the learning rate; the last good "
            "state is kept, delete it to start afresh."
        )
    return values


def _summary(values: dict[str, float]) -> str:
    shown = [name for name in ("total", "semantic_focal", "try_on_l1", "cycle_forward") if name in values]
    return "  ".join(f"{name} {values[name]:.3f}" for name in shown)


@contextmanager
def _graceful_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C into a flag, so that a step is never cut in half; a second Ctrl-C interrupts at once."""
    pressed: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    try:
        before = signal.signal(signal.SIGINT, handle)
    except ValueError:  # not in the main thread: nothing to catch
        yield lambda: False
        return
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
