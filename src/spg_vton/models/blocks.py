"""Convolution blocks that generator, discriminator and geometric matching share (Table I)."""

import torch.nn.functional as F
from torch import Tensor, nn

from spg_vton.config import Norm


class InstanceNorm(nn.Module):
    """Instance normalisation without parameters [49], as a group norm of one group a channel (faster on a CPU)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → the same shape, each channel of each sample with mean 0 and variance 1."""
        return F.group_norm(x, self.channels)


def conv(
    inputs: int,
    outputs: int,
    *,
    kernel: int = 3,
    stride: int = 1,
    norm: Norm = "instance",
    activation: nn.Module | None = None,
) -> nn.Sequential:
    """Convolution that keeps the size at stride 1, then norm, then activation; either may be absent."""
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2)]
    if norm == "instance":
        layers.append(InstanceNorm(outputs))
    if activation is not None:
        layers.append(activation)
    return nn.Sequential(*layers)


class ResBlock(nn.Module):
    """Two 3 × 3 convolutions and the identity: ReLU(x + f(x)) (Table I, Resblock)."""

    def __init__(self, channels: int, norm: Norm = "instance") -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv(channels, channels, norm=norm, activation=nn.ReLU(inplace=True)), conv(channels, channels, norm=norm)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → (B, C, H, W)."""
        return F.relu(x + self.body(x))
