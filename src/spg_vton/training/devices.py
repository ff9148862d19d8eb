"""The devices a training runs on, through Lightning Fabric: one in this process, or this process's of several."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from spg_vton.config import TrainingConfig
from spg_vton.errors import ConfigError


def make_fabric(config: TrainingConfig) -> Fabric:
    """Take the devices; where there are several, join the other processes.

    Raises:
        ConfigError: several processes are asked for, and this is not one of them.
    """
    several = config.processes > 1
    if several and not torch.distributed.is_torchelastic_launched():
        raise ConfigError(
            f"training: {config.devices} devices on {config.num_nodes} nodes need a process each. Run "
            "`python -m spg_vton.training CONFIG` or `kedro run`, which start them, or set devices to 1."
        )
    if config.threads:
        torch.set_num_threads(config.threads)
    fabric = Fabric(
        accelerator=config.accelerator,
        devices=config.devices,
        num_nodes=config.num_nodes,
        strategy="ddp" if several else "auto",
        precision=config.precision,
    )
    fabric.launch()
    return fabric


def run_in_precision(fabric: Fabric, network: nn.Module) -> None:
    """Let ``network`` compute in Fabric's precision and give float32.

    Its ``forward`` is replaced rather than the module wrapped: Fabric's wrapper forbids `torch.autograd.grad` at its
    results, by which a contest's one pass serves both sides.
    """
    forward: Callable[..., Any] = network.forward

    def precise(*inputs: Any, **named: Any) -> Any:
        with fabric.autocast():
            result = forward(*inputs, **named)
        return [scores.float() for scores in result] if isinstance(result, list) else result.float()

    network.forward = precise


def average_gradients(fabric: Fabric, parameters: Iterable[nn.Parameter]) -> None:
    """Replace every gradient by its mean over the processes, in one exchange.

    After the backward pass rather than by hooks within it: a network may then run twice a step, once, or not at all,
    be differentiated twice (R1) and in parts, and the processes still exchange the same things in the same order.
    """
    if fabric.world_size == 1:
        return
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = fabric.all_reduce(torch.cat([gradient.reshape(-1) for gradient in gradients]), reduce_op="mean")
    assert isinstance(flat, Tensor)
    for gradient, mean in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
        gradient.copy_(mean.view(gradient.shape))
