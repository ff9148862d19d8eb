"""``parsing_miou`` of predicted maps and ``warped_mask_iou`` of laid garments."""

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor
from torchmetrics.functional.classification import multiclass_confusion_matrix

from spg_vton.labels import NUM_LABELS

PARSING_PROTOCOL = "mean over the labels present in the truth, pixels of all samples pooled"
MASK_PROTOCOL = "garment mask above 1/2 against the worn clothes (upper, dress, coat), mean over samples"


def confusion(predicted: Int[Tensor, "B H W"], truth: Int[Tensor, "B H W"]) -> Int[np.ndarray, "20 20"]:
    """Pixels by true (row) and predicted (column) label."""
    return multiclass_confusion_matrix(predicted.flatten(), truth.flatten(), NUM_LABELS).cpu().numpy()


def label_ious(matrix: Int[np.ndarray, "20 20"]) -> Float[np.ndarray, " 20"]:
    """IoU of each label; NaN for a label that the truth does not hold."""
    hit, true, said = np.diag(matrix), matrix.sum(1), matrix.sum(0)
    union = true + said - hit
    return np.where(true > 0, hit / np.maximum(union, 1), np.nan)


def mean_iou(matrix: Int[np.ndarray, "20 20"]) -> float:
    """Mean of :func:`label_ious` over the labels present."""
    return float(np.nanmean(label_ious(matrix)))


def mask_iou(mask: Float[Tensor, "B 1 H W"], truth: Float[Tensor, "B 1 H W"]) -> Float[Tensor, " B"]:
    """IoU of masks above 1/2; 1 where both are empty."""
    a, b = mask[:, 0] > 0.5, truth[:, 0] > 0.5
    union = (a | b).sum((1, 2))
    return ((a & b).sum((1, 2)) / union.clamp(min=1)).where(union > 0, 1.0)
