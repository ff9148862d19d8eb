"""Adversarial losses (Eq. 1, 3, 13, 14) in LSGAN's form [51], and the R1 gradient penalty [52].

Every function takes the score maps of all scales and sums over the scales; real is 1 and fake is 0.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor


def discriminator_loss(fake: Sequence[Tensor], real: Sequence[Tensor]) -> Float[Tensor, ""]:
    """Σ over scales of E[D(fake)²] + E[(D(real) − 1)²]."""
    terms = [a.square().mean() + (b - 1).square().mean() for a, b in zip(fake, real, strict=True)]
    return torch.stack(terms).sum()


def generator_loss(fake: Sequence[Tensor]) -> Float[Tensor, ""]:
    """Σ over scales of E[(D(fake) − 1)²]."""
    return torch.stack([(scores - 1).square().mean() for scores in fake]).sum()


def r1_penalty(real: Sequence[Tensor], image: Float[Tensor, "B C H W"]) -> Float[Tensor, ""]:
    """E‖∇_x D(x)‖² over real samples, with the gradient towards ``image`` only (not towards the condition).

    Args:
        real: the score maps of the real samples.
        image: the part of the discriminator's input that the gradient is taken to; it must require a gradient.
    """
    total = torch.stack([scores.sum() for scores in real]).sum()
    (gradient,) = torch.autograd.grad(total, image, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean()
