"""Geometric matching (GMM, [38] as in CP-VTON [6]): two masks in, TPS control offsets out (section III-C)."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.models.blocks import InstanceNorm

#: The feature grid that the paper's four halvings leave of 256 × 192.
_GRID_HEIGHT = 16


class FeatureExtractor(nn.Sequential):
    """Stride-2 4 × 4 convolutions, then two 3 × 3: a mask → features on a grid about 16 high."""

    def __init__(self, width: int, halvings: int) -> None:
        layers: list[nn.Module] = []
        channels = 1
        for level in range(halvings):
            outputs = min(width * 2**level, 8 * width)
            layers += [nn.Conv2d(channels, outputs, 4, 2, 1), nn.ReLU(inplace=True), InstanceNorm(outputs)]
            channels = outputs
        self.channels = 8 * width
        layers += [nn.Conv2d(channels, self.channels, 3, 1, 1), nn.ReLU(inplace=True), InstanceNorm(self.channels)]
        layers += [nn.Conv2d(self.channels, self.channels, 3, 1, 1), nn.ReLU(inplace=True)]
        super().__init__(*layers)


def correlation(a: Float[Tensor, "B C h w"], b: Float[Tensor, "B C h w"]) -> Float[Tensor, "B hw h w"]:
    """Channel-normalised correlation of every place of ``a`` with every place of ``b``, itself normalised.

    Channel i of the result at place j is ⟨a_i, b_j⟩ for L2-normalised features, after a ReLU and an L2 norm over i.
    """
    batch, _, height, width = b.shape
    a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
    product = torch.bmm(a.flatten(2).transpose(1, 2), b.flatten(2))
    return F.normalize(F.relu(product.view(batch, height * width, height, width)), dim=1)


class GeometricMatching(nn.Module):
    """GMM: θ = tanh(regressor(correlation(features, features))) · reach.

    Args:
        width: channels of the first layer; 64 in the paper's reference.
        size: (H, W) of the masks; the number of halvings follows from it, down to 64 × 48.
        control: control points a side; 5.
        reach: largest offset, in the frame of ``geometry.tps``; 1 in the paper's reference.
    """

    def __init__(self, width: int = 64, size: tuple[int, int] = (256, 192), control: int = 5, reach: float = 1) -> None:
        super().__init__()
        halvings = max(1, round(math.log2(size[0] / _GRID_HEIGHT)))
        self.size, self.reach = size, reach
        self.first, self.second = FeatureExtractor(width, halvings), FeatureExtractor(width, halvings)
        height, breadth = size[0] // 2**halvings, size[1] // 2**halvings
        wide = 8 * width

        self.regressor = nn.Sequential(
            nn.Conv2d(height * breadth, wide, 4, 2, 1), InstanceNorm(wide), nn.ReLU(inplace=True),
            nn.Conv2d(wide, wide // 2, 4, 2, 1), InstanceNorm(wide // 2), nn.ReLU(inplace=True),
            # no norm from here on: it would take each channel's mean, which says where and how large the garment is
            nn.Conv2d(wide // 2, wide // 4, 3, 1, 1), nn.ReLU(inplace=True),
            nn.Conv2d(wide // 4, width, 3, 1, 1), nn.ReLU(inplace=True),
            nn.Flatten(),
        )  # fmt: skip
        self.offsets = nn.Linear(width * (height // 4) * (breadth // 4), 2 * control * control)

    def forward(self, moving: Float[Tensor, "B 1 H W"], fixed: Float[Tensor, "B 1 H W"]) -> Float[Tensor, "B offsets"]:
        """Offsets that warp ``moving`` onto ``fixed``, within ±``reach``.

        Raises:
            ValueError: the masks do not have the size the network was built for.
        """
        if tuple(moving.shape[2:]) != tuple(self.size) or moving.shape != fixed.shape:
            raise ValueError(
                f"GeometricMatching: expected two (B, 1, {self.size[0]}, {self.size[1]}) masks, got "
                f"{tuple(moving.shape)} and {tuple(fixed.shape)}."
            )
        features = self.regressor(correlation(self.first(moving), self.second(fixed)))
        return torch.tanh(self.offsets(features)) * self.reach
