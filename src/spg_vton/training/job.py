"""A training as one YAML file, for machines without Kedro, and for the processes of a training on several devices."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import torch
import yaml
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from spg_vton.config import (
    STAGE_NAMES,
    Experiment,
    Lambdas,
    ModelConfig,
    ObjectiveConfig,
    StageName,
    TrainingConfig,
)  # fmt: skip
from spg_vton.errors import ConfigError
from spg_vton.files import write_whole
from spg_vton.losses.objective import build_objective
from spg_vton.models.model_file import ModelFile, read_model, write_model
from spg_vton.store.dataset import Store
from spg_vton.training.loop import TrainedStage, train_stage

#: Each stage's model file, named as in Kedro's catalog.
MODEL_FILES: Mapping[StageName, str] = {
    "semantic": "semantic.safetensors",
    "synthesis": "synthesis.safetensors",
    "joint": "spg_vton.safetensors",
}
#: Seconds of each stage, and whether it was reused.
SUMMARY = "training.json"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class TrainingJob:
    """What CONFIG says; relative paths start at the working directory."""

    store: Path
    """Folder of the packed store."""
    output: Path
    """Folder for the models and curves; all processes must see it."""
    training: TrainingConfig
    model: ModelConfig = Field(default_factory=ModelConfig)
    lambdas: Lambdas = Field(default_factory=Lambdas)
    objective: ObjectiveConfig = Field(default_factory=ObjectiveConfig)
    stages: tuple[StageName, ...] = STAGE_NAMES
    """Which to train, one after the other."""
    start: Path | None = None
    """Model file of the stage before the first one, unless that is ``semantic``."""
    state: Path | None = None
    """Folder of the resumable states; ``state`` in ``output`` if not given."""

    @model_validator(mode="after")
    def _stages_follow_one_another(self) -> "TrainingJob":
        first = STAGE_NAMES.index(self.stages[0]) if self.stages else 0
        if not self.stages or self.stages != STAGE_NAMES[first : first + len(self.stages)]:
            raise ValueError(f"stages: expected some of {list(STAGE_NAMES)} in this order, got {list(self.stages)}")
        if (first == 0) != (self.start is None):
            wanted = "no model" if first == 0 else f"the model of stage {STAGE_NAMES[first - 1]}"
            raise ValueError(f"start: expected {wanted} before stage {self.stages[0]}, got {self.start or 'none'}")
        return self

    @property
    def experiment(self) -> Experiment:
        """All settings."""
        return Experiment(self.model, self.training, self.lambdas, self.objective)


def read_job(path: Path) -> TrainingJob:
    """Read CONFIG.

    Raises:
        ConfigError: it is absent, no YAML, or has mistakes; all of them are named.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: expected a YAML file of settings, got: {error}.") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: expected settings by name, got {type(values).__name__}. See docs/training.md.")
    try:
        return TypeAdapter(TrainingJob).validate_python(values)
    except ValidationError as error:
        mistakes = "\n".join(f"  {_mistake(one)}" for one in error.errors())
        raise ConfigError(
            f"{path}: the settings have mistakes (docs/training.md shows an example):\n{mistakes}"
        ) from error


def _mistake(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"])
    if error["type"] == "value_error":  # our own words say what was got
        return error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return f"{name}: expected a value, got none"
    if error["type"] == "unexpected_keyword_argument":
        return f"{name}: there is no such setting"
    return f"{name}: {error['msg'][0].lower()}{error['msg'][1:]}, got {error['input']!r}"


def run_job(job: TrainingJob) -> None:
    """Train, in this process or as one of several; the first writes the results into ``job.output``."""
    store = Store.open(job.store)
    weights = dict(read_model(job.start).weights) if job.start else {}
    objective = build_objective(job.lambdas, job.objective)
    done: dict[str, TrainedStage] = {}
    for stage in job.stages:
        done[stage] = train_stage(
            stage, job.experiment, objective, store, weights, job.state or job.output / "state"
        )  # fmt: skip
        weights = done[stage].weights
        if not torch.distributed.is_initialized() or torch.distributed.get_rank() == 0:
            metadata = job.experiment.metadata(stage, store.sha256)
            write_model(job.output / MODEL_FILES[stage], ModelFile(weights, metadata))
            _write_reports(job.output, stage, done)


def curve_file(stage: StageName) -> str:
    """The name of a stage's loss curve."""
    return f"{stage}_curve.csv"


def _write_reports(folder: Path, stage: StageName, done: Mapping[str, TrainedStage]) -> None:
    curve = pd.DataFrame(done[stage].curve)
    write_whole(folder / curve_file(stage), lambda aside: curve.to_csv(aside, index=False))
    summary = {name: {"seconds": trained.seconds, "reused": trained.reused} for name, trained in done.items()}
    write_whole(folder / SUMMARY, lambda aside: aside.write_text(json.dumps(summary, indent=2)))
