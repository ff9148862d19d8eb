"""The total objective (Eq. 2, 6, 9, 16 and 17): every term by name, unweighted and weighted.

This file alone knows the weights λ; the loss functions know none, and the trainer only sums.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.config import Lambdas, ObjectiveConfig
from spg_vton.errors import WeightsError
from spg_vton.labels import HEAD
from spg_vton.losses.cycle_consistency import conductible_cycle
from spg_vton.losses.face_identity import face_identity
from spg_vton.losses.focal import softmax_focal
from spg_vton.losses.perceptual import LAYER_WEIGHTS, perceptual
from spg_vton.losses.reconstruction import composition_regulariser, l1
from spg_vton.models.clothes_warping import WarpResult
from spg_vton.models.inputs import Truth, channels
from spg_vton.models.pretrained import FaceEmbedding, build_features
from spg_vton.models.semantic_prediction import CoarseResult
from spg_vton.models.try_on_synthesis import TryOnResult
from spg_vton.weights import locate

logger = logging.getLogger(__name__)


Features = Callable[[Tensor], tuple[Tensor, ...]]
"""A frozen feature network: (B, 3, H, W) in [-1, 1] → activations."""


@dataclass(frozen=True)
class Breakdown:
    """Named terms of an objective."""

    terms: dict[str, Tensor] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> Float[Tensor, ""]:
        """The weighted sum."""
        return torch.stack([self.terms[name] * self.weights[name] for name in self.terms]).sum()

    def __add__(self, other: "Breakdown") -> "Breakdown":
        return Breakdown(self.terms | other.terms, self.weights | other.weights)

    def values(self) -> dict[str, float]:
        """``name`` → the unweighted and ``weighted.name`` → the weighted value, as numbers."""
        names = list(self.terms)
        numbers = torch.stack([self.terms[name].detach() for name in names]).tolist()
        weighted = {f"weighted.{name}": value * self.weights[name] for name, value in zip(names, numbers, strict=True)}
        return dict(zip(names, numbers, strict=True)) | weighted


@dataclass(frozen=True)
class Synthesis:
    """What stages 2 and 3 make of a batch, beyond the map."""

    semantic_map: Float[Tensor, "B 20 H W"]  # softmax Ŝ_t
    coarse: CoarseResult
    warped: WarpResult
    restored: WarpResult
    try_on: TryOnResult


class Objective:
    """Eq. 17 without its adversarial terms' inner workings, which need the discriminators (``training.steps``).

    Args:
        lambdas: λ1 … λ5.
        config: the other weights.
        features: Φ of Eq. 4 and 12, the network that ``config.perceptual`` names.
        embed: F of Eq. 15; None turns the term off.
    """

    def __init__(
        self,
        lambdas: Lambdas,
        config: ObjectiveConfig,
        features: Features,
        embed: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        self.lambdas, self.config, self.features, self.embed = lambdas, config, features, embed

    def to(self, device: torch.device) -> None:
        """Move the frozen networks to ``device``."""
        for network in (self.features, self.embed):
            if isinstance(network, nn.Module):
                network.to(device)

    @property
    def terms_on(self) -> dict[str, bool]:
        """Optional terms, and whether they take part."""
        return {"identity": self.embed is not None}

    def semantic(self, logits: Tensor, semantic_map: Tensor, truth: Truth) -> Breakdown:
        """L_seg without its adversarial term (Eq. 2)."""
        return Breakdown(
            {
                "semantic_focal": softmax_focal(logits, truth.labels),
                "semantic_l1": l1(semantic_map, truth.semantic_map),
            },
            {"semantic_focal": self.lambdas.focal, "semantic_l1": 1.0},
        )

    def synthesis(self, made: Synthesis, cloth: Tensor, truth: Truth) -> Breakdown:
        """L_prd, L_cwm and L_tsm without their adversarial terms (Eq. 6, 9 and 16)."""
        with torch.no_grad():
            seen = self.features(truth.image)
        return (
            self._coarse(made.coarse, truth, seen)
            + self._warp(made.warped, made.restored, cloth, truth)
            + self._try_on(made.try_on, made.semantic_map, truth, seen)
        )

    def adversarial(self, terms: Mapping[str, Tensor]) -> Breakdown:
        """The generators' adversarial terms (Eq. 1, 3, 13 and 14)."""
        return Breakdown(dict(terms), dict.fromkeys(terms, self.config.adversarial_weight))

    def _coarse(self, coarse: CoarseResult, truth: Truth, seen: tuple[Tensor, ...]) -> Breakdown:
        terms = {
            "coarse_l1": l1(coarse.image, truth.image),
            "coarse_mask_l1": l1(coarse.clothes_mask, truth.clothes_mask),
            "coarse_perceptual": self._perceptual(coarse.image, seen),
        }
        return Breakdown(terms, dict.fromkeys(terms, self.lambdas.coarse))

    def _perceptual(self, image: Tensor, seen: tuple[Tensor, ...]) -> Tensor:
        return perceptual(self.features(image), seen, LAYER_WEIGHTS[self.config.perceptual])

    def _warp(self, warped: WarpResult, restored: WarpResult, cloth: Tensor, truth: Truth) -> Breakdown:
        cycle = conductible_cycle(warped.cloth, truth.clothes_on_white, restored.cloth, cloth)
        terms = {"cycle_forward": cycle.forward, "cycle_backward": cycle.backward}
        weights = dict.fromkeys(terms, self.lambdas.cycle)
        if self.config.mask_l1_weight:
            terms["warp_mask_l1"] = l1(warped.mask, truth.clothes_mask)
            weights["warp_mask_l1"] = self.config.mask_l1_weight
        return Breakdown(terms, weights)

    def _try_on(self, try_on: TryOnResult, semantic_map: Tensor, truth: Truth, seen: tuple[Tensor, ...]) -> Breakdown:
        scale = self.lambdas.try_on
        terms = {
            "try_on_l1": l1(try_on.image, truth.image),
            "composition": composition_regulariser(try_on.composition),
            "try_on_perceptual": self._perceptual(try_on.image, seen),
        }
        weights = {
            "try_on_l1": scale * self.config.image_weight,
            "composition": scale * self.config.composition_weight,
            "try_on_perceptual": scale,
        }
        if self.embed is not None:
            head = channels(semantic_map, HEAD).sum(1, keepdim=True)
            terms["identity"], _ = face_identity(self.embed, try_on.image, truth.image, head)
            weights["identity"] = self.lambdas.identity
        return Breakdown(terms, weights)


def build_objective(lambdas: Lambdas, config: ObjectiveConfig) -> Objective:
    """The objective with its pretrained networks.

    Raises:
        WeightsError: the perceptual network's weights cannot be had.
    """
    features = build_features(config.perceptual, upsample=config.perceptual_upsample)
    if config.identity == "none" or not lambdas.identity:
        return Objective(lambdas, config, features)
    try:
        embed = FaceEmbedding(locate("dlib-face", fetch=False))
    except WeightsError as error:
        logger.warning("The face identity loss (Eq. 15) is off: %s", error)
        return Objective(lambdas, config, features)
    return Objective(lambdas, config, features, embed)
