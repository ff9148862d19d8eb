"""``l1`` and ``ssim`` of each pair of photos."""

import torch
from jaxtyping import Float
from torch import Tensor
from torchmetrics.functional.image import structural_similarity_index_measure

L1_PROTOCOL = "mean |a−b| over RGB in [0, 1], 8-bit images"
SSIM_PROTOCOL = "Gaussian window 11, σ 1.5, mean over RGB and the whole image, 8-bit images in [0, 1]"


def l1_distance(predicted: Float[Tensor, "B 3 H W"], truth: Float[Tensor, "B 3 H W"]) -> Float[Tensor, " B"]:
    """Mean absolute difference of images in [-1, 1], as a share of the full range (0 … 1)."""
    return (predicted - truth).abs().mean((1, 2, 3)) / 2


def ssim(predicted: Float[Tensor, "B 3 H W"], truth: Float[Tensor, "B 3 H W"]) -> Float[Tensor, " B"]:
    """SSIM [47] of images in [-1, 1]; 1 for equal ones."""
    scores = structural_similarity_index_measure(
        (predicted + 1) / 2, (truth + 1) / 2, gaussian_kernel=True, sigma=1.5, kernel_size=11, data_range=1.0,
        reduction="none",
    )  # fmt: skip
    return torch.as_tensor(scores).reshape(len(predicted))
