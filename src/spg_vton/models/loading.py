"""A trained model from its weights and what its file says of itself."""

import json
from collections.abc import Mapping

from torch import Tensor

from spg_vton.config import ModelConfig
from spg_vton.errors import CheckpointError
from spg_vton.models.spg_vton import SpgVton

_PREFIX = "model."


def load_generators(weights: Mapping[str, Tensor], metadata: Mapping[str, str]) -> SpgVton:
    """The generators of a training's model file, ready to predict on the CPU.

    Raises:
        CheckpointError: the file does not say which networks it holds, or holds others.
    """
    try:
        model = SpgVton(ModelConfig(**json.loads(metadata["model"])))
        model.load_state_dict({k.removeprefix(_PREFIX): v for k, v in weights.items() if k.startswith(_PREFIX)})
    except (KeyError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"The model file does not fit this version's networks ({str(error).splitlines()[0]}). Train it again."
        ) from error
    return model.requires_grad_(False).eval()
