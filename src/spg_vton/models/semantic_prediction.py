"""SPM, the Semantic Prediction Module (section III-B): the target's map, then a coarse photo and clothes mask."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.labels import NUM_LABELS, WITHOUT_CLOTHES
from spg_vton.models.generator import Generator
from spg_vton.models.inputs import TryOnInputs, channels


@dataclass(frozen=True)
class CoarseResult:
    """What G2 makes."""

    image: Float[Tensor, "B 3 H W"]  # I_p, in [-1, 1]
    clothes_mask: Float[Tensor, "B 1 H W"]  # M_p^c, in [0, 1]
    guidance: Float[Tensor, "B 20 H W"]  # the map that G2 was shown, and that D2 and G3 are: Ŝ_t, or zeros


class SemanticPrediction(nn.Module):
    """SPM: G1 predicts Ŝ_t = G1(S'_s, A_s, M^C, P_t); G2 predicts (I_p, M_p^c) = G2(Ŝ'_t, P_t, C, I_s^{w/o C}).

    Args:
        guided: pass Ŝ_t on; else zeros stand in its place, so that only the pose says where things are (ablation).
        adaptive_norm: modulate G2's decoder by Ŝ_t (not in the paper; see ``models.modulation``).
        **generator: width, norm, skips and tail of both generators.
    """

    def __init__(self, guided: bool = True, adaptive_norm: bool = False, **generator: object) -> None:
        super().__init__()
        self.guided = guided
        self.g1 = Generator(36, NUM_LABELS, **generator)  # type: ignore[arg-type]
        self.g2 = Generator(41, 4, map_channels=NUM_LABELS * adaptive_norm, **generator)  # type: ignore[arg-type]

    def predict_logits(self, inputs: TryOnInputs) -> Float[Tensor, "B 20 H W"]:
        """Ŝ_t before the softmax."""
        return self.g1(inputs.semantic_condition)

    def synthesise(self, inputs: TryOnInputs, semantic_map: Float[Tensor, "B 20 H W"]) -> CoarseResult:
        """The coarse photo and the clothes mask under ``semantic_map`` (softmax Ŝ_t, never its argmax)."""
        guidance = semantic_map if self.guided else torch.zeros_like(semantic_map)
        kept = channels(guidance, WITHOUT_CLOTHES)
        shown = torch.cat([kept, inputs.pose, inputs.cloth, inputs.source_without_clothes], dim=1)
        logits = self.g2(shown, guidance)
        return CoarseResult(torch.tanh(logits[:, :3]), torch.sigmoid(logits[:, 3:]), guidance)
