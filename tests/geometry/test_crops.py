"""Head crops: the box, the resampling, and the gradient through it."""

import pytest
import torch

from spg_vton.geometry.crops import crop, mask_boxes


def test_the_box_is_square_and_around_the_mask():
    mask = torch.zeros(2, 1, 64, 48)
    mask[0, 0, 10:20, 8:14] = 1
    boxes, seen = mask_boxes(mask, margin=0)
    assert seen.tolist() == [True, False]
    x0, y0, x1, y1 = boxes[0].tolist()
    assert (y0, y1) == (10, 19)
    assert x1 - x0 == pytest.approx(y1 - y0)
    assert (x0 + x1) / 2 == pytest.approx(10.5)


def test_a_crop_at_its_own_size_is_the_image_part():
    image = torch.rand(1, 3, 20, 20)
    part = crop(image, torch.tensor([[4.0, 6.0, 12.0, 14.0]]), 9)
    assert torch.allclose(part, image[:, :, 6:15, 4:13], atol=1e-5)


def test_outside_the_image_is_zero():
    assert crop(torch.ones(1, 1, 8, 8), torch.tensor([[-20.0, -20.0, -12.0, -12.0]]), 4).abs().max() == 0


def test_gradients_reach_the_image():
    image = torch.rand(1, 1, 7, 6, dtype=torch.float64, requires_grad=True)
    boxes = torch.tensor([[0.5, 1.2, 4.3, 5.1]], dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: crop(x, boxes, 5), (image,))
