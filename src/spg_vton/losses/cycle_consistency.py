"""Conductible cycle consistency (Eq. 8): θ from masks, L1 on clothes."""

from typing import NamedTuple

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


class CycleTerms(NamedTuple):
    """The two terms of L_cond."""

    forward: Float[Tensor, ""]  # ‖C_w − C_t‖₁
    backward: Float[Tensor, ""]  # ‖Ĉ − C‖₁


def conductible_cycle(
    warped: Float[Tensor, "B 3 H W"],
    worn: Float[Tensor, "B 3 H W"],
    restored: Float[Tensor, "B 3 H W"],
    cloth: Float[Tensor, "B 3 H W"],
) -> CycleTerms:
    """Warped garment C_w against worn C_t (on white), restored Ĉ against in-shop C."""
    return CycleTerms(F.l1_loss(warped, worn), F.l1_loss(restored, cloth))
