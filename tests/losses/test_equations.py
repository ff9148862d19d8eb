"""Each loss against a number worked out by hand or a literal formula, and by finite differences."""

import math

import kornia
import pytest
import torch
import torch.nn.functional as F
from torchvision.ops import sigmoid_focal_loss

from spg_vton.losses.adversarial import discriminator_loss, generator_loss, r1_penalty
from spg_vton.losses.cycle_consistency import conductible_cycle, mask_cycle
from spg_vton.losses.face_identity import face_identity, face_identity_at_keypoints
from spg_vton.losses.focal import softmax_focal
from spg_vton.losses.perceptual import perceptual
from spg_vton.losses.reconstruction import composition_regulariser, l1
from spg_vton.losses.warp_regularity import roughness, second_differences, warp_distance


def double(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64, requires_grad=True)


def test_discriminator_loss_by_hand():
    fake, real = [torch.tensor([0.5, -0.5]), torch.tensor([1.0])], [torch.tensor([1.0, 0.0]), torch.tensor([3.0])]
    # (0.25 + 0.25)/2 + (0 + 1)/2, then 1 + 4
    assert discriminator_loss(fake, real).item() == pytest.approx(0.75 + 5)


def test_generator_loss_by_hand():
    assert generator_loss([torch.tensor([0.0, 1.0]), torch.tensor([3.0])]).item() == pytest.approx(0.5 + 4)


def test_fake_and_real_cannot_be_swapped():
    low, high = [torch.zeros(3)], [torch.ones(3)]
    assert discriminator_loss(fake=low, real=high) == 0
    assert discriminator_loss(fake=high, real=low) == 2


def test_r1_of_a_linear_discriminator_is_its_squared_weight():
    weight = torch.tensor([1.0, 2.0, -2.0]).view(1, 3, 1, 1)
    image = torch.rand(4, 3, 5, 6, requires_grad=True)
    scores = [F.conv2d(image, weight)]
    assert r1_penalty(scores, image).item() == pytest.approx(5 * 6 * 9)


def test_r1_teaches_the_discriminator():
    weight = torch.tensor([2.0], requires_grad=True)
    image = torch.rand(2, 1, 3, 3, requires_grad=True)
    r1_penalty([image * weight], image).backward()
    assert weight.grad.item() == pytest.approx(2 * 2 * 9)


def test_focal_by_hand():
    logits = torch.tensor([math.log(0.6), math.log(0.3), math.log(0.1)]).view(1, 3, 1, 1)
    loss = softmax_focal(logits, torch.tensor([[[1]]]))
    assert loss.item() == pytest.approx(-(0.7**2) * math.log(0.3))


def test_focal_without_focusing_is_cross_entropy():
    logits, labels = torch.randn(2, 20, 6, 5), torch.randint(0, 20, (2, 6, 5))
    assert softmax_focal(logits, labels, gamma=0).item() == pytest.approx(F.cross_entropy(logits, labels).item())


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_focal_equals_kornias(gamma):
    logits, labels = torch.randn(2, 20, 6, 5), torch.randint(0, 20, (2, 6, 5))
    reference = kornia.losses.focal_loss(logits, labels, alpha=None, gamma=gamma, reduction="none").sum(1).mean()
    assert softmax_focal(logits, labels, gamma).item() == pytest.approx(reference.item(), rel=1e-5)


def test_focal_of_two_labels_equals_torchvisions_sigmoid_form():
    """The softmax of two logits is the sigmoid of their difference."""
    logits, labels = torch.randn(2, 2, 6, 5), torch.randint(0, 2, (2, 6, 5))
    reference = sigmoid_focal_loss(logits[:, 1] - logits[:, 0], labels.float(), alpha=-1, gamma=2, reduction="mean")
    assert softmax_focal(logits, labels).item() == pytest.approx(reference.item(), rel=1e-5)


def test_reconstruction_by_hand():
    assert l1(torch.tensor([1.0, -1.0]), torch.tensor([0.0, 1.0])).item() == pytest.approx(1.5)
    assert composition_regulariser(torch.tensor([1.0, 0.5, 0.0])).item() == pytest.approx(0.5)


def test_perceptual_weighs_each_layer_and_detaches_the_truth():
    a = [torch.tensor([1.0, 3.0], requires_grad=True), torch.tensor([2.0], requires_grad=True)]
    b = [torch.tensor([0.0, 0.0], requires_grad=True), torch.tensor([5.0], requires_grad=True)]
    loss = perceptual(a, b, (0.5, 2.0))
    assert loss.item() == pytest.approx(0.5 * 2 + 2 * 3)
    loss.backward()
    assert a[0].grad is not None and b[0].grad is None


def test_perceptual_refuses_unequal_numbers_of_layers():
    with pytest.raises(ValueError, match="got 1, 1 and 2"):
        perceptual([torch.zeros(1)], [torch.zeros(1)], (1.0, 1.0))


def test_cycle_compares_warped_with_worn_and_restored_with_shop():
    warped, worn, restored, cloth = (torch.full((1, 3, 2, 2), value) for value in (0.0, 0.25, 1.0, 0.0))
    terms = conductible_cycle(warped, worn, restored, cloth)
    assert (terms.forward.item(), terms.backward.item()) == pytest.approx((0.25, 1.0))


def test_the_mask_cycle_compares_masks():
    warped, predicted, restored, cloth = (torch.full((1, 1, 2, 2), value) for value in (0.0, 0.25, 1.0, 0.5))
    terms = mask_cycle(warped, predicted, restored, cloth)
    assert (terms.forward.item(), terms.backward.item()) == pytest.approx((0.25, 0.5))


def test_second_differences_by_hand():
    theta = torch.zeros(1, 2, 3, 3)
    theta[0, 0, 1, 1] = 0.6  # the centre's x: twice 0.6 on the middle row and, as much, on the middle column
    expected = 2 * 1.2 / 6  # of 2 · 3 triples along the rows, and as many along the columns
    assert second_differences(theta.view(1, 18)).item() == pytest.approx(expected)


def test_affine_warps_are_regular():
    points = torch.stack(torch.meshgrid(torch.arange(5.0), torch.arange(5.0), indexing="ij"))
    sheared = torch.stack([0.3 * points[0] + 0.1 * points[1] - 0.2, 0.5 * points[1]])
    assert second_differences(sheared.reshape(1, 50)).item() == pytest.approx(0, abs=1e-6)


def test_roughness_by_hand():
    flow = torch.zeros(1, 2, 2, 3)
    flow[0, 1, 0, 2] = 0.5
    assert roughness(flow).item() == pytest.approx(0.5 / 6 + 0.5 / 8)  # 2·1·3 neighbours along y, 2·2·2 along x
    assert roughness(torch.full((1, 2, 4, 4), 0.3)) == 0


def test_warp_distance_by_hand_where_the_truth_is_known():
    grid, truth = torch.zeros(1, 1, 2, 2), torch.full((1, 1, 2, 2), float("nan"))
    truth[0, 0, 0] = torch.tensor([0.5, -0.1])
    assert warp_distance(grid, truth).item() == pytest.approx(0.3)
    assert warp_distance(grid, torch.full_like(truth, float("nan"))) == 0


_TRUTH = torch.rand(2, 3, 4, 3, generator=torch.Generator().manual_seed(9), dtype=torch.float64) + 1


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: generator_loss([x, x**2]),
        lambda x: discriminator_loss([x], [x.flip(0)]),
        lambda x: softmax_focal(x, torch.ones(2, 4, 3, dtype=torch.long)),
        lambda x: l1(x, _TRUTH),
        lambda x: composition_regulariser(x),
        lambda x: perceptual([x, x**2], [_TRUTH, _TRUTH], (0.3, 0.7)),
        lambda x: sum(conductible_cycle(x, _TRUTH, x**2, _TRUTH)),
        lambda x: face_identity(embed, x, _TRUTH, torch.ones(2, 1, 4, 3, dtype=torch.float64))[0],
    ],
)
def test_gradients_by_finite_differences(loss):
    assert torch.autograd.gradcheck(loss, (double(2, 3, 4, 3),))


def embed(crops):
    return crops.mean((2, 3))


def head(*samples):
    mask = torch.zeros(len(samples), 1, 64, 48)
    for index, there in enumerate(samples):
        if there:
            mask[index, 0, 6:20, 16:30] = 1
    return mask


def test_identity_is_zero_for_the_same_face_whatever_the_rest():
    truth = torch.rand(2, 3, 64, 48)
    other = torch.where(head(True, True).bool(), truth, torch.rand(2, 3, 64, 48))
    loss, seen = face_identity(embed, other, truth, head(True, True))
    assert loss.item() == pytest.approx(0, abs=1e-5) and seen == 2


def test_identity_skips_whose_face_is_not_seen():
    predicted, truth = torch.zeros(2, 3, 64, 48), torch.ones(2, 3, 64, 48)
    both, _ = face_identity(embed, predicted, truth, head(True, True))
    one, seen = face_identity(embed, predicted, truth, head(False, True))
    assert seen == 1 and one.item() == pytest.approx(both.item())


def test_identity_without_any_face_is_zero_with_a_zero_gradient():
    predicted = torch.rand(1, 3, 64, 48, requires_grad=True)
    loss, seen = face_identity(embed, predicted, torch.rand(1, 3, 64, 48), head(False))
    loss.backward()
    assert (loss.item(), seen) == (0, 0) and predicted.grad.abs().sum() == 0


def test_identity_teaches_the_prediction_within_the_head_only():
    predicted = torch.rand(1, 3, 64, 48, requires_grad=True)
    face_identity(embed, predicted, torch.rand(1, 3, 64, 48) + 1, head(True))[0].backward()
    outside = (head(True) == 0).expand(-1, 3, -1, -1)
    assert predicted.grad[outside].abs().sum() == 0 and predicted.grad.abs().sum() > 0


def face(*samples):
    keypoints = torch.zeros(len(samples), 18, 3)
    for index, there in enumerate(samples):
        if there:
            keypoints[index, [0, 14, 15]] = torch.tensor([[24.0, 14, 1], [20, 11, 1], [28, 11, 1]])
    return keypoints


def test_identity_at_keypoints_skips_and_counts_alike():
    predicted, truth = torch.zeros(2, 3, 64, 48), torch.ones(2, 3, 64, 48)
    loss, seen = face_identity_at_keypoints(embed, predicted, truth, face(False, True))
    assert seen == 1 and loss.item() == pytest.approx(3)  # three channels, each 1 apart
    assert face_identity_at_keypoints(embed, predicted, truth, face(False, False)) == (0, 0)
