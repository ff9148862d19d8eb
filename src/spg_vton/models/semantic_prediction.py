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


class SemanticPrediction(nn.Module):
    """SPM: G1 predicts Ŝ_t = G1(S'_s, A_s, M^C, P_t); G2 predicts (I_p, M_p^c) = G2(Ŝ'_t, P_t, C, I_s^{w/o C}).

    Args:
        **generator: width, norm, skips and tail of both generators.
    """

    def __init__(self, **generator: object) -> None:
        super().__init__()
        self.g1 = Generator(36, NUM_LABELS, **generator)  # type: ignore[arg-type]
        self.g2 = Generator(41, 4, **generator)  # type: ignore[arg-type]

    def predict_logits(self, inputs: TryOnInputs) -> Float[Tensor, "B 20 H W"]:
        """Ŝ_t before the softmax."""
        return self.g1(inputs.semantic_condition)

    def synthesise(self, inputs: TryOnInputs, semantic_map: Float[Tensor, "B 20 H W"]) -> CoarseResult:
        """The coarse photo and the clothes mask under ``semantic_map`` (softmax Ŝ_t, never its argmax)."""
        kept = channels(semantic_map, WITHOUT_CLOTHES)
        logits = self.g2(torch.cat([kept, inputs.pose, inputs.cloth, inputs.source_without_clothes], dim=1))
        return CoarseResult(torch.tanh(logits[:, :3]), torch.sigmoid(logits[:, 3:]))
