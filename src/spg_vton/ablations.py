"""The ablations of what the paper claims, each as changes of the settings, so that a study can iterate over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from typing import Any

from spg_vton.config import Experiment


@dataclass(frozen=True)
class Ablation:
    """One part of the method left out."""

    claim: str
    """What the paper says the part does."""
    removed: str
    """What is left out, and what stands in its place."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Dotted name of a setting → its value; as ``kedro run --params`` takes them, too."""


ABLATIONS: dict[str, Ablation] = {
    "full": Ablation("the whole method", "nothing"),
    "without_cycle": Ablation(
        "Eq. 8 aligns the garment with the pose and keeps its details (section III-C)",
        "the conductible cycle; θ learns from the L1 between masks",
        {"objective.cycle": "masks"},
    ),
    "without_identity": Ablation(
        "Eq. 15 keeps the person's identity (section III-D)",
        "the face identity loss",
        {"objective.identity": "none"},
    ),
    "without_global_adversarial": Ablation(
        "Eq. 13 makes the whole photo consistent (section III-D)",
        "D_g",
        {"objective.global_adversarial": False},
    ),
    "without_local_adversarial": Ablation(
        "Eq. 14 refines the face (section III-D)",
        "D_l",
        {"objective.local_adversarial": False},
    ),
    "without_joint_training": Ablation(
        "end-to-end training corrects the map and the photo (section III-E)",
        "stage 3; the stages' networks are taken as they are after stage 2",
        {"training.joint.steps": 0},
    ),
    "without_predicted_map": Ablation(
        "the predicted map says where the garment lies (section III-B)",
        "Ŝ_t among what G2 and D2 see; zeros stand in its place, so that the pose alone guides",
        {"model.map_guidance": False},
    ),
}


def ablate(experiment: Experiment, name: str) -> Experiment:
    """``experiment`` with the changes of the ablation ``name``.

    Raises:
        KeyError: no ablation is called so.
    """
    for path, value in ABLATIONS[name].changes.items():
        experiment = _changed(experiment, path.split("."), value)
    return experiment


def _changed(settings: Any, path: list[str], value: Any) -> Any:
    name, *rest = path
    if rest:
        value = _changed(getattr(settings, name), rest, value)
    if not is_dataclass(settings) or isinstance(settings, type):
        raise TypeError(f"{name}: expected settings, got {type(settings).__name__}.")
    return replace(settings, **{name: value})
