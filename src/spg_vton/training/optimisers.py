"""What learns in a stage: generators on one side, discriminators on the other, each with its Adam (section IV-C)."""

import math
import operator
from dataclasses import dataclass

import torch
from torch import nn

from spg_vton.config import StageConfig, TrainingConfig
from spg_vton.training.stages import Stage

#: Devices that PyTorch has a fused Adam for; elsewhere it runs tensor lists (foreach).
_FUSED = ("cpu", "cuda")


@dataclass(frozen=True)
class Side:
    """Generators or discriminators: what learns of them, and its optimiser."""

    parameters: list[nn.Parameter]
    optimiser: torch.optim.Adam


def make_sides(networks: nn.ModuleDict, stage: Stage, pace: StageConfig, config: TrainingConfig) -> dict[str, Side]:
    """Let learn what the stage says, with one Adam for either side."""
    roots = {"generators": networks["model"], "discriminators": networks["discriminators"]}
    sides = {}
    for name, root in roots.items():
        learning = [operator.attrgetter(part)(root) for part in getattr(stage, name)]
        parameters = [value for network in learning for value in network.requires_grad_(True).train().parameters()]
        sides[name] = Side(parameters, adam(parameters, pace, config))
    return sides


def adam(parameters: list[nn.Parameter], pace: StageConfig, config: TrainingConfig) -> torch.optim.Adam:
    """Adam as the paper has it, in the fastest form the device has."""
    settings = config.optimiser
    way = {"fused": True} if parameters[0].device.type in _FUSED else {"foreach": True}
    betas = (settings.beta1, settings.beta2)
    return torch.optim.Adam(parameters, pace.learning_rate, betas, weight_decay=settings.weight_decay, **way)


def rate_factor(schedule: str, step: int, steps: int) -> float:
    """The learning rate of ``step`` as a share of the stage's."""
    if schedule == "constant":
        return 1.0
    done = step / steps
    return min(1.0, 0.05 + done / 0.05) * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)
