"""Focal loss of the predicted semantic map (Eq. 2) [41]."""

import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def softmax_focal(
    logits: Float[Tensor, "B K H W"], labels: Int[Tensor, "B H W"], gamma: float = 2.0
) -> Float[Tensor, ""]:
    """Mean over pixels of −(1 − p)^γ log p, with p the softmax probability of the true label; no class weights."""
    log_p = F.log_softmax(logits, dim=1).gather(1, labels[:, None])
    return (-((1 - log_p.exp()) ** gamma) * log_p).mean()
