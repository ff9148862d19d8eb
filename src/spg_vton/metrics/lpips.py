"""LPIPS with AlexNet (Zhang et al. 2018, version 0.1): a learned distance between images."""

import warnings
from pathlib import Path

import lpips
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from spg_vton.errors import ConfigError
from spg_vton.models.pretrained.frozen import FrozenNetwork
from spg_vton.models.pretrained.loading import load_convolutions
from spg_vton.weights import locate, sha256_of
from spg_vton.weights.readers import read_flax_pickle


class LpipsAlex(FrozenNetwork):
    """The `lpips` package's distance, its AlexNet trunk loaded from the registry.

    Args:
        upsample: factor by which both images are enlarged (bilinear) first. Part of the protocol: values with
            different factors are not comparable; 1 is upstream's.
        path: the trunk's file; found through the registry if None.

    Attributes:
        weights_sha256: hash of the trunk's file, to stand beside every number.
    """

    def __init__(self, upsample: int = 2, *, path: Path | None = None) -> None:
        super().__init__()
        if upsample < 1:
            raise ConfigError(f"upsample: expected a factor of 1 or more, got {upsample}.")
        self.upsample = upsample
        source = locate("lpips-alex", explicit=path)
        self.weights_sha256 = sha256_of(source)
        with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
            warnings.simplefilter("ignore")  # torchvision's notice about the package's old arguments
            self.network = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False)
        load_convolutions(self.network.net, read_flax_pickle(source, "AlexNet_0"), source)
        self.freeze()

    def forward(self, images: Float[Tensor, "B 3 H W"], others: Float[Tensor, "B 3 H W"]) -> Float[Tensor, " B"]:
        """Return each pair's distance, 0 for equal images; RGB in [-1, 1], H and W at least 32 / upsample."""
        if images.shape != others.shape:
            raise ConfigError(f"Expected two batches of one shape, got {tuple(images.shape)}, {tuple(others.shape)}.")
        return self.network(self._enlarged(images), self._enlarged(others)).flatten()

    def _enlarged(self, images: Tensor) -> Tensor:
        if self.upsample == 1:
            return images
        return functional.interpolate(images, scale_factor=self.upsample, mode="bilinear", align_corners=False)
