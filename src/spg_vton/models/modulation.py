"""Spatially adaptive normalisation's gain and offset from a semantic map (Park et al. 2019; not in the paper)."""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

#: Channels between the map and its gains and offsets.
HIDDEN = 64


class Modulation(nn.Module):
    """x · (1 + γ(map)) + β(map) at every place of a normalised x; γ and β start at 0, where nothing changes.

    Args:
        map_channels: channels of the semantic map.
        channels: channels of x.
    """

    def __init__(self, map_channels: int, channels: int) -> None:
        super().__init__()
        self.shared = nn.Conv2d(map_channels, HIDDEN, 3, padding=1)
        self.gain_and_offset = nn.Conv2d(HIDDEN, 2 * channels, 3, padding=1)
        nn.init.zeros_(self.gain_and_offset.weight)
        nn.init.zeros_(self.gain_and_offset.bias)  # type: ignore[arg-type]

    def forward(
        self, x: Float[Tensor, "B C h w"], semantic_map: Float[Tensor, "B map H W"]
    ) -> Float[Tensor, "B C h w"]:
        """Modulate ``x`` by the map, averaged to x's resolution."""
        seen = F.interpolate(semantic_map, size=x.shape[2:], mode="area")
        gain, offset = self.gain_and_offset(F.relu(self.shared(seen))).chunk(2, dim=1)
        return x * (1 + gain) + offset
