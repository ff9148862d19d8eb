"""FLOPs of what runs, by part: PyTorch's own formulas, backward passes told apart by autograd's sequence numbers.

``torch.utils.flop_counter.FlopCounterMode`` follows modules by hooks, which `torch.autograd.grad` refuses; a contest
uses that.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

REST = "losses and the rest"


class Parts:
    """Which part of a step is running, and which part each autograd node came from."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.intervals: list[tuple[int, int, str]] = []
        self.saved: Counter[str] = Counter()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Everything within belongs to ``name``, but for parts within it."""
        first = torch.autograd._get_sequence_nr()
        self.stack.append(name)
        with torch.profiler.record_function(f"part:{name}"):
            yield
        self.stack.pop()
        self.intervals.append((first, torch.autograd._get_sequence_nr(), name))

    @property
    def current(self) -> str:
        """The innermost part."""
        return self.stack[-1] if self.stack else REST

    def of_node(self, sequence: int) -> str:
        """The innermost part in which the node of this number was made."""
        holding = [(end - start, name) for start, end, name in self.intervals if start <= sequence < end]
        return min(holding)[1] if holding else REST

    @contextmanager
    def weigh_saved(self) -> Iterator[None]:
        """Count the bytes that each part keeps for its backward pass, every tensor once; weights are left out."""
        seen: list[Tensor] = []  # kept, so that no address is taken twice
        addresses: set[int] = set()

        def pack(tensor: Tensor) -> Tensor:
            storage = tensor.untyped_storage()
            if storage.data_ptr() not in addresses and not isinstance(tensor, torch.nn.Parameter):
                addresses.add(storage.data_ptr())
                seen.append(tensor.detach())
                self.saved[self.current] += storage.nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            yield


class CountFlops(TorchDispatchMode):
    """Counts while it is entered; ``counted`` has FLOPs by part."""

    def __init__(self, parts: Parts | None = None) -> None:
        super().__init__()
        self.parts, self.counted = parts or Parts(), Counter[str]()

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run ``function`` and add what it took."""
        result = function(*args, **(kwargs or {}))
        if formula := flop_registry.get(function._overloadpacket):
            node = torch._C._current_autograd_node()
            part = self.parts.of_node(node._sequence_nr()) if node is not None else self.parts.current
            self.counted[part] += formula(*args, **(kwargs or {}), out_val=result)
        return result
