"""A trained model's file: tensors by name in the safetensors format, with what is known of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spg_vton.errors import CheckpointError
from spg_vton.files import write_whole

_METADATA = "spg_vton"


@dataclass(frozen=True)
class ModelFile:
    """Weights and what is known of them."""

    weights: Mapping[str, Any]
    metadata: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long the training took, earlier runs included; not stored, so that equal trainings give equal files."""


def read_model(path: Path) -> ModelFile:
    """Read a file onto the CPU.

    Raises:
        CheckpointError: it is absent or damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            metadata = json.loads((file.metadata() or {}).get(_METADATA, "{}"))
            return ModelFile({name: file.get_tensor(name) for name in file.keys()}, metadata)  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path}: expected a safetensors file of weights, got: {error}. Train it again."
        ) from error


def write_model(path: Path, model: ModelFile) -> None:
    """Write a file; equal models give equal bytes.

    Raises:
        CheckpointError: it could not be written.
    """
    from safetensors.torch import save_file

    # under one key: safetensors writes several in no fixed order, and the same model would get another hash
    metadata = {_METADATA: json.dumps(dict(model.metadata), sort_keys=True)}
    write_whole(path, lambda aside: save_file(dict(model.weights), aside, metadata))
