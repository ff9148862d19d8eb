"""What departs from the paper in an experiment's settings; of ``conf/paper``'s, nothing does.

The defaults in ``config`` are the paper's, which a test compares with the values its text gives. A deviation is thus a
setting with another value than its default, but for those that the text leaves open.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from spg_vton.config import Experiment, Lambdas, ModelConfig, ObjectiveConfig, StageConfig, TrainingConfig

_STAGE = StageConfig(steps=1)

#: The paper's recipe; what :data:`OPEN` names is any.
PAPER = Experiment(
    ModelConfig(), TrainingConfig(semantic=_STAGE, synthesis=_STAGE, joint=_STAGE), Lambdas(), ObjectiveConfig()
)

#: What the text does not give (batch size, lengths, seed), and what changes where a step is computed but not what it
#: computes.
OPEN = frozenset(
    {
        "training.batch_size", "training.seed", "training.accelerator", "training.precision", "training.threads",
        "training.log_every", "training.checkpoint_seconds",
        "training.semantic.steps", "training.synthesis.steps", "training.joint.steps",
    }
)  # fmt: skip


class Deviation(NamedTuple):
    """A setting that departs from the paper."""

    value: Any
    paper: Any


def deviations(experiment: Experiment) -> dict[str, Deviation]:
    """Dotted name of each setting that departs from the paper → its value and the paper's."""
    ours, paper = dict(_flat(asdict(_with_either_face_network(experiment)))), dict(_flat(asdict(PAPER)))
    return {
        name: Deviation(value, paper[name])
        for name, value in ours.items()
        if value != paper[name] and (name not in OPEN or _left_out(name, value))
    }


def _left_out(name: str, value: Any) -> bool:
    """A stage without steps is none of the lengths that the text leaves open."""
    return name.endswith(".steps") and value == 0


def _with_either_face_network(experiment: Experiment) -> Experiment:
    """SphereFace is the paper's own network; dlib's stands in for it where its weights cannot be had."""
    if experiment.objective.identity != "sphere-face":
        return experiment
    paper = replace(experiment.objective, identity="dlib-face", identity_file="", identity_sha256="")
    return replace(experiment, objective=paper)


def _flat(settings: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
