"""TSM, the Try-on Synthesis Module (section III-D): coarse photo and warped garment composed into the try-on photo."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.labels import NUM_LABELS
from spg_vton.models.clothes_warping import WarpResult
from spg_vton.models.generator import Generator


@dataclass(frozen=True)
class TryOnResult:
    """What G3 makes, and Eq. 10's composition."""

    image: Float[Tensor, "B 3 H W"]  # Î_t, in [-1, 1]
    rendered: Float[Tensor, "B 3 H W"]  # I_r, in [-1, 1]
    composition: Float[Tensor, "B 1 H W"]  # M, in [0, 1]
    clothes: Float[Tensor, "B 3 H W"]  # Ĉ_t = C_w · M


class TryOnSynthesis(nn.Module):
    """TSM: (I_r, M) = G3(I'_p, C_w, P_t) and Î_t = C_w · M + I_r · (1 − M) (Eq. 10).

    Args:
        gate: M ← M · M_w^C, as CP-VTON does, so that the white around C_w cannot be taken over (not in the paper).
        map_input: Ŝ_t behind G3's other inputs (not in the paper); its weights start at 0, where nothing changes.
        adaptive_norm: modulate G3's decoder by Ŝ_t (not in the paper; see ``models.modulation``).
        **generator: width, norm, skips and tail of G3.
    """

    def __init__(
        self, gate: bool = False, map_input: bool = False, adaptive_norm: bool = False, **generator: object
    ) -> None:
        super().__init__()
        self.gate, self.map_input = gate, map_input
        self.g3 = Generator(
            24 + NUM_LABELS * map_input,
            4,
            map_channels=NUM_LABELS * adaptive_norm,
            **generator,  # type: ignore[arg-type]
        )
        if map_input:
            self.g3.ignore_inputs(NUM_LABELS)

    def forward(
        self,
        coarse: Float[Tensor, "B 3 H W"],
        warped: WarpResult,
        pose: Float[Tensor, "B 18 H W"],
        guidance: Float[Tensor, "B 20 H W"] | None = None,
    ) -> TryOnResult:
        """Compose.

        Args:
            coarse: I_p, in training with a rectangle erased (I'_p).
            warped: C_w and its mask.
            pose: P_t.
            guidance: Ŝ_t, which only ``map_input`` and ``adaptive_norm`` read.
        """
        shown = [coarse, warped.cloth, pose]
        if self.map_input:
            if guidance is None:
                raise ValueError("TryOnSynthesis: built to read a semantic map, got none.")
            shown.append(guidance)
        logits = self.g3(torch.cat(shown, dim=1), guidance)
        rendered, composition = torch.tanh(logits[:, :3]), torch.sigmoid(logits[:, 3:])
        if self.gate:
            composition = composition * warped.mask
        clothes = warped.cloth * composition
        return TryOnResult(clothes + rendered * (1 - composition), rendered, composition, clothes)


def random_erase(
    image: Float[Tensor, "B 3 H W"],
    draws: Float[Tensor, "5 B"],
    probability: float = 0.5,
    area: tuple[float, float] = (0.02, 0.4),
    aspect: tuple[float, float] = (0.3, 3.3),
) -> Float[Tensor, "B 3 H W"]:
    """I'_p: with ``probability`` a rectangle of each image set to 0, in training only.

    Args:
        draws: uniform in [0, 1), on the CPU; they decide whether, how large, of what shape and where.
        area: share of the image, uniform.
        aspect: height over width, log-uniform.
    """
    height, width = image.shape[2:]
    chance, size, ratio, top, left = draws
    pixels = height * width * (area[0] + (area[1] - area[0]) * size)
    ratio = torch.exp(math.log(aspect[0]) + (math.log(aspect[1]) - math.log(aspect[0])) * ratio)
    tall = (pixels * ratio).sqrt().round().clamp(1, height)
    broad = (pixels / ratio).sqrt().round().clamp(1, width)
    y0, x0 = (top * (height - tall + 1)).floor(), (left * (width - broad + 1)).floor()
    rows, columns = torch.arange(height)[None], torch.arange(width)[None]
    in_rows = (rows >= y0[:, None]) & (rows < (y0 + tall)[:, None])
    in_columns = (columns >= x0[:, None]) & (columns < (x0 + broad)[:, None])
    erased = in_rows[:, :, None] & in_columns[:, None, :] & (chance < probability)[:, None, None]
    return image * (~erased[:, None]).to(image)
