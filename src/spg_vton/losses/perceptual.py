"""Perceptual loss between the activations of a frozen network (Eq. 4 and 12) [45]."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

#: Weights of VGG-19's relu1_1 … relu5_1, for a network that takes images of unit variance.
VGG19_LAYER_WEIGHTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)

#: A network that takes byte values answers about as much more loudly as they are larger: the standard deviation of
#: ImageNet's pixels, 0.226 · 255.
_BYTE_SCALE = 57.7

#: α_i by feature network (``models.pretrained``).
LAYER_WEIGHTS: dict[str, tuple[float, ...]] = {
    "vgg19-imagenet": VGG19_LAYER_WEIGHTS,
    "vgg19": tuple(weight / _BYTE_SCALE for weight in VGG19_LAYER_WEIGHTS),
    "squeezenet": (1 / 5 / _BYTE_SCALE,) * 5,
    "alexnet": (1 / 5,) * 5,
}


def perceptual(
    predicted: Sequence[Tensor], truth: Sequence[Tensor], layer_weights: Sequence[float]
) -> Float[Tensor, ""]:
    """Σ_i α_i · mean |Φ_i(predicted) − Φ_i(truth)|; the truth is detached.

    Raises:
        ValueError: the numbers of activations and weights differ.
    """
    if not len(predicted) == len(truth) == len(layer_weights):
        raise ValueError(
            f"perceptual: expected as many activations as weights, got {len(predicted)}, {len(truth)} and "
            f"{len(layer_weights)}."
        )
    terms = [weight * F.l1_loss(a, b.detach()) for weight, a, b in zip(layer_weights, predicted, truth, strict=True)]
    return torch.stack(terms).sum()
