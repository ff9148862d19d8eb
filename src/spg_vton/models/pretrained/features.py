"""Frozen feature extractors of the perceptual loss (Eq. 4 and 12): VGG-19, SqueezeNet 1.1, AlexNet.

Each takes RGB images in [-1, 1] and returns five activation maps, fine to coarse. The networks are torchvision's;
their weights come from the registry.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import torch
import torchvision
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from spg_vton.config import FeatureName
from spg_vton.errors import ConfigError
from spg_vton.models.pretrained.frozen import FrozenNetwork
from spg_vton.models.pretrained.loading import build_empty, load_convolutions
from spg_vton.weights import locate
from spg_vton.weights.readers import read_conv_pickle, read_flax_pickle, read_palette

FEATURE_NAMES: tuple[FeatureName, ...] = get_args(FeatureName)

#: Channel means of Caffe's ImageNet networks, blue green red, in [0, 255].
_CAFFE_MEAN = (103.939, 116.779, 123.68)
_IMAGENET_MEAN, _IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
#: LPIPS's own normalisation of images in [-1, 1].
_LPIPS_SHIFT, _LPIPS_SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)

_FIRES = tuple(f"fire{number}/{part}" for number in range(2, 10) for part in ("squeeze1x1", "expand1x1", "expand3x3"))


class FeatureExtractor(FrozenNetwork):
    """Runs a frozen stack of layers and returns the outputs of some of them.

    Args:
        layers: the stack; layers behind the last tap are dropped.
        taps: indices of the layers whose outputs are returned.
        shift, scale: the input is (image - shift) / scale, image in [-1, 1], channels in the network's order.
        bgr: whether the network was trained on blue-green-red images.
        upsample: factor by which images are enlarged (bilinear) first; 2 to 4 keeps the coarse taps meaningful
            below about 128 pixels.
    """

    def __init__(
        self,
        layers: nn.Sequential,
        *,
        taps: tuple[int, ...],
        shift: Sequence[float],
        scale: Sequence[float],
        bgr: bool = False,
        upsample: int = 1,
    ) -> None:
        super().__init__()
        if upsample < 1:
            raise ConfigError(f"upsample: expected a factor of 1 or more, got {upsample}.")
        self.layers = layers[: taps[-1] + 1]
        self.taps = taps
        self.bgr = bgr
        self.upsample = upsample
        self.register_buffer("shift", torch.tensor(shift).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(scale).view(1, 3, 1, 1), persistent=False)
        self.freeze()

    def forward(self, images: Float[Tensor, "B 3 H W"]) -> tuple[Float[Tensor, "B _ _ _"], ...]:
        """Return the activation maps of RGB images in [-1, 1]; H and W at least 32 / upsample."""
        if self.upsample > 1:
            images = functional.interpolate(images, scale_factor=self.upsample, mode="bilinear", align_corners=False)
        if self.bgr:
            images = images.flip(1)
        hidden = (images - self.get_buffer("shift")) / self.get_buffer("scale")
        maps = []
        for index, layer in enumerate(self.layers):
            hidden = layer(hidden)
            if index in self.taps:
                maps.append(hidden)
        return tuple(maps)


class Vgg19Features(FeatureExtractor):
    """relu1_1, relu2_1, relu3_1, relu4_1, relu5_1 of VGG-19: 64, 128, 256, 512, 512 channels at 1/1 to 1/16."""

    TAPS = (1, 6, 11, 20, 29)

    def __init__(self, path: Path | None = None, *, upsample: int = 1) -> None:
        source = locate("vgg19", explicit=path)
        layers = build_empty(lambda: torchvision.models.vgg19(weights=None).features)
        load_convolutions(layers, read_palette(source), source)
        shift, scale = _caffe_normalisation()
        super().__init__(layers, taps=self.TAPS, shift=shift, scale=scale, bgr=True, upsample=upsample)


class Vgg19ImageNetFeatures(FeatureExtractor):
    """The same five maps with torchvision's own full-precision weights, which torchvision fetches or has cached."""

    def __init__(self, *, upsample: int = 1) -> None:
        layers = torchvision.models.vgg19(weights=torchvision.models.VGG19_Weights.IMAGENET1K_V1).features
        shift = [2 * mean - 1 for mean in _IMAGENET_MEAN]
        scale = [2 * std for std in _IMAGENET_STD]
        super().__init__(layers, taps=Vgg19Features.TAPS, shift=shift, scale=scale, upsample=upsample)


class SqueezeNetFeatures(FeatureExtractor):
    """The first ReLU and fire 3, 5, 7, 9 of SqueezeNet 1.1: 64, 128, 256, 384, 512 channels at 1/2 to 1/16."""

    TAPS = (1, 4, 7, 10, 12)

    def __init__(self, path: Path | None = None, *, upsample: int = 1) -> None:
        source = locate("squeezenet", explicit=path)
        layers = build_empty(lambda: torchvision.models.squeezenet1_1(weights=None).features)
        load_convolutions(layers, read_conv_pickle(source, ["conv1", *_FIRES]), source)
        shift, scale = _caffe_normalisation()
        super().__init__(layers, taps=self.TAPS, shift=shift, scale=scale, bgr=True, upsample=upsample)


class AlexNetFeatures(FeatureExtractor):
    """The five ReLUs of AlexNet as LPIPS taps them: 64, 192, 384, 256, 256 channels at 1/4 to 1/16."""

    TAPS = (1, 4, 7, 9, 11)

    def __init__(self, path: Path | None = None, *, upsample: int = 1) -> None:
        source = locate("lpips-alex", explicit=path)
        layers = build_empty(lambda: torchvision.models.alexnet(weights=None).features)
        load_convolutions(layers, read_flax_pickle(source, "AlexNet_0"), source)
        super().__init__(layers, taps=self.TAPS, shift=_LPIPS_SHIFT, scale=_LPIPS_SCALE, upsample=upsample)


def build_features(name: FeatureName, *, path: Path | None = None, upsample: int = 1) -> FeatureExtractor:
    """Build the extractor called `name` with its pretrained weights.

    Args:
        name: one of FEATURE_NAMES.
        path: the weights' file; found through the registry if None.
        upsample: factor by which images are enlarged first.

    Raises:
        ConfigError: no extractor is called so, or the factor is below 1.
        WeightsError: the weights are missing or damaged.
    """
    match name:
        case "vgg19":
            return Vgg19Features(path, upsample=upsample)
        case "vgg19-imagenet":
            return Vgg19ImageNetFeatures(upsample=upsample)
        case "squeezenet":
            return SqueezeNetFeatures(path, upsample=upsample)
        case "alexnet":
            return AlexNetFeatures(path, upsample=upsample)
        case _:
            raise ConfigError(f"No feature extractor is called {name!r}; there are {', '.join(FEATURE_NAMES)}.")


def _caffe_normalisation() -> tuple[list[float], list[float]]:
    """Shift and scale that take [-1, 1] to [0, 255] minus Caffe's means."""
    return [mean / 127.5 - 1 for mean in _CAFFE_MEAN], [1 / 127.5] * 3
