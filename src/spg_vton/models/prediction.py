"""What any try-on method gives for a batch, so that one harness can judge them all."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from spg_vton.models.inputs import TryOnInputs
from spg_vton.models.spg_vton import SpgVton


@dataclass(frozen=True)
class Prediction:
    """A try-on photo and, where the method has them, the maps behind it."""

    image: Float[Tensor, "B 3 H W"]  # in [-1, 1]
    labels: Int[Tensor, "B H W"] | None = None  # predicted semantic map
    garment_mask: Float[Tensor, "B 1 H W"] | None = None  # where the garment was laid


Method = Callable[[TryOnInputs], Prediction]


def spg_vton_method(model: SpgVton) -> Method:
    """The trained networks as a method."""
    model.eval()

    @torch.no_grad()
    def predict(inputs: TryOnInputs) -> Prediction:
        output = model(inputs)
        return Prediction(output.try_on.image, output.semantic_map.argmax(1), output.warped.mask)

    return predict
