"""The three stages of the training (section III-E)."""

from pathlib import Path

import pandas as pd

from spg_vton.config import Experiment, Lambdas, ModelConfig, ObjectiveConfig, StageName, TrainingConfig
from spg_vton.models.model_file import ModelFile

Trained = tuple[ModelFile, pd.DataFrame]


def train_semantic(
    store: Path, state: Path, model: ModelConfig, training: TrainingConfig, lambdas: Lambdas, objective: ObjectiveConfig
) -> Trained:
    """Stage 1: G1 and D1."""
    return _train("semantic", Experiment(model, training, lambdas, objective), store, state)


def train_synthesis(
    store: Path,
    state: Path,
    semantic: ModelFile,
    model: ModelConfig,
    training: TrainingConfig,
    lambdas: Lambdas,
    objective: ObjectiveConfig,
) -> Trained:
    """Stage 2: everything else, with G1 frozen."""
    return _train("synthesis", Experiment(model, training, lambdas, objective), store, state, semantic)


def train_joint(
    store: Path,
    state: Path,
    synthesis: ModelFile,
    model: ModelConfig,
    training: TrainingConfig,
    lambdas: Lambdas,
    objective: ObjectiveConfig,
) -> Trained:
    """Stage 3: everything together."""
    return _train("joint", Experiment(model, training, lambdas, objective), store, state, synthesis)


def _train(
    stage: StageName, experiment: Experiment, store_folder: Path, state: Path, start: ModelFile | None = None
) -> Trained:
    from spg_vton.losses.objective import build_objective
    from spg_vton.orchestration import tracking
    from spg_vton.store.dataset import Store
    from spg_vton.training.launch import train_in_processes
    from spg_vton.training.loop import train_stage

    store = Store.open(store_folder)
    if experiment.training.processes > 1:
        trained = train_in_processes(stage, experiment, store_folder, start, state)
        for values in trained.curve:
            tracking.current().log_metrics({k: v for k, v in values.items() if k != "step"}, int(values["step"]))
    else:
        trained = train_stage(
            stage,
            experiment,
            build_objective(experiment.lambdas, experiment.objective),
            store,
            dict(start.weights) if start else {},
            state,
            on_log=lambda step, values: tracking.current().log_metrics(values, step),
        )
    if trained.reused:
        tracking.current().tag("reused", "true")
    model = ModelFile(trained.weights, experiment.metadata(stage, store.sha256), trained.seconds)
    return model, pd.DataFrame(trained.curve)
