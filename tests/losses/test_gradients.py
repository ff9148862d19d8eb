"""Gradients by finite differences, in double precision, where a loss looks through a network or a warp.

The losses of plain tensors are checked beside their equations in ``test_equations``.
"""

import pytest
import torch
from torch import nn
from torch.nn import functional

from spg_vton.geometry import tps
from spg_vton.losses.adversarial import discriminator_loss, generator_loss, r1_penalty
from spg_vton.losses.cycle_consistency import conductible_cycle, mask_cycle
from spg_vton.losses.face_identity import face_identity, face_identity_at_keypoints
from spg_vton.losses.focal import softmax_focal
from spg_vton.losses.perceptual import perceptual
from spg_vton.losses.reconstruction import composition_regulariser, l1
from spg_vton.losses.warp_regularity import roughness, second_differences, warp_distance


def double(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64, requires_grad=True)


def smooth_network(inputs, outputs=4, seed=0):
    """Two convolutions with a smooth activation between, so that finite differences meet no kink."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(inputs, 5, 3, padding=1), nn.Tanh(), nn.Conv2d(5, outputs, 3, padding=1)).double()


def test_perceptual_through_a_network():
    network, truth = smooth_network(3), double(2, 3, 5, 4, seed=1).detach() + 1

    def loss(image):
        first = network[0](image)
        return perceptual([first, network[1:](first)], [network[0](truth), network(truth)], (0.3, 0.7))

    assert torch.autograd.gradcheck(loss, (double(2, 3, 5, 4),))


def test_adversarial_through_a_discriminator_of_two_scales():
    network, real = smooth_network(3, 1), double(2, 3, 4, 4, seed=1).detach()

    def scores(image):
        return [network(image), network(functional.avg_pool2d(image, 2))]

    assert torch.autograd.gradcheck(lambda x: generator_loss(scores(x)), (double(2, 3, 4, 4),))
    assert torch.autograd.gradcheck(lambda x: discriminator_loss(scores(x), scores(real)), (double(2, 3, 4, 4),))


def test_r1s_double_backward_reaches_weights_and_image():
    weight, image = double(3, 2, 3, 3, seed=1), double(2, 2, 4, 3)

    def penalty(weight, image):
        return r1_penalty([torch.tanh(functional.conv2d(image, weight, padding=1))], image)

    assert torch.autograd.gradcheck(penalty, (weight, image))


def test_r1_leaves_the_condition_out():
    weight, image, condition = double(1, 5, 3, 3, seed=1), double(2, 3, 4, 3), double(2, 2, 4, 3, seed=2)
    scores = torch.tanh(functional.conv2d(torch.cat([image, condition], 1), weight, padding=1))
    (gradient,) = torch.autograd.grad(scores.sum(), image, retain_graph=True)
    expected = sum(float(g.square().sum()) for g in gradient) / 2
    assert r1_penalty([scores], image).item() == pytest.approx(expected)


def test_the_cycle_through_both_warps():
    cloth, worn = double(1, 3, 6, 6, seed=1).detach(), double(1, 3, 6, 6, seed=2).detach() + 2
    theta = (double(1, 18, seed=3).detach() * 0.2 - 0.1).requires_grad_()
    back = (double(1, 18, seed=4).detach() * 0.2 - 0.1).requires_grad_()

    def loss(theta, back):
        warped = tps.warp(cloth, theta, "border")
        return sum(conductible_cycle(warped, worn, tps.warp(warped, back, "border"), cloth - 2))

    assert torch.autograd.gradcheck(loss, (theta, back))


def test_the_mask_cycle_but_not_towards_its_target():
    warped, restored, predicted = double(1, 1, 3, 3), double(1, 1, 3, 3, seed=1), double(1, 1, 3, 3, seed=2)
    assert torch.autograd.gradcheck(
        lambda a, b: sum(mask_cycle(a, torch.full_like(a, 2.0), b, torch.full_like(a, 2.0))), (warped, restored)
    )
    sum(mask_cycle(warped, predicted, restored, torch.ones_like(warped))).backward()
    assert predicted.grad is None


def test_composition_and_its_losses():
    """Eq. 10 and 11: Î_t = C_w · M + I_r · (1 − M), against the truth, and ‖1 − M‖."""
    truth = torch.full((1, 3, 3, 3), 2.0, dtype=torch.float64)

    def loss(clothes, rendered, composition):
        image = clothes * composition + rendered * (1 - composition)
        return 2 * l1(image, truth) + 0.5 * composition_regulariser(composition)

    assert torch.autograd.gradcheck(loss, (double(1, 3, 3, 3), double(1, 3, 3, 3, seed=1), double(1, 1, 3, 3, seed=2)))


def test_semantic_losses_through_one_softmax():
    labels = torch.randint(0, 4, (2, 3, 3), generator=torch.Generator().manual_seed(0))
    truth = functional.one_hot(labels, 4).permute(0, 3, 1, 2).double()

    def loss(logits):
        return 10 * softmax_focal(logits, labels) + l1(torch.softmax(logits, 1), truth)

    assert torch.autograd.gradcheck(loss, (double(2, 4, 3, 3),))


@pytest.mark.parametrize("place", ["mask", "keypoints"])
def test_identity_through_crop_and_network(place):
    network, truth = smooth_network(3, 2), double(1, 3, 8, 6, seed=1).detach() + 1

    def embed(crops):
        return network(crops[..., ::30, ::30]).mean((2, 3))

    mask = torch.zeros(1, 1, 8, 6, dtype=torch.float64)
    mask[..., 1:5, 1:5] = 1
    keypoints = torch.zeros(1, 18, 3, dtype=torch.float64)
    keypoints[0, [14, 15, 16, 17]] = torch.tensor([[2, 2, 1], [4, 2, 1], [1, 3, 1], [5, 3, 1]], dtype=torch.float64)

    def loss(image):
        if place == "mask":
            return face_identity(embed, image, truth, mask)[0]
        return face_identity_at_keypoints(embed, image, truth, keypoints)[0]

    image = double(1, 3, 8, 6)
    assert torch.autograd.gradcheck(loss, (image,))
    loss(image).backward()
    assert image.grad.abs().sum() > 0


def test_the_warps_own_terms():
    theta, flow = double(2, 50), double(2, 2, 4, 3)
    truth = double(1, 4, 3, 2, seed=1).detach() + 1
    truth[:, 0] = float("nan")
    assert torch.autograd.gradcheck(second_differences, (theta,))
    assert torch.autograd.gradcheck(roughness, (flow,))
    grid = double(1, 4, 3, 2)
    assert torch.autograd.gradcheck(lambda g: warp_distance(g, truth), (grid,))
    warp_distance(grid, truth).backward()
    assert grid.grad.isfinite().all() and grid.grad[:, 0].abs().sum() == 0
