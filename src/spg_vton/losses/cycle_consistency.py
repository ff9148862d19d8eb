"""Conductible cycle consistency (Eq. 8): θ from masks, L1 on clothes; and the straightforward L1 on masks."""

from typing import NamedTuple

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


class CycleTerms(NamedTuple):
    """The two terms of a cycle."""

    forward: Float[Tensor, ""]  # ‖C_w − C_t‖₁, or ‖M_w^C − M_p^c‖₁
    backward: Float[Tensor, ""]  # ‖Ĉ − C‖₁, or ‖M̂^C − M^C‖₁


def conductible_cycle(
    warped: Float[Tensor, "B 3 H W"],
    worn: Float[Tensor, "B 3 H W"],
    restored: Float[Tensor, "B 3 H W"],
    cloth: Float[Tensor, "B 3 H W"],
) -> CycleTerms:
    """Warped garment C_w against worn C_t (on white), restored Ĉ against in-shop C."""
    return CycleTerms(F.l1_loss(warped, worn), F.l1_loss(restored, cloth))


def mask_cycle(
    warped: Float[Tensor, "B 1 H W"],
    predicted: Float[Tensor, "B 1 H W"],
    restored: Float[Tensor, "B 1 H W"],
    cloth: Float[Tensor, "B 1 H W"],
) -> CycleTerms:
    """The ablation of Eq. 8 that section III-C names: M_w^C against M_p^c (a target, so detached), M̂^C against M^C."""
    return CycleTerms(F.l1_loss(warped, predicted.detach()), F.l1_loss(restored, cloth))
