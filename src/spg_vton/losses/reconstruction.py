"""Pixel-wise L1 losses (Eq. 2, 5 and 11)."""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def l1(predicted: Tensor, truth: Tensor) -> Float[Tensor, ""]:
    """Mean absolute difference over every element: L^s_recon (Eq. 2) and both terms of L^p_recon (Eq. 5)."""
    return F.l1_loss(predicted, truth)


def composition_regulariser(composition: Float[Tensor, "B 1 H W"]) -> Float[Tensor, ""]:
    """‖1 − M‖₁ (second term of Eq. 11): take the garment from C_w where that is possible."""
    return (1 - composition).abs().mean()
