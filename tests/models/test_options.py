"""Options beyond the paper: off by default, equal to off before any training, and with gradients once on."""

import dataclasses
import json

import pytest
import torch

from spg_vton.config import ModelConfig
from spg_vton.errors import CheckpointError
from spg_vton.geometry.tps import identity_grid
from spg_vton.models.appearance_flow import ResidualFlow, add_flow
from spg_vton.models.generator import Generator
from spg_vton.models.inputs import prepare
from spg_vton.models.loading import load_generators
from spg_vton.models.modulation import Modulation
from spg_vton.models.spg_vton import SpgVton
from spg_vton.models.try_on_synthesis import TryOnSynthesis

OPTIONS = ("map_in_g3", "adaptive_norm", "residual_flow")
PARTS = {
    "map_in_g3": ["tsm.g3.stem.0.0.weight", "tsm.g3.tail.0.0.weight"],
    "adaptive_norm": ["spm.g2.modulations.0.gain_and_offset.weight", "tsm.g3.modulations.2.gain_and_offset.bias"],
    "residual_flow": ["cwm.flow.flow.weight"],
}


@pytest.fixture
def inputs(make_batch):
    return prepare(make_batch())[0]


def pair(tiny_model, option):
    """A model without the option and one with it, with equal weights wherever both have them."""
    torch.manual_seed(0)
    plain = SpgVton(tiny_model)
    torch.manual_seed(1)
    on = SpgVton(dataclasses.replace(tiny_model, **{option: True}))
    target = on.state_dict()
    for name, values in plain.state_dict().items():
        index = tuple(slice(0, size) for size in values.shape)
        target[name][index] = values
    return plain, on


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("skips", [False, True])
def test_before_any_training_on_equals_off(inputs, tiny_model, option, skips):
    plain, on = pair(dataclasses.replace(tiny_model, skips=skips), option)
    assert sum(p.numel() for p in on.parameters()) > sum(p.numel() for p in plain.parameters())
    one, other = plain(inputs), on(inputs)
    for a, b in ((one.coarse.image, other.coarse.image), (one.warped.cloth, other.warped.cloth),
                 (one.try_on.image, other.try_on.image)):  # fmt: skip
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("option", OPTIONS)
def test_its_weights_learn_and_change_the_photo(inputs, tiny_model, option):
    _, on = pair(tiny_model, option)
    before = on(inputs).try_on.image
    before.square().mean().backward()
    weights = dict(on.named_parameters())
    for name in PARTS[option]:
        gradient = weights[name].grad
        assert gradient[:, -20:].abs().sum() > 0 if option == "map_in_g3" else gradient.abs().sum() > 0
    with torch.no_grad():
        for name in PARTS[option]:
            weights[name] += 0.1
    assert (on(inputs).try_on.image - before).abs().max() > 1e-4


@pytest.mark.parametrize("option", OPTIONS)
def test_a_model_file_remembers_it(inputs, tiny_model, option):
    config = dataclasses.replace(tiny_model, **{option: True})
    torch.manual_seed(2)
    model = SpgVton(config)
    with torch.no_grad():
        for name in PARTS[option]:
            model.get_parameter(name).add_(0.05)
    weights = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    loaded = load_generators(weights, {"model": json.dumps(dataclasses.asdict(config))})
    assert torch.equal(loaded(inputs).try_on.image, model.eval()(inputs).try_on.image)
    with pytest.raises(CheckpointError):
        load_generators(weights, {"model": json.dumps(dataclasses.asdict(tiny_model))})


def test_all_options_at_once_keep_shapes_at_the_papers_norm_and_tail(inputs):
    config = ModelConfig(
        height=64, width=48, generator_width=4, discriminator_width=4, matching_width=4,
        map_in_g3=True, adaptive_norm=True, residual_flow=True,
    )  # fmt: skip
    output = SpgVton(config)(inputs)
    assert output.try_on.image.shape == (2, 3, 64, 48)
    assert output.warped.flow.shape == (2, 2, 16, 12)


def test_all_options_are_off_by_default():
    assert not any(getattr(ModelConfig(), option) for option in OPTIONS)
    model = SpgVton(ModelConfig(height=64, width=48, generator_width=4, matching_width=4))
    assert model.cwm.flow is None
    assert not [name for name, _ in model.named_parameters() if "modulations" in name]
    assert model.tsm.g3.stem[0][0].in_channels == 24


def test_modulation_by_hand():
    network = Modulation(2, 3)
    x, semantic_map = torch.randn(1, 3, 4, 4), torch.rand(1, 2, 8, 8)
    assert torch.equal(network(x, semantic_map), x)
    with torch.no_grad():
        network.gain_and_offset.bias.copy_(torch.tensor([1.0, 0, 0, 0, 0, 5]))
    expected = x * torch.tensor([2.0, 1, 1]).view(3, 1, 1) + torch.tensor([0, 0, 5.0]).view(3, 1, 1)
    torch.testing.assert_close(network(x, semantic_map), expected)


def test_modulation_differs_from_place_to_place():
    torch.manual_seed(0)
    network = Modulation(1, 1)
    torch.nn.init.normal_(network.gain_and_offset.weight)
    semantic_map = torch.zeros(1, 1, 16, 16)
    semantic_map[..., :8] = 1
    result = network(torch.ones(1, 1, 16, 16), semantic_map)
    assert (result[..., 2] - result[..., 13]).abs().min() > 1e-3


def test_modulation_gradients_by_finite_differences():
    torch.manual_seed(0)
    network = Modulation(2, 2).double()
    torch.nn.init.normal_(network.gain_and_offset.weight, std=0.1)
    x = torch.randn(1, 2, 3, 2, dtype=torch.float64, requires_grad=True)
    semantic_map = torch.rand(1, 2, 6, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(network, (x, semantic_map))


def test_flow_is_added_in_the_grids_frame():
    grid = identity_grid((8, 12))[None]
    shift = torch.tensor([0.25, -0.5]).view(1, 2, 1, 1).expand(1, 2, 2, 3)
    torch.testing.assert_close(add_flow(grid, shift), grid + torch.tensor([0.25, -0.5]))


def test_flow_gradients_by_finite_differences():
    grid = identity_grid((4, 4), dtype=torch.float64)[None].clone().requires_grad_()
    flow = torch.randn(1, 2, 2, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(add_flow, (grid, flow))


@pytest.mark.parametrize("size", [(64, 48), (128, 96)])
def test_flow_is_at_a_quarter_of_the_resolution_and_starts_at_zero(size):
    flow = ResidualFlow(4)(torch.rand(2, 3, *size), torch.rand(2, 1, *size), torch.rand(2, 1, *size))
    assert flow.shape == (2, 2, size[0] // 4, size[1] // 4)
    assert flow.abs().max() == 0


def test_a_network_that_needs_a_map_says_so(inputs):
    with pytest.raises(ValueError, match="modulated by a semantic map, got none"):
        Generator(3, 1, width=4, map_channels=20)(torch.rand(1, 3, 16, 16))
    network = TryOnSynthesis(map_input=True, width=4)
    warped = type("Warped", (), {"cloth": inputs.cloth, "mask": inputs.cloth_mask})
    with pytest.raises(ValueError, match="read a semantic map, got none"):
        network(inputs.cloth, warped, inputs.pose)
