"""Head crops: the box, the resampling, and the gradient through it."""

import pytest
import torch

from spg_vton.geometry.crops import crop, keypoint_boxes, mask_boxes
from spg_vton.keypoints import Keypoint


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


def pose(points):
    keypoints = torch.zeros(1, 18, 3)
    for name, (x, y) in points.items():
        keypoints[0, Keypoint[name]] = torch.tensor([x, y, 0.5])
    return keypoints


def test_the_keypoints_box_is_square_around_the_faces_centre():
    boxes, seen = keypoint_boxes(pose({"RIGHT_EAR": (10, 20), "LEFT_EAR": (20, 20), "NECK": (15, 40)}))
    assert seen.tolist() == [True]
    assert boxes[0].tolist() == pytest.approx([15 - 8, 20 - 8, 15 + 8, 20 + 8])


@pytest.mark.parametrize("points", [{}, {"NOSE": (10, 10)}, {"NOSE": (10, 10), "LEFT_EYE": (10, 10)},
                                    {"NECK": (10, 30), "LEFT_WRIST": (30, 30)}])  # fmt: skip
def test_too_few_or_coinciding_face_keypoints_place_no_box(points):
    boxes, seen = keypoint_boxes(pose(points))
    assert seen.tolist() == [False] and boxes.isfinite().all()


def test_missing_keypoints_do_not_pull_the_box():
    points = {"RIGHT_EYE": (30, 20), "LEFT_EYE": (36, 20)}
    far = pose(points)
    far[0, Keypoint.NOSE] = torch.tensor([0.0, 0.0, 0.0])
    assert torch.equal(keypoint_boxes(far)[0], keypoint_boxes(pose(points))[0])
