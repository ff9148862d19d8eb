"""One round between generators and a discriminator, with one pass of the fake through the discriminator.

The discriminator's scores of the fake serve both sides: the generator takes their gradient towards the fake, the
discriminator its own loss. Both sides thus move from the same weights in the same step.
"""

from collections.abc import Container
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.labels import Label
from spg_vton.losses.adversarial import discriminator_loss, generator_loss, r1_penalty
from spg_vton.losses.objective import Synthesis
from spg_vton.models.inputs import Truth, TryOnInputs, channels
from spg_vton.training.stages import PHOTO_DISCRIMINATORS


@dataclass(frozen=True)
class Contest:
    """What a discriminator compares: image (or map) and condition, joined along the channels."""

    fake: Float[Tensor, "B C H W"]
    real: Float[Tensor, "B C H W"]
    image_channels: int
    """How many of the channels, from the first, are the image; R1 looks at these only."""


def semantic_contest(semantic_map: Tensor, inputs: TryOnInputs, truth: Truth) -> Contest:
    """D1: (S; S'_s, A_s, M^C, P_t) (Eq. 1)."""
    condition = inputs.semantic_condition
    return Contest(
        torch.cat([semantic_map, condition], 1), torch.cat([truth.semantic_map, condition], 1), semantic_map.shape[1]
    )


def photo_contests(
    made: Synthesis, inputs: TryOnInputs, truth: Truth, names: Container[str] = PHOTO_DISCRIMINATORS
) -> dict[str, Contest]:
    """D2: (I; Ŝ_t, C, P_t, I_s^{w/o C}) (Eq. 3); D_g: (I; C_t, P_t, I_s^{w/o C}) (Eq. 13); D_l with heads (Eq. 14).

    Only those of ``names``.
    """
    shown = [inputs.pose, inputs.source_without_clothes]
    coarse = [made.coarse.guidance, inputs.cloth, *shown]
    fake = [made.try_on.clothes, *shown]
    real = [truth.clothes_on_zero, *shown]
    heads = {name: _heads(image, truth) for name, image in (("fake", made.try_on.image), ("real", truth.image))}
    contests = {
        "d2": Contest(torch.cat([made.coarse.image, *coarse], 1), torch.cat([truth.image, *coarse], 1).detach(), 3),
        "d_global": Contest(torch.cat([made.try_on.image, *fake], 1), torch.cat([truth.image, *real], 1), 3),
        "d_local": Contest(torch.cat([heads["fake"], *fake], 1), torch.cat([heads["real"], *real], 1), 6),
    }
    return {name: contest for name, contest in contests.items() if name in names}


def _heads(image: Tensor, truth: Truth) -> Float[Tensor, "B 6 H W"]:
    """I^f and I^h: face and hair of ``image`` on 0, both cut by the true map."""
    return torch.cat([image * channels(truth.semantic_map, [part]) for part in (Label.FACE, Label.HAIR)], dim=1)


def play(discriminator: nn.Module, contest: Contest, r1_weight: float) -> tuple[Tensor, Tensor]:
    """One round of ``contest``.

    Args:
        discriminator: gives a list of score maps.
        contest: fake (with a graph) and real.
        r1_weight: of the gradient penalty in this step; 0 leaves it out.

    Returns:
        The generator's term, whose gradient flows into ``contest.fake``, and the discriminator's loss, whose gradient
        flows into the discriminator alone.
    """
    leaf = contest.fake.detach().requires_grad_()
    fake_scores = discriminator(leaf)
    generator_term = generator_loss(fake_scores)
    (gradient,) = torch.autograd.grad(generator_term, leaf, retain_graph=True)
    image, condition = contest.real.detach().split(
        [contest.image_channels, contest.real.shape[1] - contest.image_channels], dim=1
    )
    image = image.clone().requires_grad_(r1_weight > 0)
    real_scores = discriminator(torch.cat([image, condition], dim=1))
    loss = discriminator_loss(fake_scores, real_scores)
    if r1_weight:
        loss = loss + r1_weight * r1_penalty(real_scores, image)
    return _with_gradient(generator_term.detach(), contest.fake, gradient), loss


def _with_gradient(value: Tensor, towards: Tensor, gradient: Tensor) -> Tensor:
    """A scalar equal to ``value`` whose gradient towards ``towards`` is ``gradient``."""
    carrier = (towards * gradient).sum()
    return value + carrier - carrier.detach()
