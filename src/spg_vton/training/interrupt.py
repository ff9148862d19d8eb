"""Ctrl-C and a scheduler's SIGTERM, turned into a flag, so that a step is never cut in half."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import torch
from lightning_fabric import Fabric

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def graceful_interrupt(fabric: Fabric) -> Iterator[Callable[[], bool]]:
    """Within the block, the given function says whether to stop; of several processes all say the same.

    A second Ctrl-C interrupts at once; not so among several processes, where the launcher sends each signal on.
    """
    pressed: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if pressed and fabric.world_size == 1:
            raise KeyboardInterrupt
        pressed.append(number)

    try:
        before = {number: signal.signal(number, handle) for number in _SIGNALS}
    except ValueError:  # not in the main thread: nothing to catch
        yield lambda: False
        return
    try:
        yield lambda: _anywhere(fabric, bool(pressed))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _anywhere(fabric: Fabric, flag: bool) -> bool:
    if fabric.world_size == 1:
        return flag
    return bool(fabric.all_reduce(torch.tensor(float(flag), device=fabric.device), reduce_op="max"))
