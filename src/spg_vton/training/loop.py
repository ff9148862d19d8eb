"""The training loop, the same for every stage."""

import logging
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import numpy as np

from spg_vton.config import Experiment, StageName, TrainingConfig
from spg_vton.errors import DataError, SpgVtonError
from spg_vton.losses.objective import Objective
from spg_vton.progress import progress_bar
from spg_vton.store.dataset import Store
from spg_vton.training.checkpoint import StateFile, code_fingerprint, fingerprint, weights_fingerprint
from spg_vton.training.steps import StepLosses
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
    settings = experiment.stage_settings(stage)
    key = fingerprint(settings, objective.terms_on, store.sha256, weights_fingerprint(start), code_fingerprint())
    trainer = Trainer(stage, experiment, objective, start)
    record = _Record(StateFile(state_folder, stage, key), trainer)
    for values in record.curve:
        on_log(int(values["step"]), {name: value for name, value in values.items() if name != "step"})
    reused = 0 < trainer.pace.steps <= record.step
    if reused:
        logger.info("%s: reusing the finished training %s, whose inputs are the same.", stage, record.name)
    elif record.step:
        logger.info("%s: resuming at step %d of %d.", stage, record.step, trainer.pace.steps)
    run_step = partial(trainer.run_step, store, rows)
    _run_steps(stage, experiment.training, trainer, record, run_step, on_log)
    return TrainedStage(trainer.weights(), record.curve, record.seconds, reused)


class _Record:
    """What a stage has behind it: steps, curve and time, taken up from its file and written back to it."""

    def __init__(self, file: StateFile, trainer: Trainer) -> None:
        self._file, self._trainer = file, trainer
        saved = file.load() or {"step": 0, "seconds": 0.0, "curve": []}
        self.step: int = saved["step"]
        self.curve: list[dict[str, float]] = saved["curve"]
        self._before: float = saved["seconds"]
        self._start = self._saved = time.monotonic()
        if self.step:
            trainer.restore(saved)

    @property
    def name(self) -> str:
        """Stage and fingerprint."""
        return self._file.path.parent.name

    @property
    def seconds(self) -> float:
        """Training time so far, earlier runs included."""
        return self._before + time.monotonic() - self._start

    @property
    def seconds_since_saving(self) -> float:
        """Time since the file was last written."""
        return time.monotonic() - self._saved

    def save(self) -> None:
        """Write the file."""
        self._file.save(self._trainer.state() | {"step": self.step, "seconds": self.seconds, "curve": self.curve})
        self._saved = time.monotonic()


def _run_steps(
    stage: StageName,
    config: TrainingConfig,
    trainer: Trainer,
    record: _Record,
    run_step: Callable[[int], StepLosses],
    on_log: OnLog,
) -> None:
    """The steps that are left; Ctrl-C saves after the step in hand and raises."""
    steps = trainer.pace.steps
    with _graceful_interrupt() as interrupted, progress_bar(f"train {stage}", steps, record.step) as progress:
        while record.step < steps:
            losses = run_step(record.step)
            step = record.step + 1
            pressed = interrupted()  # read once: a press from here on stops after the next step
            due = step == steps or pressed or record.seconds_since_saving > config.checkpoint_seconds
            logged = step % config.log_every == 0 or step == steps
            values = _finite(losses.values(), stage, step) if due or logged else {}
            record.step = step
            if logged:
                record.curve.append({"step": step, **values})
                on_log(step, values)
                progress.note(_summary(values))
            progress.advance()
            if due:
                record.save()
            if pressed:
                break
        if interrupted():
            logger.warning("%s: stopped at step %d of %d; run again to go on.", stage, record.step, steps)
            raise KeyboardInterrupt


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
