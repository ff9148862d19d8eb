"""A residual appearance flow on top of the TPS (not in the paper): what 25 control points cannot follow.

Convention: the flow is added to the TPS's backward grid, in that grid's frame (``geometry.tps``); 2 is the image's
width or height.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.models.blocks import ResBlock, conv


class ResidualFlow(nn.Module):
    """(C_w, M_w^C, M_p^c) → a flow at a quarter of the resolution; 0 before any training.

    Args:
        width: channels of the first layer.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        wide = 2 * width
        self.body = nn.Sequential(
            conv(3 + 1 + 1, width, stride=2, activation=nn.ReLU(inplace=True)),
            conv(width, wide, stride=2, activation=nn.ReLU(inplace=True)),
            ResBlock(wide), ResBlock(wide),
        )  # fmt: skip
        self.flow = nn.Conv2d(wide, 2, 3, padding=1)
        nn.init.zeros_(self.flow.weight)
        nn.init.zeros_(self.flow.bias)  # type: ignore[arg-type]

    def forward(
        self, cloth: Float[Tensor, "B 3 H W"], mask: Float[Tensor, "B 1 H W"], target: Float[Tensor, "B 1 H W"]
    ) -> Float[Tensor, "B 2 h w"]:
        """The flow (x, y) that moves what the TPS has warped towards the ``target`` mask; h = H/4, w = W/4."""
        return self.flow(self.body(torch.cat([cloth, mask, target], dim=1)))


def add_flow(grid: Float[Tensor, "B H W 2"], flow: Float[Tensor, "B 2 h w"]) -> Float[Tensor, "B H W 2"]:
    """The sampling grid displaced by the flow, which is enlarged to the grid's size (bilinear)."""
    enlarged = F.interpolate(flow.to(grid.dtype), size=grid.shape[1:3], mode="bilinear", align_corners=False)
    return grid + enlarged.permute(0, 2, 3, 1)
