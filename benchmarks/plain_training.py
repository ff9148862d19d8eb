"""A plain trainer of stage 3, ``bench_step.py``'s yardstick: the same mathematics, as public trainers organise it.

What it does as they do: networks with ``nn.InstanceNorm2d``
and images doubled and joined before a convolution; the thin-plate spline evaluated anew in every pass; the
fake sent through a discriminator twice, once for either side, the second time with gradients of weights that nobody
uses; the real photo's activations computed for each perceptual term; R1 in a pass of its own; one Adam a network,
parameter by parameter; losses read as numbers one by one. Weights and losses after a step equal the project's to
rounding (``tests/training/test_plain_trainer.py``).
"""

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from spg_vton.config import Experiment
from spg_vton.geometry.moments import align
from spg_vton.geometry.tps import control_points
from spg_vton.labels import HEAD, Label
from spg_vton.losses.objective import Objective
from spg_vton.models.blocks import DoublingConv, InstanceNorm, JoiningConv
from spg_vton.models.inputs import Truth, TryOnInputs, prepare
from spg_vton.models.spg_vton import SpgVton
from spg_vton.models.try_on_synthesis import random_erase
from spg_vton.types import Batch


def plain_copy(network: nn.Module) -> nn.Module:
    """A copy with the same weights, torch's own normalisation, images doubled and joined before convolutions."""
    twin = copy.deepcopy(network)
    for parent in list(twin.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, InstanceNorm):
                setattr(parent, name, nn.InstanceNorm2d(child.channels))
            elif isinstance(child, DoublingConv):
                setattr(parent, name, _PlainDoubling(child))
            elif isinstance(child, JoiningConv):
                setattr(parent, name, _PlainJoining(child))
    return twin


class _PlainDoubling(nn.Module):
    """Doubles, then convolves; its parameters have their names."""

    def __init__(self, twin: nn.Conv2d) -> None:
        super().__init__()
        self.weight, self.bias = twin.weight, twin.bias

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(F.interpolate(x, scale_factor=2, mode="nearest"), self.weight, self.bias, padding=1)


class _PlainJoining(_PlainDoubling):
    """Joins, then convolves."""

    def forward(self, x: list[Tensor]) -> Tensor:
        return F.conv2d(torch.cat(x, 1), self.weight, self.bias, padding=1)


class PlainSpline:
    """TPS as CP-VTON's grid generator evaluates it: distances to the control points in every call."""

    def __init__(self, size: tuple[int, int], control: int = 5) -> None:
        self.size, self.points = size, control_points(control).float()
        count = len(self.points)
        system = torch.zeros(count + 3, count + 3)
        system[:count, :count] = self._radial(torch.cdist(self.points, self.points))
        system[:count, count] = system[count, :count] = 1
        system[:count, count + 1 :] = self.points
        system[count + 1 :, :count] = self.points.T
        self.inverse = torch.linalg.inv(system.double()).float()

    @staticmethod
    def _radial(distance: Tensor) -> Tensor:
        return torch.special.xlogy(distance**2, distance**2)

    def __call__(self, theta: Tensor) -> Tensor:
        """Offsets (B, 2·k·k) → backward sampling grid (B, H, W, 2)."""
        batch, count = len(theta), len(self.points)
        moved = theta.view(batch, 2, count).transpose(1, 2) + self.points
        solved = self.inverse @ torch.cat([moved, torch.zeros(batch, 3, 2)], dim=1)
        y, x = torch.linspace(-1, 1, self.size[0]), torch.linspace(-1, 1, self.size[1])
        pixels = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1).reshape(-1, 2)
        radial = self._radial((pixels[:, None] - self.points[None]).norm(dim=2))
        grid = radial @ solved[:, :count] + solved[:, count : count + 1] + pixels @ solved[:, count + 1 :]
        return grid.view(batch, *self.size, 2)


@dataclass(frozen=True)
class _Made:
    """One forward pass of the generators."""

    logits: Tensor
    semantic_map: Tensor
    coarse: Tensor
    clothes_mask: Tensor
    warped: Tensor
    warped_mask: Tensor
    restored: Tensor
    image: Tensor
    composition: Tensor


class PlainTrainer:
    """Stage 3, one batch at a time.

    Args:
        experiment: settings, read as the project's trainer reads them.
        model: generators to start from; copied.
        discriminators: to start from; copied.
        objective: its feature networks and weights; its sums are written out here.
        learning_rate: of every Adam.
    """

    def __init__(
        self,
        experiment: Experiment,
        model: SpgVton,
        discriminators: nn.ModuleDict,
        objective: Objective,
        learning_rate: float,
    ) -> None:
        self.experiment, self.objective = experiment, objective
        self.model, self.discriminators = plain_copy(model), plain_copy(discriminators)
        self.spline = PlainSpline(experiment.model.size)
        settings = experiment.training.optimiser
        networks = [self.model.spm.g1, self.model.spm.g2, self.model.cwm.gmm1, self.model.cwm.gmm2, self.model.tsm.g3]

        def adam(network: nn.Module) -> torch.optim.Adam:
            betas = (settings.beta1, settings.beta2)
            return torch.optim.Adam(
                network.parameters(), learning_rate, betas, weight_decay=settings.weight_decay, foreach=False
            )

        self.generator_optimisers = [adam(network) for network in networks]
        self.discriminator_optimisers = {name: adam(network) for name, network in self.discriminators.items()}

    def step(self, batch: Batch, erasing: Tensor, r1: bool) -> dict[str, float]:
        """Train on one batch and return its losses; ``erasing`` holds the draws of ``random_erase``."""
        inputs, truth = prepare(batch)
        assert truth is not None
        made = self._generate(inputs, erasing)
        pairs = self._pairs(made, inputs, truth)
        losses = self._losses(made, inputs, truth) | self._adversarial(pairs)
        for optimiser in self.generator_optimisers:
            optimiser.zero_grad()
        weighted = self._weights()
        torch.stack([losses[name] * weighted[name] for name in losses]).sum().backward()
        judged = {}
        for name, (fake, real, image_channels) in pairs.items():
            self.discriminator_optimisers[name].zero_grad()
            judged[name] = self._judge(name, fake.detach(), real.detach(), image_channels, r1)
            judged[name].backward()
        for optimiser in (*self.generator_optimisers, *self.discriminator_optimisers.values()):
            optimiser.step()
        return {name: value.item() for name, value in (losses | judged).items()}

    def _generate(self, inputs: TryOnInputs, erasing: Tensor) -> _Made:
        model, config = self.model, self.experiment
        logits = model.spm.g1(inputs.semantic_condition)
        semantic_map = torch.softmax(logits, dim=1)
        coarse = model.spm.synthesise(inputs, semantic_map)
        grid = self._grid(model.cwm.gmm1, inputs.cloth_mask, coarse.clothes_mask)
        warped = F.grid_sample(inputs.cloth, grid, padding_mode="border", align_corners=True)
        warped_mask = F.grid_sample(inputs.cloth_mask, grid, padding_mode="zeros", align_corners=True)
        back = self._grid(model.cwm.gmm2, warped_mask, inputs.cloth_mask)
        restored = F.grid_sample(warped, back, padding_mode="border", align_corners=True)
        erased = random_erase(coarse.image, erasing, config.training.erase_probability)
        out = model.tsm.g3(torch.cat([erased, warped, inputs.pose], dim=1))
        rendered, composition = torch.tanh(out[:, :3]), torch.sigmoid(out[:, 3:])
        if config.model.gate:
            composition = composition * warped_mask
        image = warped * composition + rendered * (1 - composition)
        return _Made(
            logits, semantic_map, coarse.image, coarse.clothes_mask, warped, warped_mask, restored, image, composition
        )

    def _grid(self, matching: nn.Module, moving: Tensor, fixed: Tensor) -> Tensor:
        grid = self.spline(matching(moving, fixed))
        return align(grid, moving, fixed) if self.experiment.model.prealign else grid

    def _losses(self, made: _Made, inputs: TryOnInputs, truth: Truth) -> dict[str, Tensor]:
        log_probability = F.log_softmax(made.logits, 1).gather(1, truth.labels[:, None])
        losses = {
            "semantic_focal": (-((1 - log_probability.exp()) ** 2) * log_probability).mean(),
            "semantic_l1": F.l1_loss(made.semantic_map, truth.semantic_map),
            "coarse_l1": F.l1_loss(made.coarse, truth.image),
            "coarse_mask_l1": F.l1_loss(made.clothes_mask, truth.clothes_mask),
            "coarse_perceptual": self._perceptual(made.coarse, truth.image),
            "cycle_forward": F.l1_loss(made.warped, truth.clothes_on_white),
            "cycle_backward": F.l1_loss(made.restored, inputs.cloth),
            "try_on_l1": F.l1_loss(made.image, truth.image),
            "composition": (1 - made.composition).abs().mean(),
            "try_on_perceptual": self._perceptual(made.image, truth.image),
        }
        if self.experiment.objective.mask_l1_weight:
            losses["warp_mask_l1"] = F.l1_loss(made.warped_mask, truth.clothes_mask)
        return losses

    def _perceptual(self, image: Tensor, truth: Tensor) -> Tensor:
        return self.objective._perceptual(image, self.objective.features(truth))

    def _weights(self) -> dict[str, float]:
        lambdas, config = self.experiment.lambdas, self.experiment.objective
        coarse, try_on, adversarial = lambdas.coarse, lambdas.try_on, config.adversarial_weight
        return {
            "semantic_focal": lambdas.focal, "semantic_l1": 1.0,
            "coarse_l1": coarse, "coarse_mask_l1": coarse, "coarse_perceptual": coarse,
            "cycle_forward": lambdas.cycle, "cycle_backward": lambdas.cycle, "warp_mask_l1": config.mask_l1_weight,
            "try_on_l1": try_on * config.image_weight, "composition": try_on * config.composition_weight,
            "try_on_perceptual": try_on,
            **{f"{name}_adversarial": adversarial for name in self.discriminators},
        }  # fmt: skip

    def _pairs(self, made: _Made, inputs: TryOnInputs, truth: Truth) -> dict[str, tuple[Tensor, Tensor, int]]:
        """What each discriminator compares: fake, real, and how many channels are the image."""
        condition = inputs.semantic_condition
        shown = torch.cat([inputs.pose, inputs.source_without_clothes], 1)
        coarse = torch.cat([made.semantic_map, inputs.cloth, shown], 1)
        fake_clothes, real_clothes = made.warped * made.composition, truth.clothes_on_zero
        heads = {label: truth.semantic_map[:, [label]] for label in HEAD}
        face, hair = heads[Label.FACE], heads[Label.HAIR]
        return {
            "d1": (torch.cat([made.semantic_map, condition], 1), torch.cat([truth.semantic_map, condition], 1), 20),
            "d2": (torch.cat([made.coarse, coarse], 1), torch.cat([truth.image, coarse], 1), 3),
            "d_global": (
                torch.cat([made.image, fake_clothes, shown], 1), torch.cat([truth.image, real_clothes, shown], 1), 3,
            ),
            "d_local": (
                torch.cat([made.image * face, made.image * hair, fake_clothes, shown], 1),
                torch.cat([truth.image * face, truth.image * hair, real_clothes, shown], 1),
                6,
            ),
        }  # fmt: skip

    def _adversarial(self, pairs: dict[str, tuple[Tensor, Tensor, int]]) -> dict[str, Tensor]:
        losses = {}
        for name, (fake, _, _) in pairs.items():
            scores = self.discriminators[name](fake)
            losses[f"{name}_adversarial"] = sum(F.mse_loss(score, torch.ones_like(score)) for score in scores)
        return losses

    def _judge(self, name: str, fake: Tensor, real: Tensor, image_channels: int, r1: bool) -> Tensor:
        discriminator, config = self.discriminators[name], self.experiment.training
        loss = sum(F.mse_loss(score, torch.zeros_like(score)) for score in discriminator(fake))
        loss = loss + sum(F.mse_loss(score, torch.ones_like(score)) for score in discriminator(real))
        if r1:
            image = real[:, :image_channels].clone().requires_grad_()
            scores = discriminator(torch.cat([image, real[:, image_channels:]], 1))
            (gradient,) = torch.autograd.grad(sum(score.sum() for score in scores), image, create_graph=True)
            penalty = gradient.square().sum((1, 2, 3)).mean()
            loss = loss + config.r1_weight * config.r1_every * penalty
        return loss
