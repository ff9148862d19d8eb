"""Methods without learning, which any method must beat; none sees the target photo."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from spg_vton.models.inputs import TryOnInputs, to_unit
from spg_vton.models.prediction import Method, Prediction
from spg_vton.store.dataset import Store


def copy_source(inputs: TryOnInputs) -> Prediction:
    """The source photo and its map, unchanged."""
    return Prediction(inputs.source_image, inputs.source_map.argmax(1))


def paste_unwarped(inputs: TryOnInputs) -> Prediction:
    """The in-shop garment laid as it is on the source photo."""
    image = inputs.cloth * inputs.cloth_mask + inputs.source_image * (1 - inputs.cloth_mask)
    return Prediction(image, garment_mask=inputs.cloth_mask)


def training_mean(store: Store, batch_size: int = 64) -> Float[Tensor, "3 H W"]:
    """The mean of the training split's target photos, each counted once, in [-1, 1]."""
    rows = store.select(split="train", truth=True)
    _, first = np.unique(store.indices(rows, "target"), return_index=True)
    total = torch.zeros(3, store.height, store.width, dtype=torch.float64)
    for start in range(0, len(first), batch_size):
        photos = store.batch(rows[first[start : start + batch_size]]).target_image
        assert photos is not None  # selected so
        total += to_unit(photos).double().sum(0)
    return (total / max(len(first), 1)).float()


def mean_image(mean: Float[Tensor, "3 H W"]) -> Method:
    """The mean photo of the training set, whatever is asked."""

    def predict(inputs: TryOnInputs) -> Prediction:
        return Prediction(torch.as_tensor(mean).to(inputs.source_image).expand_as(inputs.source_image))

    return predict
