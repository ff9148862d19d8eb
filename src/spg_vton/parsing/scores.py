"""How good a label map is: intersection over union by label, from a confusion matrix."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, UInt8

from spg_vton.labels import NUM_LABELS, Label

#: Labels with a smaller share of the true pixels do not enter the mean.
LEAST_SHARE = 0.001


def confusion(predicted: UInt8[np.ndarray, "..."], truth: UInt8[np.ndarray, "..."]) -> Int[np.ndarray, "20 20"]:
    """Pixels by true (row) and predicted (column) label."""
    pairs = truth.astype(np.int64).ravel() * NUM_LABELS + predicted.astype(np.int64).ravel()
    return np.bincount(pairs, minlength=NUM_LABELS**2).reshape(NUM_LABELS, NUM_LABELS)


@dataclass(frozen=True)
class ParsingScores:
    """IoU of label maps.

    Attributes:
        iou: by label name, of the labels that occur.
        share: of the true pixels, by label name.
        mean_iou: over the labels with at least 0.1 % of the true pixels.
        weighted_iou: over all labels, weighted by their share.
        accuracy: share of pixels that are right.
    """

    iou: dict[str, float]
    share: dict[str, float]
    mean_iou: float
    weighted_iou: float
    accuracy: float

    @classmethod
    def of(cls, matrix: Int[np.ndarray, "20 20"]) -> "ParsingScores":
        """Scores of a confusion matrix."""
        right, true, predicted = np.diag(matrix), matrix.sum(1), matrix.sum(0)
        iou = right / np.maximum(true + predicted - right, 1)
        share = true / max(true.sum(), 1)
        there = [label for label in Label if true[label]]
        counted = [label for label in there if share[label] >= LEAST_SHARE]
        return cls(
            iou={label.name.lower(): float(iou[label]) for label in there},
            share={label.name.lower(): float(share[label]) for label in there},
            mean_iou=float(np.mean([iou[label] for label in counted])),
            weighted_iou=float((share * iou).sum()),
            accuracy=float(right.sum() / max(true.sum(), 1)),
        )
