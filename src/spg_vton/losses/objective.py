"""The total objective (Eq. 2, 6, 9, 16 and 17): every term by name, unweighted and weighted.

This file alone knows the weights λ; the loss functions know none, and the trainer only sums.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.config import Lambdas, ObjectiveConfig
from spg_vton.errors import WeightsError
from spg_vton.labels import HEAD
from spg_vton.losses.breakdown import Breakdown
from spg_vton.losses.cycle_consistency import conductible_cycle, mask_cycle
from spg_vton.losses.face_identity import face_identity, face_identity_at_keypoints
from spg_vton.losses.focal import softmax_focal
from spg_vton.losses.perceptual import LAYER_WEIGHTS, perceptual
from spg_vton.losses.reconstruction import composition_regulariser, l1
from spg_vton.losses.warp_regularity import roughness, second_differences, warp_distance
from spg_vton.models.clothes_warping import WarpResult
from spg_vton.models.inputs import Truth, TryOnInputs, channels
from spg_vton.models.pretrained import FaceEmbedding, SphereFace, build_features
from spg_vton.models.semantic_prediction import CoarseResult
from spg_vton.models.try_on_synthesis import TryOnResult
from spg_vton.weights import locate

logger = logging.getLogger(__name__)


Features = Callable[[Tensor], tuple[Tensor, ...]]
"""A frozen feature network: (B, 3, H, W) in [-1, 1] → activations."""


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

    def synthesis(self, made: Synthesis, inputs: TryOnInputs, truth: Truth) -> Breakdown:
        """L_prd, L_cwm and L_tsm without their adversarial terms (Eq. 6, 9 and 16)."""
        with torch.no_grad():
            seen = self.features(truth.image)
        return (
            self._coarse(made.coarse, truth, seen)
            + self._cycle(made, inputs, truth)
            + self._warp(made, truth)
            + self._try_on(made.try_on, truth, seen)
            + self._identity(made, truth)
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

    def _cycle(self, made: Synthesis, inputs: TryOnInputs, truth: Truth) -> Breakdown:
        warped, restored = made.warped, made.restored
        if self.config.cycle == "masks":
            cycle = mask_cycle(warped.mask, warped.target, restored.mask, restored.target)
            terms = {"mask_cycle_forward": cycle.forward, "mask_cycle_backward": cycle.backward}
        else:
            cycle = conductible_cycle(warped.cloth, truth.clothes_on_white, restored.cloth, inputs.cloth)
            terms = {"cycle_forward": cycle.forward, "cycle_backward": cycle.backward}
        return Breakdown(terms, dict.fromkeys(terms, self.lambdas.cycle))

    def _warp(self, made: Synthesis, truth: Truth) -> Breakdown:
        """The terms on the warp that are not the paper's, each where its weight is set."""
        config, warped = self.config, made.warped
        terms, weights = {}, {}
        if config.mask_l1_weight:
            terms["warp_mask_l1"] = l1(warped.mask, truth.clothes_mask)
            weights["warp_mask_l1"] = config.mask_l1_weight
        if config.tps_regularity_weight:
            terms["tps_regularity"] = second_differences(warped.theta) + second_differences(made.restored.theta)
            weights["tps_regularity"] = config.tps_regularity_weight
        if config.flow_smoothness_weight and warped.flow is not None:
            terms["flow_smoothness"] = roughness(warped.flow)
            weights["flow_smoothness"] = config.flow_smoothness_weight
        if config.flow_truth_weight and truth.warp is not None:
            terms["flow_truth"] = warp_distance(warped.grid, truth.warp)
            weights["flow_truth"] = config.flow_truth_weight
        return Breakdown(terms, weights)

    def _try_on(self, try_on: TryOnResult, truth: Truth, seen: tuple[Tensor, ...]) -> Breakdown:
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
        return Breakdown(terms, weights)

    def _identity(self, made: Synthesis, truth: Truth) -> Breakdown:
        if self.embed is None:
            return Breakdown()
        images = (made.try_on.image, truth.image)
        if self.config.head_box == "keypoints":
            term, seen = face_identity_at_keypoints(self.embed, *images, truth.keypoints)
        else:
            head = channels(made.semantic_map, HEAD).sum(1, keepdim=True)
            term, seen = face_identity(self.embed, *images, head)
        counts = {"identity_seen": term.new_tensor(seen), "identity_skipped": term.new_tensor(len(truth.image) - seen)}
        return Breakdown({"identity": term}, {"identity": self.lambdas.identity}, counts)


def build_objective(lambdas: Lambdas, config: ObjectiveConfig) -> Objective:
    """The objective with its pretrained networks.

    Raises:
        WeightsError: the perceptual network's weights cannot be had, or the file that is named for the face network.
    """
    features = build_features(config.perceptual, upsample=config.perceptual_upsample)
    return Objective(lambdas, config, features, _face_network(config) if lambdas.identity else None)


def _face_network(config: ObjectiveConfig) -> FaceEmbedding | SphereFace | None:
    """F of Eq. 15; None where it is not wanted, or is dlib's and not there, which a warning says."""
    if config.identity == "none":
        return None
    if config.identity == "sphere-face":
        return SphereFace(Path(config.identity_file), config.identity_sha256)
    try:
        return FaceEmbedding(locate("dlib-face", fetch=False))
    except WeightsError as error:
        logger.warning("The face identity loss (Eq. 15) is off: %s", error)
        return None
