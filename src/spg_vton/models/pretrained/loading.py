"""Putting pretrained values into a network, without drawing the random ones it would start from."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import nn

from spg_vton.errors import WeightsError
from spg_vton.weights.readers import ConvWeights

Network = TypeVar("Network", bound=nn.Module)


def build_empty(build: Callable[[], Network]) -> Network:
    """Build a network whose parameters hold no values yet; the global random generator is left as it is.

    Every parameter and buffer must be filled before the network is used.
    """
    with torch.device("meta"):
        network = build()
    return network.to_empty(device="cpu")


def load_convolutions(network: nn.Module, weights: Sequence[ConvWeights], source: object) -> None:
    """Copy weights into a network's convolutions, in order; `source` names the file in errors.

    Raises:
        WeightsError: the number of convolutions or a shape differs.
    """
    convolutions = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    expected = [tuple(module.weight.shape) for module in convolutions]
    found = [tuple(item.weight.shape) for item in weights]
    if expected != found:
        raise WeightsError(f"{source}: expected convolutions of the shapes {expected}, got {found}.")
    with torch.no_grad():
        for module, item in zip(convolutions, weights, strict=True):
            module.weight.copy_(item.weight)
            if module.bias is not None:
                module.bias.copy_(item.bias)
