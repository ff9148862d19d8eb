"""SPG-VTON: SPM, CWM and TSM end to end, and the discriminators they are trained against (section III)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.config import ModelConfig
from spg_vton.models.clothes_warping import ClothesWarping, WarpResult
from spg_vton.models.discriminator import MultiScaleDiscriminator
from spg_vton.models.inputs import TryOnInputs
from spg_vton.models.semantic_prediction import CoarseResult, SemanticPrediction
from spg_vton.models.try_on_synthesis import TryOnResult, TryOnSynthesis


@dataclass(frozen=True)
class SpgVtonOutput:
    """Every intermediate result of one pass, and the try-on photo."""

    semantic_map: Float[Tensor, "B 20 H W"]  # softmax Ŝ_t
    coarse: CoarseResult
    warped: WarpResult
    try_on: TryOnResult


class SpgVton(nn.Module):
    """The generators: (source, garment, target pose) → try-on photo."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        generator = {
            "width": config.generator_width, "norm": config.norm, "skips": config.skips, "tail": config.tail,
        }  # fmt: skip
        self.spm = SemanticPrediction(config.map_guidance, config.adaptive_norm, **generator)
        self.cwm = ClothesWarping(
            config.size, config.matching_width, config.tps_reach, config.prealign, config.residual_flow
        )
        self.tsm = TryOnSynthesis(config.gate, config.map_in_g3, config.adaptive_norm, **generator)

    def forward(self, inputs: TryOnInputs) -> SpgVtonOutput:
        """Inference: nothing is erased, GMM1 reads the predicted mask."""
        semantic_map = torch.softmax(self.spm.predict_logits(inputs), dim=1)
        coarse = self.spm.synthesise(inputs, semantic_map)
        warped = self.cwm(inputs.cloth, inputs.cloth_mask, coarse.clothes_mask)
        try_on = self.tsm(coarse.image, warped, inputs.pose, coarse.guidance)
        return SpgVtonOutput(semantic_map, coarse, warped, try_on)


def build_discriminators(config: ModelConfig) -> nn.ModuleDict:
    """D1 on maps, D2 on coarse photos, D_g and D_l on try-on photos and their heads (Table I; section III-D)."""
    inputs = {"d1": 20 + 36, "d2": 3 + 44, "d_global": 3 + 24, "d_local": 6 + 24}
    return nn.ModuleDict(
        {
            name: MultiScaleDiscriminator(
                channels, config.discriminator_width, config.discriminator_scales, config.norm
            )
            for name, channels in inputs.items()
        }
    )
