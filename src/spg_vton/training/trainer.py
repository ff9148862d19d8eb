"""One stage's networks and optimisers, and the step that moves them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from spg_vton.config import Experiment, StageConfig, StageName
from spg_vton.errors import CheckpointError
from spg_vton.losses.objective import Objective
from spg_vton.models.discriminator import MultiScaleDiscriminator
from spg_vton.models.generator import Generator
from spg_vton.models.geometric_matching import GeometricMatching
from spg_vton.models.spg_vton import SpgVton, build_discriminators
from spg_vton.training.averaging import RunningMean
from spg_vton.training.devices import average_gradients, make_fabric, run_in_precision
from spg_vton.training.loader import Part
from spg_vton.training.optimisers import make_sides, rate_factor
from spg_vton.training.stages import stage_for
from spg_vton.training.steps import Step, StepLosses
from spg_vton.training.terms import Terms

Weights = dict[str, Tensor]


class Trainer:
    """Trains one stage: networks, optimisers, and their resumable state.

    Args:
        stage: which one.
        experiment: all settings.
        objective: built from the settings, on any device.
        start: weights of the stage before; empty leaves the initialisation.
        fabric: the devices; made from the settings if None.

    Raises:
        CheckpointError: ``start`` belongs to other networks.
    """

    def __init__(
        self,
        stage: StageName,
        experiment: Experiment,
        objective: Objective,
        start: Weights,
        fabric: Fabric | None = None,
    ) -> None:
        config = experiment.training
        self.stage, self.config = stage_for(stage, experiment.model, experiment.objective), config
        self.pace: StageConfig = getattr(config, stage)
        self.fabric = fabric or make_fabric(config)
        self.fabric.seed_everything(config.seed, verbose=False)
        self.networks = nn.ModuleDict(
            {"model": SpgVton(experiment.model), "discriminators": build_discriminators(experiment.model)}
        )
        if start:
            self._take_up(start)
        self._place()
        self.sides = make_sides(self.networks, self.stage, self.pace, config)
        self.mean = self._running_mean() if config.ema_decay else None
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

    def _place(self) -> None:
        """Networks onto the device, compiled and in the precision that the settings ask for."""
        self.networks.requires_grad_(False).to(self.fabric.device)
        if self.config.channels_last:
            self.networks.to(memory_format=torch.channels_last)
        for network in self.networks.modules():
            if self.config.compile and isinstance(network, Generator | GeometricMatching):
                network.forward = torch.compile(network.forward)  # type: ignore[method-assign]
            if self.config.precision != "32-true" and isinstance(network, Generator | MultiScaleDiscriminator):
                run_in_precision(self.fabric, network)

    def _running_mean(self) -> RunningMean:
        learning = {f"model.{name}": value for name, value in self.model.named_parameters() if value.requires_grad}
        return RunningMean(learning, self.config.ema_decay)

    def run_step(self, parts: Iterable[Part], number: int) -> Terms:
        """Train on one batch, step ``number`` (from 0); the losses are this process's."""
        adversarial = number >= self.pace.adversarial_from * self.pace.steps
        for side in self.sides.values():
            side.optimiser.zero_grad()
        terms = []
        for part in parts:
            batch = part.batch.to(self.fabric.device)
            r1 = number % self.config.r1_every == 0
            losses = self.step(batch, part.erasing, adversarial=adversarial, r1=r1)
            self._backward(losses)
            terms.append(losses.terms())
        self._move("generators", number)
        if adversarial:
            self._move("discriminators", number)
        if self.mean:
            self.mean.update(number)
        return Terms.mean(terms)

    def _backward(self, losses: StepLosses) -> None:
        totals = {"generators": losses.generators.total}
        if losses.discriminators:
            totals["discriminators"] = torch.stack(list(losses.discriminators.values())).sum()
        for name, total in totals.items():
            # named, so that none are made for the images that R1 and the contests differentiate by
            self.fabric.backward(total / self.config.accumulate, inputs=self.sides[name].parameters)

    def _move(self, name: str, number: int) -> None:
        side = self.sides[name]
        average_gradients(self.fabric, side.parameters)
        if self.config.optimiser.clip_norm:
            nn.utils.clip_grad_norm_(side.parameters, self.config.optimiser.clip_norm)
        factor = rate_factor(self.config.optimiser.schedule, number, self.pace.steps)
        for group in side.optimiser.param_groups:
            group["lr"] = self.pace.learning_rate * factor
        side.optimiser.step()

    def over_processes(self, terms: Terms) -> Terms:
        """The mean of ``terms`` over all processes; every one must ask."""
        numbers = self.fabric.all_reduce(terms.numbers.clone(), reduce_op="mean")
        return replace(terms, numbers=numbers)

    @contextmanager
    def averaged(self) -> Iterator[SpgVton]:
        """The generators as the stage would hand them on: with mean weights where those are kept."""
        if self.mean is None:
            yield self.model
            return
        with self.mean.in_place():
            yield self.model

    def weights(self) -> Weights:
        """All weights as the stage would hand them on, on the CPU."""
        means = self.mean.weights if self.mean else {}
        own = self.networks.state_dict()
        return {name: means.get(name, own[name]).detach().cpu().clone().contiguous() for name in own}

    def is_finite(self) -> bool:
        """Whether no weight that learns is NaN or infinite."""
        learning = [parameter for side in self.sides.values() for parameter in side.parameters]
        return bool(torch.stack([parameter.isfinite().all() for parameter in learning]).all())

    def state(self) -> dict[str, Any]:
        """What, with the number of steps done, resumes the stage to the bit."""
        optimisers = {name: side.optimiser.state_dict() for name, side in self.sides.items()}
        means = self.mean.weights if self.mean else {}
        return {"networks": self.networks.state_dict(), "optimisers": optimisers, "means": means}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what :meth:`state` gave."""
        self.networks.load_state_dict(state["networks"])
        for name, side in self.sides.items():
            side.optimiser.load_state_dict(state["optimisers"][name])
        if self.mean:
            self.mean.restore(state["means"])
