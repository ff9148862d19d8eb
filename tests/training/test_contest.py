"""One pass of the fake serves both sides, and gives the gradients that two passes would."""

import pytest
import torch

from spg_vton.losses.adversarial import discriminator_loss, generator_loss, r1_penalty
from spg_vton.losses.objective import Synthesis
from spg_vton.models.discriminator import MultiScaleDiscriminator
from spg_vton.models.inputs import prepare
from spg_vton.models.spg_vton import SpgVton
from spg_vton.training.contest import Contest, photo_contests, play, semantic_contest


@pytest.fixture
def discriminator():
    torch.manual_seed(0)
    return MultiScaleDiscriminator(in_channels=5, width=4)


def contest(seed=1):
    torch.manual_seed(seed)
    made = torch.rand(2, 3, 32, 24, requires_grad=True)
    condition = torch.rand(2, 2, 32, 24)
    real = torch.cat([torch.rand(2, 3, 32, 24), condition], 1)
    return made, Contest(torch.cat([made * 2, condition], 1), real, 3)


def test_the_generators_gradient_is_that_of_its_own_pass(discriminator):
    made, one = contest()
    term, _ = play(discriminator, one, 0)
    (gradient,) = torch.autograd.grad(term, made)
    made, other = contest()
    direct = generator_loss(discriminator(other.fake))
    (expected,) = torch.autograd.grad(direct, made)
    assert term.item() == pytest.approx(direct.item(), rel=1e-5)
    assert torch.allclose(gradient, expected, atol=1e-7)


@pytest.mark.parametrize("weight", [0.0, 0.16])
def test_the_discriminators_gradient_is_that_of_its_own_pass(discriminator, weight):
    _, one = contest()
    _, loss = play(discriminator, one, weight)
    parameters = list(discriminator.parameters())
    found = torch.autograd.grad(loss, parameters)
    image = one.real[:, :3].clone().requires_grad_()
    scores = discriminator(torch.cat([image, one.real[:, 3:]], 1))
    direct = discriminator_loss(discriminator(one.fake.detach()), scores)
    if weight:
        direct = direct + weight * r1_penalty(scores, image)
    expected = torch.autograd.grad(direct, parameters)
    assert loss.item() == pytest.approx(direct.item(), rel=1e-5)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(found, expected, strict=True))


def test_neither_side_moves_the_other(discriminator):
    made, one = contest()
    term, loss = play(discriminator, one, 0.16)
    loss.backward()
    assert made.grad is None
    discriminator.zero_grad()
    term.backward()
    assert made.grad is not None
    assert all(parameter.grad is None for parameter in discriminator.parameters())


def test_conditions_and_images_stand_in_their_places(make_batch, tiny_model):
    torch.manual_seed(0)
    inputs, truth = prepare(make_batch())
    model = SpgVton(tiny_model)
    semantic_map = torch.softmax(model.spm.predict_logits(inputs), 1)
    coarse = model.spm.synthesise(inputs, semantic_map)
    warped = model.cwm(inputs.cloth, inputs.cloth_mask, coarse.clothes_mask)
    try_on = model.tsm(coarse.image, warped, inputs.pose)
    made = Synthesis(semantic_map, coarse, warped, warped, try_on)
    d1 = semantic_contest(semantic_map, inputs, truth)
    assert torch.equal(d1.real[:, :20], truth.semantic_map) and d1.image_channels == 20
    contests = photo_contests(made, inputs, truth)
    widths = {name: contest.fake.shape[1] for name, contest in contests.items()}
    assert widths == {"d2": 47, "d_global": 27, "d_local": 30}
    globally = contests["d_global"]
    assert torch.equal(globally.fake[:, :3], try_on.image) and torch.equal(globally.real[:, :3], truth.image)
    # both conditions have clothes on 0: the discriminator must not tell them by their format
    assert torch.equal(globally.fake[:, 3:6], warped.cloth * try_on.composition)
    assert torch.equal(globally.real[:, 3:6], truth.image * truth.clothes_mask)
    assert torch.equal(globally.fake[:, 6:], torch.cat([inputs.pose, inputs.source_without_clothes], 1))
    assert torch.equal(globally.real[:, 6:], globally.fake[:, 6:])
    shown = [semantic_map, inputs.cloth, inputs.pose, inputs.source_without_clothes]
    assert torch.equal(contests["d2"].fake, torch.cat([coarse.image, *shown], 1))
    assert torch.equal(contests["d2"].real, torch.cat([truth.image, *shown], 1))
    locally = contests["d_local"]
    assert torch.equal(locally.fake[:, 6:], globally.fake[:, 3:])
    assert torch.equal(locally.real[:, 6:], globally.real[:, 3:])
    assert locally.image_channels == 6
    outside_heads = truth.semantic_map[:, [2, 13]].sum(1, keepdim=True) == 0
    assert (locally.fake[:, :6] * outside_heads).abs().sum() == 0
