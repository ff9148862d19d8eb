"""LPIPS against torchmetrics' implementation and in its limits."""

import hashlib

import pytest
import torch
from torch import nn
from torch.nn import functional

from spg_vton.errors import ConfigError
from spg_vton.metrics.lpips import LpipsAlex
from spg_vton.weights import locate


@pytest.fixture(scope="module")
def distance():
    return LpipsAlex(upsample=1)


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(2, 3, 8, 6, generator=generator)
    return functional.interpolate(coarse, size=(64, 48), mode="bicubic").clamp(0, 1) * 2 - 1


def noisy(images, strength):
    noise = torch.randn(images.shape, generator=torch.Generator().manual_seed(1))
    return (images + strength * noise).clamp(-1, 1)


def test_equal_images_have_no_distance_and_order_does_not_matter(distance, images):
    other = noisy(images, 0.3)
    assert distance(images, images).tolist() == [0, 0]
    torch.testing.assert_close(distance(images, other), distance(other, images))
    assert distance(images, other).shape == (2,)


def test_grows_with_noise(distance, images):
    values = torch.stack([distance(images, noisy(images, strength)) for strength in (0.05, 0.1, 0.2, 0.4)])
    assert (values.diff(dim=0) > 0).all()


def test_equals_torchmetrics_with_the_same_trunk(distance, images):
    reference_module = pytest.importorskip("torchmetrics.functional.image.lpips")
    reference = reference_module._LPIPS(pretrained=True, net="alex", pnet_rand=True)
    trained = [module for module in distance.network.net.modules() if isinstance(module, nn.Conv2d)]
    empty = [module for module in reference.net.modules() if isinstance(module, nn.Conv2d)]
    for source, target in zip(trained, empty, strict=True):
        target.load_state_dict(source.state_dict())
    other = noisy(images, 0.3)
    torch.testing.assert_close(distance(images, other), reference(images, other).flatten())


def test_upsampling_is_part_of_the_protocol(distance, images):
    other = noisy(images, 0.3)
    enlarged = [functional.interpolate(item, scale_factor=2, mode="bilinear") for item in (images, other)]
    torch.testing.assert_close(LpipsAlex(upsample=2)(images, other), distance(*enlarged))


def test_names_its_weights(distance):
    assert distance.weights_sha256 == hashlib.sha256(locate("lpips-alex").read_bytes()).hexdigest()


def test_is_quiet_and_leaves_the_random_generator_alone(capfd, recwarn):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    LpipsAlex()
    assert torch.equal(torch.rand(1), expected)
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_errors(distance, images):
    with pytest.raises(ConfigError, match="one shape"):
        distance(images, images[:1])
    with pytest.raises(ConfigError, match="upsample"):
        LpipsAlex(upsample=0)
