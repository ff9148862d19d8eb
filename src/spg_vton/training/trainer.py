"""One stage's networks and optimisers, and the step that moves them."""

import math
import operator
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from spg_vton.config import Experiment, StageConfig, StageName
from spg_vton.errors import CheckpointError
from spg_vton.losses.objective import Objective
from spg_vton.models.spg_vton import SpgVton, build_discriminators
from spg_vton.store.dataset import Store
from spg_vton.training.stages import stage_for
from spg_vton.training.steps import Step, StepLosses

Weights = dict[str, Tensor]


class Trainer:
    """Trains one stage: networks, optimisers, and their resumable state.

    Args:
        stage: which one.
        experiment: all settings.
        objective: built from the settings, on any device.
        start: weights of the stage before; empty leaves the initialisation.

    Raises:
        CheckpointError: ``start`` belongs to other networks.
    """

    def __init__(self, stage: StageName, experiment: Experiment, objective: Objective, start: Weights) -> None:
        config = experiment.training
        self.stage, self.config = stage_for(stage, experiment.model, experiment.objective), config
        self.pace: StageConfig = getattr(config, stage)
        if config.threads:
            torch.set_num_threads(config.threads)
        self.fabric = Fabric(accelerator=config.accelerator, devices=1, precision=config.precision)
        self.fabric.seed_everything(config.seed, verbose=False)
        self.networks = nn.ModuleDict(
            {"model": SpgVton(experiment.model), "discriminators": build_discriminators(experiment.model)}
        )
        if start:
            self._take_up(start)
        self.optimisers = self._set_up()
        objective.to(self.fabric.device)
        self.step = Step(self.stage, self.model, self.networks["discriminators"], objective, config)  # type: ignore[arg-type]

    @property
    def model(self) -> SpgVton:
        """The generators."""
        return self.networks["model"]  # type: ignore[return-value]

    def _take_up(self, start: Weights) -> None:
        own = self.networks.state_dict()
        unlike = [name for name in own if name not in start or start[name].shape != own[name].shape]
        if unlike or start.keys() - own.keys():
            raise CheckpointError(
                f"{self.stage.name}: the stage before holds other networks than the settings ask for, such as "
                f"{(unlike or sorted(start.keys() - own.keys()))[0]}. Train the stages before again."
            )
        self.networks.load_state_dict(start)

    def _set_up(self) -> dict[str, Any]:
        """Freeze what does not learn, hand what learns to Fabric, one Adam for either side."""
        self.networks.requires_grad_(False).to(self.fabric.device)
        groups: dict[str, list[dict[str, Any]]] = {"generators": [], "discriminators": []}
        for side in groups:
            root = self.networks["model" if side == "generators" else "discriminators"]
            for name in getattr(self.stage, side):
                network = operator.attrgetter(name)(root)
                network.requires_grad_(True).train()
                groups[side].append({"params": list(network.parameters())})
                parent, _, leaf = name.rpartition(".")
                setattr(operator.attrgetter(parent)(root) if parent else root, leaf, self.fabric.setup_module(network))
        settings = self.config.optimiser
        return {
            side: self.fabric.setup_optimizers(
                torch.optim.Adam(
                    group, self.pace.learning_rate, (settings.beta1, settings.beta2),
                    weight_decay=settings.weight_decay, fused=True,
                )
            )
            for side, group in groups.items()
        }  # fmt: skip

    def run_step(self, store: Store, rows: np.ndarray, number: int) -> StepLosses:
        """Train on one batch; everything random in it follows from the seed and ``number`` alone.

        Raises:
            SpgVtonError: the loss is not finite.
        """
        drawn = np.random.default_rng([self.config.seed, number])
        generator = torch.Generator().manual_seed(int(drawn.integers(2**62)))
        batch = store.batch(drawn.choice(rows, self.config.batch_size, replace=len(rows) < self.config.batch_size))
        if self.config.flip:
            batch = batch.flip(torch.rand(len(batch), generator=generator) < 0.5)
        batch = batch.to(self.fabric.device)
        adversarial = number >= self.pace.adversarial_from * self.pace.steps
        losses = self.step(batch, generator, adversarial=adversarial, r1=number % self.config.r1_every == 0)
        self._update(losses, number)
        return losses

    def _update(self, losses: StepLosses, number: int) -> None:
        factor = rate_factor(self.config.optimiser.schedule, number, self.pace.steps)
        totals = {"generators": losses.generators.total}
        if losses.discriminators:
            totals["discriminators"] = torch.stack(list(losses.discriminators.values())).sum()
        for side, total in totals.items():
            optimiser = self.optimisers[side]
            for group in optimiser.optimizer.param_groups:
                group["lr"] = self.pace.learning_rate * factor
            optimiser.zero_grad()
            self.fabric.backward(total)
        for side in totals:
            self.optimisers[side].step()

    def weights(self) -> Weights:
        """All weights, on the CPU."""
        return {name: tensor.detach().cpu().clone() for name, tensor in self.networks.state_dict().items()}

    def state(self) -> dict[str, Any]:
        """What, with the number of steps done, resumes the stage to the bit."""
        optimisers = {side: optimiser.optimizer.state_dict() for side, optimiser in self.optimisers.items()}
        return {"networks": self.networks.state_dict(), "optimisers": optimisers}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what :meth:`state` gave."""
        own = self.networks.state_dict()  # Fabric's wrappers pass names through on the way out, not on the way in
        with torch.no_grad():
            for name, tensor in state["networks"].items():
                own[name].copy_(tensor)
        for side, optimiser in self.optimisers.items():
            optimiser.optimizer.load_state_dict(state["optimisers"][side])


def rate_factor(schedule: str, step: int, steps: int) -> float:
    """The learning rate of ``step`` as a share of the stage's."""
    if schedule == "constant":
        return 1.0
    done = step / steps
    return min(1.0, 0.05 + done / 0.05) * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)
