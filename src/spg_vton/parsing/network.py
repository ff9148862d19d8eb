"""The parser's network: a compact encoder–decoder that reads a photo and its pose maps.

Residual levels as in ResNet's basic block [He et al. 2016], a decoder that adds encoder features (a U-Net by sums, with
no wider convolutions), and logits at half the input's size, enlarged bilinearly.
"""

import itertools

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.keypoints import NUM_KEYPOINTS
from spg_vton.labels import NUM_LABELS

#: (H, W) that photos are fitted into; both are multiples of 16.
SIZE = (192, 144)


def _conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class _Block(nn.Module):
    """Two 3 × 3 convolutions around an identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = _conv(channels, channels), _conv(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(F.relu(self.first(x))))


class ParsingNetwork(nn.Module):
    """Photo and keypoints → logits of the 20 labels.

    Args:
        width: channels of the first level; the others have 2, 4 and 6 times as many.
    """

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        widths = [width, 2 * width, 4 * width, 6 * width]
        self.stem = _conv(3 + NUM_KEYPOINTS, width, 5, 2)
        self.levels = nn.ModuleList(nn.Sequential(_Block(channels), _Block(channels)) for channels in widths)
        self.down = nn.ModuleList(_conv(a, b, 3, 2) for a, b in itertools.pairwise(widths))
        self.up = nn.ModuleList(_conv(b, a, 1) for a, b in itertools.pairwise(widths))
        self.refine = nn.ModuleList(_Block(channels) for channels in widths[:-1])
        self.head = nn.Conv2d(width, NUM_LABELS, 3, padding=1)

    def forward(self, image: Float[Tensor, "B 3 H W"], pose: Float[Tensor, "B 18 H W"]) -> Float[Tensor, "B 20 H W"]:
        """Logits; ``image`` is RGB in [-1, 1], ``pose`` the 0/1 discs of ``geometry.heatmaps``."""
        x = F.relu(self.stem(torch.cat([image, pose], dim=1)))
        seen = []
        for number, level in enumerate(self.levels):
            x = level(F.relu(self.down[number - 1](x)) if number else x)
            seen.append(x)
        for number in reversed(range(len(self.up))):
            x = F.interpolate(self.up[number](x), scale_factor=2, mode="bilinear", align_corners=False)
            x = self.refine[number](F.relu(x + seen[number]))
        return F.interpolate(self.head(x), scale_factor=2, mode="bilinear", align_corners=False)
