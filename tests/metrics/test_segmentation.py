"""Parsing and mask IoU by hand and against scikit-learn's Jaccard-like counts."""

import numpy as np
import pytest
import torch

from spg_vton.metrics.segmentation import confusion, label_ious, mask_iou, mean_iou


def test_iou_by_hand():
    truth = torch.tensor([[[0, 0, 5, 5]]])
    predicted = torch.tensor([[[0, 5, 5, 9]]])
    matrix = confusion(predicted, truth)
    ious = label_ious(matrix)
    assert ious[0] == pytest.approx(1 / 2)
    assert ious[5] == pytest.approx(1 / 3)
    assert np.isnan(ious[9])  # only predicted: no label of the truth
    assert mean_iou(matrix) == pytest.approx((1 / 2 + 1 / 3) / 2)


def test_rows_are_the_truth():
    matrix = confusion(torch.full((1, 2, 2), 3), torch.full((1, 2, 2), 7))
    assert matrix[7, 3] == 4 and matrix.sum() == 4


def test_confusions_of_parts_add_up():
    a, b = torch.randint(0, 20, (2, 4, 8, 6))
    assert np.array_equal(confusion(a, b), confusion(a[:2], b[:2]) + confusion(a[2:], b[2:]))


def test_mask_iou_by_hand():
    a, b = torch.zeros(3, 1, 4, 4), torch.zeros(3, 1, 4, 4)
    a[0, 0, :2], b[0, 0, 1:3] = 0.9, 1.0  # rows 0-1 against 1-2
    a[1, 0, 0], b[1, 0, 3] = 1, 1
    assert mask_iou(a, b).tolist() == pytest.approx([1 / 3, 0, 1])


def test_a_mask_of_a_half_or_less_is_no_mask():
    assert mask_iou(torch.full((1, 1, 2, 2), 0.5), torch.ones(1, 1, 2, 2)).item() == 0
