"""CWM, the Clothes Warping Module (section III-C): the garment warped onto the clothes mask, and back.

Convention: the backward grids of ``geometry.tps`` (align_corners=True); garments sample with border padding, which on
an in-shop photo is white, masks with zeros.
"""

from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.geometry.moments import align
from spg_vton.geometry.tps import sample, sampling_grid
from spg_vton.models.appearance_flow import ResidualFlow, add_flow
from spg_vton.models.geometric_matching import GeometricMatching


@dataclass(frozen=True)
class WarpResult:
    """A warped garment."""

    cloth: Float[Tensor, "B 3 H W"]  # T_θ(C), in [-1, 1]
    mask: Float[Tensor, "B 1 H W"]  # T_θ(M^C), in [0, 1]
    theta: Float[Tensor, "B offsets"]
    grid: Float[Tensor, "B H W 2"]  # where in the unwarped garment each pixel was sampled
    target: Float[Tensor, "B 1 H W"]  # the mask it was fitted to
    flow: Float[Tensor, "B 2 h w"] | None = None  # what was added to the TPS's grid


class ClothesWarping(nn.Module):
    """CWM: θ_1 = GMM1(M^C, M_p^c) warps the garment, θ_2 = GMM2(M_w^C, M^C) warps it back (Eq. 8's cycle).

    Args:
        size: (H, W).
        width: first width of both GMMs; they share no weights.
        reach: largest TPS offset.
        prealign: match the masks' first two moments before the TPS (not in the paper; see ``geometry.moments``).
        residual_flow: add an appearance flow to the first warp (not in the paper; see ``models.appearance_flow``).
    """

    def __init__(
        self,
        size: tuple[int, int],
        width: int = 64,
        reach: float = 1,
        prealign: bool = False,
        residual_flow: bool = False,
    ) -> None:
        super().__init__()
        self.prealign = prealign
        self.gmm1 = GeometricMatching(width, size, reach=reach)
        self.gmm2 = GeometricMatching(width, size, reach=reach)
        self.flow = ResidualFlow(width) if residual_flow else None

    def forward(self, cloth: Tensor, cloth_mask: Tensor, clothes_mask: Float[Tensor, "B 1 H W"]) -> WarpResult:
        """C_w = T_θ1(C) and M_w^C = T_θ1(M^C), to fit ``clothes_mask``."""
        warped = self._warp(self.gmm1, cloth, cloth_mask, clothes_mask)
        if self.flow is None:
            return warped
        flow = self.flow(warped.cloth, warped.mask, clothes_mask)
        grid = add_flow(warped.grid, flow)
        return replace(warped, cloth=_cloth(cloth, grid), mask=_mask(cloth_mask, grid), grid=grid, flow=flow)

    def restore(self, warped: WarpResult, cloth_mask: Float[Tensor, "B 1 H W"]) -> WarpResult:
        """Ĉ = T_θ2(C_w) and M̂^C = T_θ2(M_w^C), back to the in-shop ``cloth_mask``."""
        return self._warp(self.gmm2, warped.cloth, warped.mask, cloth_mask)

    def _warp(self, matching: nn.Module, cloth: Tensor, moving: Tensor, fixed: Tensor) -> WarpResult:
        theta = matching(moving, fixed)
        grid = sampling_grid(theta, (moving.shape[2], moving.shape[3]))
        if self.prealign:
            grid = align(grid, moving, fixed)
        return WarpResult(_cloth(cloth, grid), _mask(moving, grid), theta, grid, fixed)


def _cloth(cloth: Tensor, grid: Tensor) -> Tensor:
    return sample(cloth, grid, "border")


def _mask(mask: Tensor, grid: Tensor) -> Tensor:
    return sample(mask, grid, "zeros")
