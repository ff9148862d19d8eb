"""Readers of the registry's file formats. None executes code from a file: pickles may rebuild NumPy arrays only."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32
from safetensors.torch import load_file
from torch import Tensor

from spg_vton.errors import WeightsError

#: NumPy's own function that a pickled array names.
_RECONSTRUCT = np.empty(0).__reduce__()[0]
#: All that a pickle of NumPy arrays names; both spellings of NumPy's core.
_ARRAY_PARTS: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
}


@dataclass(frozen=True)
class ConvWeights:
    """One convolution's parameters as torch lays them out."""

    weight: Float[Tensor, "out in kh kw"]
    bias: Float[Tensor, " out"]


class _ArrayUnpickler(pickle.Unpickler):
    """Builds plain containers and NumPy arrays, and refuses every other name."""

    def find_class(self, module: str, name: str) -> Any:
        """Return one of the array's parts."""
        if (module, name) not in _ARRAY_PARTS:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return _ARRAY_PARTS[module, name]


def read_array_pickle(path: Path) -> dict[str, Any]:
    """Read a pickled dictionary of NumPy arrays (nested as it may be).

    Raises:
        WeightsError: the file is damaged, or names anything but a NumPy array's parts.
    """
    try:
        with path.open("rb") as file:
            content = _ArrayUnpickler(file).load()
    except Exception as error:  # a damaged pickle may raise nearly anything
        raise WeightsError(
            f"{path}: expected a pickle of NumPy arrays only, but {error}. It was not loaded."
        ) from error
    if not isinstance(content, dict):
        raise WeightsError(f"{path}: expected a dictionary of arrays, got {type(content).__name__}.")
    return content


def read_flax_pickle(path: Path, net: str) -> list[ConvWeights]:
    """Read the convolutions `<net>/Conv_<i>` of a Flax parameter tree, in order."""
    tree = _child(read_array_pickle(path), net, path)
    return [_from_hwio(tree[f"Conv_{i}"]["kernel"], tree[f"Conv_{i}"]["bias"]) for i in range(len(tree))]


def read_conv_pickle(path: Path, names: list[str]) -> list[ConvWeights]:
    """Read the convolutions called `names` from a pickle of `name: [kernel, bias]`."""
    tree = read_array_pickle(path)
    return [_from_hwio(*_child(tree, name, path)) for name in names]


def read_palette(path: Path) -> list[ConvWeights]:
    """Read convolutions whose weights are stored as 8-bit indices into one table each, in the file's order."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise WeightsError(f"{path}: expected a file of tensors only, but {error}") from error
    names = [key.removesuffix("_W_q") for key in content if key.endswith("_W_q")]
    if not names:
        raise WeightsError(f"{path}: expected entries `<layer>_W_q`, got {sorted(content)[:4]}.")
    return [
        ConvWeights(content[f"{name}_W_table"][content[f"{name}_W_q"].long()].float(), content[f"{name}_b"].float())
        for name in names
    ]


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Read a state dictionary: safetensors by the suffix, else PyTorch's format without running code from it.

    Raises:
        WeightsError: the file is damaged or holds anything but tensors by name.
    """
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise WeightsError(f"{path}: expected a file of tensors only, but {error}") from error
    if not isinstance(content, dict) or not all(isinstance(values, Tensor) for values in content.values()):
        raise WeightsError(f"{path}: expected a dictionary of tensors, got {type(content).__name__}.")
    return content


def read_dlib_tensors(path: Path) -> list[Float32[np.ndarray, " values"]]:
    """Read the parameter tensors of a dlib network file, flattened, in the file's order.

    A tensor is written as its version (2), four dimensions, and little-endian floats; an integer as a byte holding
    its length and sign, then its bytes. Everything between the tensors (layer names, rates) is passed over, and so
    are tensors of less than 32 values, which dlib's layers do not train.
    """
    data = path.read_bytes()
    tensors: list[np.ndarray] = []
    position = 0
    while (start := data.find(b"\x01\x02", position)) >= 0:
        tensor, end = _dlib_tensor(data, start + 2)
        position = start + 1 if tensor is None else end
        if tensor is not None:
            tensors.append(tensor)
    return tensors


def _dlib_tensor(data: bytes, position: int) -> tuple[np.ndarray | None, int]:
    """Read four dimensions and their floats at `position`; None where there is no tensor."""
    count = 1
    for _ in range(4):
        length = data[position] if position < len(data) else 0
        if not 1 <= length <= 4:
            return None, position
        count *= int.from_bytes(data[position + 1 : position + 1 + length], "little")
        position += 1 + length
    if not 32 <= count <= (len(data) - position) // 4:
        return None, position
    values = np.frombuffer(data, "<f4", count, position).astype(np.float32)
    plausible = np.isfinite(values).all() and 1e-12 < np.abs(values).max() < 1e6
    return (values if plausible else None), position + 4 * count


def _child(tree: Mapping[str, Any], name: str, path: Path) -> Any:
    if name not in tree:
        raise WeightsError(f"{path}: expected an entry {name!r}, got {sorted(tree)[:6]}.")
    return tree[name]


def _from_hwio(kernel: np.ndarray, bias: np.ndarray) -> ConvWeights:
    """Turn a (kh, kw, in, out) kernel into torch's layout."""
    weight = torch.from_numpy(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))).float()
    return ConvWeights(weight, torch.from_numpy(np.ascontiguousarray(bias).reshape(-1)).float())
