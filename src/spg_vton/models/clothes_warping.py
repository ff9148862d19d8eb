"""CWM, the Clothes Warping Module (section III-C): the garment warped onto the clothes mask, and back.

Convention: the backward grids of ``geometry.tps`` (align_corners=True); garments sample with border padding, which on
an in-shop photo is white, masks with zeros.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.geometry.moments import align
from spg_vton.geometry.tps import sample, sampling_grid
from spg_vton.models.geometric_matching import GeometricMatching


@dataclass(frozen=True)
class WarpResult:
    """A warped garment."""

    cloth: Float[Tensor, "B 3 H W"]  # T_θ(C), in [-1, 1]
    mask: Float[Tensor, "B 1 H W"]  # T_θ(M^C), in [0, 1]
    theta: Float[Tensor, "B offsets"]


class ClothesWarping(nn.Module):
    """CWM: θ_1 = GMM1(M^C, M_p^c) warps the garment, θ_2 = GMM2(M_w^C, M^C) warps it back (Eq. 8's cycle).

    Args:
        size: (H, W).
        width: first width of both GMMs; they share no weights.
        reach: largest TPS offset.
        prealign: match the masks' first two moments before the TPS (not in the paper; see ``geometry.moments``).
    """

    def __init__(self, size: tuple[int, int], width: int = 64, reach: float = 1, prealign: bool = False) -> None:
        super().__init__()
        self.prealign = prealign
        self.gmm1 = GeometricMatching(width, size, reach=reach)
        self.gmm2 = GeometricMatching(width, size, reach=reach)

    def forward(self, cloth: Tensor, cloth_mask: Tensor, clothes_mask: Float[Tensor, "B 1 H W"]) -> WarpResult:
        """C_w = T_θ1(C) and M_w^C = T_θ1(M^C), to fit ``clothes_mask``."""
        return self._warp(self.gmm1, cloth, cloth_mask, clothes_mask)

    def restore(self, warped: WarpResult, cloth_mask: Float[Tensor, "B 1 H W"]) -> WarpResult:
        """Ĉ = T_θ2(C_w) and M̂^C = T_θ2(M_w^C), back to the in-shop ``cloth_mask``."""
        return self._warp(self.gmm2, warped.cloth, warped.mask, cloth_mask)

    def _warp(self, matching: nn.Module, cloth: Tensor, moving: Tensor, fixed: Tensor) -> WarpResult:
        theta = matching(moving, fixed)
        grid = sampling_grid(theta, (moving.shape[2], moving.shape[3]))
        if self.prealign:
            grid = align(grid, moving, fixed)
        return WarpResult(sample(cloth, grid, "border"), sample(moving, grid, "zeros"), theta)
