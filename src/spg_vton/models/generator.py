"""The ResNet-like generator of G1, G2 and G3 (Table I)."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from spg_vton.config import Norm, Tail
from spg_vton.models.blocks import DoublingConv, JoiningConv, ResBlock, conv, normed
from spg_vton.models.modulation import Modulation


class Generator(nn.Module):
    """Table I: three halvings with residual blocks, three nearest-neighbour doublings, logits at the input's size.

    Args:
        in_channels: channels of the concatenated inputs (36, 41 and 24 for G1, G2 and G3).
        out_channels: channels of the result (20, 4 and 4).
        width: channels of the first layer; 64 in the paper (23.6 M parameters).
        norm: instance normalisation, as the text says, or none.
        skips: U-Net connections from each encoder level, and from the input itself, whose colours no normalisation has
            touched; not in the paper.
        tail: ``"paper"`` narrows to ``out_channels`` at Conv9 as Table I does; ``"wide"`` keeps ``width`` channels up
            to the last convolution (a 4-channel ReLU layer dies at small scale); not in the paper.
        map_channels: channels of a semantic map that modulates the decoder's normalised activations; 0 for none; not
            in the paper.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        width: int = 64,
        norm: Norm = "instance",
        skips: bool = False,
        tail: Tail = "paper",
        map_channels: int = 0,
    ) -> None:
        super().__init__()
        self.skips = skips
        joined = 2 if skips else 1

        def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
            return conv(inputs, outputs, stride=stride, norm=norm, activation=nn.ReLU(inplace=True))

        def up(inputs: int, outputs: int) -> nn.Sequential:
            return normed(DoublingConv(inputs, outputs), norm, nn.ReLU(inplace=True))

        self.stem = nn.Sequential(block(in_channels, width), block(width, 2 * width))
        self.down1 = nn.Sequential(block(2 * width, 2 * width, 2), ResBlock(2 * width, norm))
        self.down2 = nn.Sequential(block(2 * width, 4 * width, 2), ResBlock(4 * width, norm))
        self.down3 = nn.Sequential(block(4 * width, 8 * width, 2), *[ResBlock(8 * width, norm) for _ in range(4)])
        self.up1 = up(8 * width, 4 * width)
        self.up2 = up(4 * width * joined, 2 * width)
        self.up3 = up(2 * width * joined, width)
        self.tail = _tail(width + (2 * width + in_channels if skips else 0), out_channels, width, tail)
        modulated = (4 * width, 2 * width, width) if map_channels else ()
        self.modulations = nn.ModuleList(Modulation(map_channels, channels) for channels in modulated)

    def forward(
        self, x: Float[Tensor, "B in H W"], semantic_map: Float[Tensor, "B map H W"] | None = None
    ) -> Float[Tensor, "B out H W"]:
        """Logits, unbounded; H and W must be multiples of 8. ``semantic_map`` is read where ``map_channels`` is set."""
        full = self.stem(x)
        half = self.down1(full)
        quarter = self.down2(half)
        y = self._decode(0, self.up1, self.down3(quarter), semantic_map)
        y = self._decode(1, self.up2, self._join(y, quarter), semantic_map)
        y = self._decode(2, self.up3, self._join(y, half), semantic_map)
        return self.tail([y, full, x] if self.skips else [y])

    @torch.no_grad()
    def ignore_inputs(self, count: int) -> None:
        """Set the weights of the last ``count`` input channels to 0 where the input is read: training starts there."""
        self.stem[0][0].weight[:, -count:] = 0  # type: ignore[index]
        if self.skips:
            self.tail[0][0].weight[:, -count:] = 0  # type: ignore[index]

    def _decode(self, level: int, block: nn.Sequential, x: Tensor, semantic_map: Tensor | None) -> Tensor:
        """``block``, which doubles; its normalised activations are modulated before the ReLU that ends it."""
        if not self.modulations:
            return block(x)
        if semantic_map is None:
            raise ValueError("Generator: built to be modulated by a semantic map, got none.")
        return F.relu(self.modulations[level](block[:-1](x), semantic_map))

    def _join(self, decoded: Tensor, *encoded: Tensor) -> Tensor:
        return torch.cat([decoded, *encoded], dim=1) if self.skips else decoded


def _tail(inputs: int, outputs: int, width: int, kind: Tail) -> nn.Sequential:
    """Conv9 to Conv11, without normalisation."""
    if kind == "wide":
        return nn.Sequential(
            normed(JoiningConv(inputs, width), "none", nn.ReLU(inplace=True)), conv(width, outputs, norm="none")
        )
    return nn.Sequential(
        normed(JoiningConv(inputs, outputs), "none", nn.ReLU(inplace=True)),
        conv(outputs, outputs, norm="none", activation=nn.Tanh()),
        conv(outputs, outputs, kernel=1, norm="none"),
    )
