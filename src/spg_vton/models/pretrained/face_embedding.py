"""The face embedding F of Eq. 15: dlib's 29-layer face ResNet rebuilt in torch, so gradients flow through it.

dlib takes faces aligned by five landmarks; here a plain crop is resized, so distances are larger than dlib's rule
of thumb (below 0.6 for one person on aligned faces), and only comparable with one another.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from spg_vton.errors import WeightsError
from spg_vton.models.pretrained.frozen import FrozenNetwork
from spg_vton.models.pretrained.loading import build_empty
from spg_vton.weights import locate
from spg_vton.weights.readers import read_dlib_tensors

_SIDE = 150
_MEAN = (122.782, 117.001, 104.298)
_DIVISOR = 256.0

#: Input channels, output channels and whether the block halves the resolution.
_BLOCKS = (
    *[(32, 32, False)] * 3,
    (32, 64, True), *[(64, 64, False)] * 3,
    (64, 128, True), *[(128, 128, False)] * 2,
    (128, 256, True), *[(256, 256, False)] * 2,
    (256, 256, True),
)  # fmt: skip


class FaceEmbedding(FrozenNetwork):
    """Maps face crops to points whose Euclidean distance tells persons apart."""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.stem = build_empty(_build_stem)
        self.blocks = build_empty(lambda: nn.Sequential(*[_ResidualBlock(*block) for block in _BLOCKS]))
        self.embed = build_empty(lambda: nn.Linear(256, 128, bias=False))
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        source = locate("dlib-face", explicit=path)
        _load(self, read_dlib_tensors(source), source)
        self.freeze()

    def forward(self, crops: Float[Tensor, "B 3 h w"]) -> Float[Tensor, "B 128"]:
        """Embed RGB face crops in [-1, 1] of any size; they are resized to 150x150 (bilinear, antialiased)."""
        if crops.shape[-2:] != (_SIDE, _SIDE):
            crops = functional.interpolate(
                crops, size=(_SIDE, _SIDE), mode="bilinear", align_corners=False, antialias=True
            )
        pixels = (crops + 1) * 127.5
        hidden = self.blocks(self.stem((pixels - self.get_buffer("mean")) / _DIVISOR))
        return self.embed(hidden.mean(dim=(2, 3)))


def _build_stem() -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(3, 32, 7, stride=2), _ChannelAffine(32), nn.ReLU(), nn.MaxPool2d(3, 2))


class _ChannelAffine(nn.Module):
    """What is left of a batch normalisation after training: a gain and an offset a channel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, hidden: Tensor) -> Tensor:
        return hidden * self.weight + self.bias


class _ResidualBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut without parameters; dlib pads the smaller of the two with zeros."""

    def __init__(self, channels_in: int, channels_out: int, halve: bool) -> None:
        super().__init__()
        self.halve = halve
        self.body = nn.Sequential(
            nn.Conv2d(channels_in, channels_out, 3, stride=2 if halve else 1, padding=0 if halve else 1),
            _ChannelAffine(channels_out),
            nn.ReLU(),
            nn.Conv2d(channels_out, channels_out, 3, padding=1),
            _ChannelAffine(channels_out),
        )

    def forward(self, hidden: Tensor) -> Tensor:
        body = self.body(hidden)
        shortcut = functional.avg_pool2d(hidden, 2, 2) if self.halve else hidden
        shape = tuple(max(pair) for pair in zip(body.shape[1:], shortcut.shape[1:], strict=True))
        return functional.relu(_pad_to(body, shape) + _pad_to(shortcut, shape))


def _pad_to(hidden: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Pad with zeros behind, to `shape` (channels, height, width)."""
    channels, height, width = (target - size for target, size in zip(shape, hidden.shape[1:], strict=True))
    return functional.pad(hidden, (0, width, 0, height, 0, channels))


def _load(network: FaceEmbedding, tensors: list[np.ndarray], source: Path) -> None:
    """Copy the file's tensors in: one a layer, weight then bias, in forward order; the last one transposed."""
    layers = [module for module in network.modules() if isinstance(module, nn.Conv2d | _ChannelAffine | nn.Linear)]
    expected = [sum(parameter.numel() for parameter in layer.parameters()) for layer in layers]
    found = [values.size for values in tensors]
    if expected != found:
        raise WeightsError(f"{source}: expected tensors of {expected} values, got {found}.")
    with torch.no_grad():
        for layer, values in zip(layers, tensors, strict=True):
            for parameter, part in _split(layer, values):
                parameter.copy_(part)


def _split(layer: nn.Module, values: np.ndarray) -> Iterator[tuple[Tensor, Tensor]]:
    if isinstance(layer, nn.Linear):
        yield layer.weight, torch.from_numpy(values).view(layer.in_features, layer.out_features).T
        return
    start = 0
    for parameter in layer.parameters():
        part = torch.from_numpy(values[start : start + parameter.numel()])
        yield parameter, part.view(parameter.shape)
        start += parameter.numel()
