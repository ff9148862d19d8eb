"""A pretrained network that is only looked through: its parameters never change, gradients still reach its input."""

from typing import Self

from torch import nn


class FrozenNetwork(nn.Module):
    """Stays in evaluation mode and without parameter gradients, whatever the module that owns it is told."""

    def freeze(self) -> Self:
        """Switch the parameters' gradients off; to be called at the end of a subclass's constructor."""
        self.requires_grad_(False)
        return self.train()

    def train(self, mode: bool = True) -> Self:
        """Stay in evaluation mode; `mode` is ignored."""
        return super().train(False)
