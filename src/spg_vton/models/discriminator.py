"""The multi-scale PatchGAN discriminator of D1, D2, D_g and D_l (Table I; pix2pixHD [3])."""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.config import Norm
from spg_vton.models.blocks import conv


class PatchDiscriminator(nn.Sequential):
    """One scale of Table I: (B, C, H, W) → a score map (B, 1, H/4, W/4).

    The table's "3 × 1" of Conv1 and stride 2 of Conv4 contradict its own sizes: 1 × 1 and stride 1 give them.
    """

    def __init__(self, in_channels: int, width: int = 32, norm: Norm = "instance") -> None:
        def block(inputs: int, outputs: int, kernel: int, stride: int, norm: Norm) -> nn.Sequential:
            return conv(
                inputs, outputs, kernel=kernel, stride=stride, norm=norm, activation=nn.LeakyReLU(0.2, inplace=True)
            )

        super().__init__(
            block(in_channels, width, 1, 1, "none"),
            block(width, width, 3, 1, norm),
            block(width, width, 3, 2, norm),
            block(width, width, 3, 1, norm),
            block(width, 2 * width, 3, 2, norm),
            nn.Conv2d(2 * width, 1, 1),
        )


class MultiScaleDiscriminator(nn.Module):
    """Patch discriminators with weights of their own on the image and on its halvings.

    Args:
        in_channels: channels of image and condition together (56, 47, 27 and 30 for D1, D2, D_g and D_l).
        width: channels of the first layer; 32 in the paper.
        scales: number of scales; 3 in the paper.
        norm: instance normalisation, as the text says, or none, as in the authors' code.
    """

    def __init__(self, in_channels: int, width: int = 32, scales: int = 3, norm: Norm = "instance") -> None:
        super().__init__()
        self.scales = nn.ModuleList(PatchDiscriminator(in_channels, width, norm) for _ in range(scales))

    def forward(self, x: Float[Tensor, "B C H W"]) -> list[Tensor]:
        """Score maps, the finest first; unbounded, 1 means real (LSGAN)."""
        scores = []
        for number, discriminator in enumerate(self.scales):
            if number:
                x = F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
            scores.append(discriminator(x))
        return scores
