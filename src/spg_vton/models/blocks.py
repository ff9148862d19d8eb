"""Convolution blocks that generator, discriminator and geometric matching share (Table I)."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float
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


class DoublingConv(nn.Conv2d):
    """Nearest-neighbour doubling, then a 3 × 3 convolution, as the transposed convolution that both together are.

    Each of its 4 × 4 weights is a sum of those of the 3 × 3 kernel that fall on the same pixel before the doubling:
    16 products a pixel of the input, where the doubled image would take 36.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3, padding=1)
        self.register_buffer("spread", _spread(), persistent=False)

    def forward(self, x: Float[Tensor, "B in H W"]) -> Float[Tensor, "B out 2H 2W"]:
        """Double and convolve."""
        weight = torch.matmul(self.weight.flatten(2), self.get_buffer("spread").to(self.weight.dtype))
        return F.conv_transpose2d(x, weight.transpose(0, 1).unflatten(2, (4, 4)), self.bias, stride=2, padding=1)


def _spread() -> Float[Tensor, "9 16"]:
    """3 × 3 weights → 4 × 4: in either direction weight t sums the kernel's 2 − t and 3 − t, where there are such."""
    line = torch.tensor([[0.0, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]])
    return torch.kron(line, line)


class JoiningConv(nn.Conv2d):
    """A 3 × 3 convolution of several images one behind the other, as the sum of a convolution of each.

    Nothing is copied together, and no gradient is made for those that want none.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, images: Sequence[Float[Tensor, "B _ H W"]]) -> Float[Tensor, "B out H W"]:  # type: ignore[override]
        """Images whose channels are together the convolution's."""
        weights = self.weight.split([image.shape[1] for image in images], dim=1)
        first = F.conv2d(images[0], weights[0], self.bias, padding=1)
        others = zip(images[1:], weights[1:], strict=True)
        return sum((F.conv2d(image, weight, padding=1) for image, weight in others), first)


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
    return normed(nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2), norm, activation)


def normed(convolution: nn.Conv2d, norm: Norm, activation: nn.Module | None) -> nn.Sequential:
    """A convolution, then norm, then activation; either may be absent."""
    layers: list[nn.Module] = [convolution]
    if norm == "instance":
        layers.append(InstanceNorm(convolution.out_channels))
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
