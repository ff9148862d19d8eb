"""The training loop, the same for every stage and any number of processes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spg_vton.config import Experiment, StageName, TrainingConfig
from spg_vton.errors import SpgVtonError
from spg_vton.losses.objective import Objective
from spg_vton.progress import progress_bar
from spg_vton.store.dataset import Store
from spg_vton.training.checkpoint import Origin, StateFolder, code_fingerprint, weights_fingerprint
from spg_vton.training.devices import make_fabric
from spg_vton.training.interrupt import graceful_interrupt
from spg_vton.training.loader import Loader
from spg_vton.training.record import Record
from spg_vton.training.splitting import split_rows
from spg_vton.training.terms import Terms
from spg_vton.training.trainer import Trainer, Weights
from spg_vton.training.validation import NAME, Validation

logger = logging.getLogger(__name__)

OnLog = Callable[[int, dict[str, float]], None]


@dataclass(frozen=True)
class TrainedStage:
    """What a stage leaves behind."""

    weights: Weights
    """Generators as ``model.*`` and discriminators as ``discriminators.*``, on the CPU: the last state's, or the best
    one's where persons were kept back; running means where those are on."""
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
        state_folder: where resumable states lie, a folder for each fingerprint; all processes must see it.
        on_log: called with step and losses each ``log_every`` steps, in the first process.

    Raises:
        DataError: no training triple, or pictures of another size than the networks'.
        CheckpointError: the newest state is damaged, belongs to another training, or could not be written.
        SpgVtonError: a loss became NaN or infinite.
        KeyboardInterrupt: Ctrl-C or SIGTERM, after the state was saved.
    """
    rows = split_rows(experiment, store)
    config = experiment.training
    fabric = make_fabric(config)
    trainer = Trainer(stage, experiment, objective, start, fabric)
    settings = experiment.stage_settings(stage) | {"terms_on": objective.terms_on}
    origin = Origin(stage, settings, store.sha256, weights_fingerprint(start), code_fingerprint())
    record = Record(StateFolder(state_folder, origin, config.keep_last), trainer, config)
    loader = Loader(store, rows.training, config, fabric.global_rank)
    validation = Validation(trainer.stage, store, rows.validation, config, fabric)
    if not fabric.is_global_zero:
        on_log = _silent
    for values in record.curve:
        on_log(int(values["step"]), {name: value for name, value in values.items() if name != "step"})
    reused = 0 < trainer.pace.steps <= record.step
    if reused:
        logger.info("%s: reusing the finished training %s, whose inputs are the same.", stage, record.name)
    elif record.step:
        logger.info("%s: resuming at step %d of %d.", stage, record.step, trainer.pace.steps)
    _Loop(config, trainer, loader, validation, record, on_log).run()
    weights = record.result(judged=len(rows.validation) > 0 and trainer.pace.steps > 0)
    return TrainedStage(weights, record.curve, record.seconds, reused)


def _silent(step: int, values: dict[str, float]) -> None:
    """Report nothing: the first process does."""


class _Loop:
    """The steps of a stage that are left, and what comes with them: losses, validation, saving."""

    def __init__(
        self,
        config: TrainingConfig,
        trainer: Trainer,
        loader: Loader,
        validation: Validation,
        record: Record,
        on_log: OnLog,
    ) -> None:
        self.config, self.trainer, self.loader = config, trainer, loader
        self.validation, self.record, self.on_log = validation, record, on_log
        self.stage, self.steps = trainer.stage.name, trainer.pace.steps
        self.unchecked: list[tuple[int, Terms]] = []

    def run(self) -> None:
        """Go to the end; an interruption saves after the step in hand and raises."""
        record, quiet = self.record, not self.trainer.fabric.is_global_zero
        with (
            graceful_interrupt(self.trainer.fabric) as interrupted,
            progress_bar(f"train {self.stage}", self.steps, record.step, quiet) as progress,
        ):
            stop = False
            while record.step < self.steps and not stop:
                terms = self.trainer.run_step(self.loader.parts(record.step), record.step)
                stop = interrupted()  # read once: a press from here on stops after the next step
                values = self._behind_a_step(terms, stop)
                if values:
                    progress.note(_summary(values))
                progress.advance()
            if interrupted():
                logger.warning("%s: stopped at step %d of %d; run again to go on.", self.stage, record.step, self.steps)
                raise KeyboardInterrupt

    def _behind_a_step(self, terms: Terms, stop: bool) -> dict[str, float]:
        """Check, report and save where it is time to; the values that were reported, if any."""
        record, step = self.record, self.record.step + 1
        self.unchecked.append((step, terms))
        judged = self.validation.is_due(step, self.steps)
        logged = judged or step % self.config.log_every == 0 or step == self.steps
        due = stop or step == self.steps or record.is_due(step)
        if due or logged:
            self._require_finite()
        record.step = step
        values: dict[str, float] = {}
        if logged:
            values = self.trainer.over_processes(terms).values()
            if judged:
                with self.trainer.averaged() as model:
                    values[NAME] = self.validation.score(model)
                record.judge(values[NAME])
            record.curve.append({"step": step, **values})
            self.on_log(step, values)
        if due:
            record.save()
        return values

    def _require_finite(self) -> None:
        """Look at all losses since the last look at once, so that the device need not wait each step."""
        for step, terms in self.unchecked:
            if bad := terms.not_finite():
                self._refuse(step, f"{', '.join(bad)} became NaN or infinite")
        if not self.trainer.is_finite():
            self._refuse(self.unchecked[-1][0], "the losses are finite, but weights became NaN or infinite")
        self.unchecked.clear()

    def _refuse(self, step: int, what: str) -> None:
        triples = ", ".join(self.loader.triples(step - 1))
        raise SpgVtonError(
            f"{self.stage}, step {step}: {what}. Its batch: {triples}. The last good state, where one was saved, is "
            f"kept in {self.record.name}. Look at these triples; or lower the learning rate or set "
            "training.optimiser.clip_norm, with which the stage starts afresh."
        )


def _summary(values: dict[str, float]) -> str:
    shown = [name for name in ("total", "semantic_focal", "try_on_l1", "cycle_forward") if name in values]
    return "  ".join(f"{name} {values[name]:.3f}" for name in shown)
