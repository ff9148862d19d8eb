"""Frozen feature extractors: shapes, normalisation against independent references, gradients, frozenness."""

from types import SimpleNamespace

import pytest
import torch
import torchvision
from torch import nn
from torch.nn import functional
from torchvision.models import vgg
from torchvision.transforms.functional import normalize

from spg_vton.errors import ConfigError, WeightsError
from spg_vton.models.pretrained import FEATURE_NAMES, build_features
from spg_vton.models.pretrained.loading import load_convolutions
from spg_vton.weights import locate
from spg_vton.weights.readers import ConvWeights, read_conv_pickle, read_palette

NAMES = [name for name in FEATURE_NAMES if name != "vgg19-imagenet"]  # torchvision fetches that one itself
CHANNELS = {
    "vgg19": [64, 128, 256, 512, 512],
    "squeezenet": [64, 128, 256, 384, 512],
    "alexnet": [64, 192, 384, 256, 256],
}


@pytest.fixture(scope="module")
def networks():
    return {name: build_features(name) for name in NAMES}


@pytest.fixture
def images():
    return torch.rand(2, 3, 64, 48, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.mark.parametrize("name", NAMES)
def test_five_finite_maps_at_64_by_48(networks, images, name):
    maps = networks[name](images)
    assert [plane.shape[1] for plane in maps] == CHANNELS[name]
    assert all(torch.isfinite(plane).all() and plane.min() == 0 and plane.max() > 0 for plane in maps)
    sizes = [plane.shape[-2:].numel() for plane in maps]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("name", NAMES)
def test_gradient_reaches_the_image_and_nothing_else(networks, images, name):
    network = networks[name]
    images.requires_grad_()
    sum(plane.mean() for plane in network(images)).backward()
    assert images.grad.abs().sum(dim=(1, 2, 3)).min() > 0
    assert all(not parameter.requires_grad and parameter.grad is None for parameter in network.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_stays_frozen_inside_a_module_that_trains(networks, name):
    owner = nn.ModuleList([networks[name]]).train()
    assert owner.training
    assert not any(module.training for module in networks[name].modules())


@pytest.mark.parametrize("name", NAMES)
def test_batched_equals_single(networks, images, name):
    together, alone = networks[name](images), networks[name](images[1:])
    for plane, single in zip(together, alone, strict=True):
        torch.testing.assert_close(plane[1:], single, rtol=1e-4, atol=1e-3)


def test_upsampling_is_bilinear_enlarging_first(networks, images):
    enlarged = functional.interpolate(images, scale_factor=2, mode="bilinear", align_corners=False)
    upsampling = build_features("squeezenet", upsample=2)
    for plane, expected in zip(upsampling(images), networks["squeezenet"](enlarged), strict=True):
        torch.testing.assert_close(plane, expected)


def test_vgg_first_map_from_the_formula(networks, images):
    first = read_palette(locate("vgg19"))[0]
    pixels = (images.flip(1) + 1) * 127.5 - torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
    expected = functional.conv2d(pixels, first.weight, first.bias, padding=1).relu()
    torch.testing.assert_close(networks["vgg19"](images)[0], expected, rtol=1e-4, atol=1e-2)


def test_torchvisions_own_vgg_gets_its_own_normalisation(monkeypatch, images):
    """Without its weights, which torchvision would fetch: those asked for, and what reaches the first layer."""
    layers, asked = vgg.make_layers(vgg.cfgs["E"]), []
    monkeypatch.setattr(
        torchvision.models, "vgg19", lambda weights: asked.append(weights) or SimpleNamespace(features=layers)
    )
    first = build_features("vgg19-imagenet")(images)[0]
    transforms = torchvision.models.VGG19_Weights.IMAGENET1K_V1.transforms()
    expected = layers[0](normalize((images + 1) / 2, transforms.mean, transforms.std)).relu()
    assert asked == [torchvision.models.VGG19_Weights.IMAGENET1K_V1]
    torch.testing.assert_close(first, expected)


@pytest.mark.filterwarnings("ignore::UserWarning:torchvision")  # the package calls it with old arguments
def test_alexnet_equals_the_lpips_package(networks, images):
    lpips = pytest.importorskip("lpips")
    reference = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False)
    trained = [module for module in networks["alexnet"].modules() if isinstance(module, nn.Conv2d)]
    empty = [module for module in reference.net.modules() if isinstance(module, nn.Conv2d)]
    for source, target in zip(trained, empty, strict=True):
        target.load_state_dict(source.state_dict())
    expected = reference.net(reference.scaling_layer(images))
    for plane, other in zip(networks["alexnet"](images), expected, strict=True):
        torch.testing.assert_close(plane, other)


@pytest.mark.parametrize(("picture", "classes"), [("chelsea", range(281, 286)), ("coffee", (504, 967, 969))])
def test_squeezenet_still_recognises(networks, picture, classes):
    """Its own classifier on the last map names a cat and a cup: channel order, mean and layer order are right."""
    data = pytest.importorskip("skimage.data")
    image = torch.from_numpy(getattr(data, picture)().copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    image = functional.interpolate(image, size=(256, 340), mode="bilinear", antialias=True)[..., 14:241, 56:283]
    (last,) = read_conv_pickle(locate("squeezenet"), ["conv10"])
    scores = functional.conv2d(networks["squeezenet"](image)[-1], last.weight, last.bias).relu().mean(dim=(2, 3))
    assert int(scores.argmax()) in classes


def test_building_leaves_the_random_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    build_features("alexnet")
    assert torch.equal(torch.rand(1), expected)


def test_errors():
    with pytest.raises(ConfigError, match="vgg16"):
        build_features("vgg16")
    with pytest.raises(ConfigError, match="upsample"):
        build_features("alexnet", upsample=0)
    wrong = [ConvWeights(torch.zeros(4, 3, 3, 3), torch.zeros(4))]
    with pytest.raises(WeightsError, match=r"file: expected .*\(8, 3, 3, 3\)"):
        load_convolutions(nn.Sequential(nn.Conv2d(3, 8, 3)), wrong, "file")
