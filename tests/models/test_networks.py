"""Table I: channels, sizes, parameters; and that each option does what it says."""

import pytest
import torch

from spg_vton.models.discriminator import MultiScaleDiscriminator, PatchDiscriminator
from spg_vton.models.generator import Generator
from spg_vton.models.geometric_matching import GeometricMatching, correlation


def parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


def conv_shapes(module):
    return [tuple(layer.weight.shape) for layer in module.modules() if isinstance(layer, torch.nn.Conv2d)]


def test_the_generator_is_table_i_layer_by_layer():
    res = [(128, 128), (256, 256), (512, 512)]
    expected = [(64, 36, 3), (128, 64, 3), (128, 128, 3), *[(*res[0], 3)] * 2, (256, 128, 3), *[(*res[1], 3)] * 2]
    expected += [(512, 256, 3), *[(*res[2], 3)] * 8, (256, 512, 3), (128, 256, 3), (64, 128, 3)]
    expected += [(20, 64, 3), (20, 20, 3), (20, 20, 1)]
    shapes = conv_shapes(Generator(in_channels=36, out_channels=20, width=64))
    assert shapes == [(o, i, k, k) for o, i, k in expected]


def sizes(network, channels, layers):
    """(channels, H, W) behind each of ``layers`` at the paper's size, without computing values."""
    seen = []
    for layer in layers(network):
        layer.register_forward_hook(lambda module, inputs, output: seen.append(tuple(output.shape[1:])))
    network(torch.empty(1, channels, 256, 192, device="meta"))
    return seen


def test_the_generators_maps_have_table_is_sizes():
    with torch.device("meta"):
        network = Generator(in_channels=36, out_channels=20)
    found = sizes(network, 36, lambda net: [
        *net.stem, net.down1[0], net.down1[1], net.down2[0], net.down2[1], net.down3[0], *net.down3[1:],
        net.up1, net.up2, net.up3, *net.tail,
    ])  # fmt: skip
    assert found == [
        (64, 256, 192), (128, 256, 192), (128, 128, 96), (128, 128, 96), (256, 64, 48), (256, 64, 48),
        *[(512, 32, 24)] * 5, (256, 64, 48), (128, 128, 96), (64, 256, 192), *[(20, 256, 192)] * 3,
    ]  # fmt: skip


def test_the_generators_activations_are_table_is():
    network = Generator(in_channels=3, out_channels=4, width=4)
    assert all(isinstance(block[-1], torch.nn.ReLU) for block in (*network.stem, network.up1, network.up2, network.up3))
    assert [type(block[-1]).__name__ for block in network.tail] == ["ReLU", "Tanh", "Conv2d"]


def test_the_discriminators_maps_have_table_is_sizes():
    with torch.device("meta"):
        network = PatchDiscriminator(56)
    found = sizes(network, 56, list)
    assert found == [(32, 256, 192), (32, 256, 192), (32, 128, 96), (32, 128, 96), (64, 64, 48), (1, 64, 48)]
    slopes = [layer.negative_slope for layer in network.modules() if isinstance(layer, torch.nn.LeakyReLU)]
    assert slopes == [0.2] * 5 and isinstance(network[-1], torch.nn.Conv2d)


def test_a_generator_has_23_6_million_parameters():
    assert parameters(Generator(in_channels=36, out_channels=20, width=64)) / 1e6 == pytest.approx(23.6, abs=0.05)


@pytest.mark.parametrize("options", [{}, {"skips": True}, {"tail": "wide"}, {"skips": True, "tail": "wide"}])
def test_a_generator_keeps_the_size(options):
    assert Generator(7, 4, width=4, **options)(torch.randn(2, 7, 64, 48)).shape == (2, 4, 64, 48)


def test_skips_carry_full_resolution_detail_past_the_bottleneck():
    torch.manual_seed(0)
    noise = torch.randn(1, 3, 64, 48)
    plain, skipping = (Generator(3, 1, width=4, skips=skips).up3 for skips in (False, True))
    assert skipping[0].in_channels == 2 * plain[0].in_channels
    assert Generator(3, 1, width=4, skips=True)(noise).shape == (1, 1, 64, 48)


@pytest.mark.parametrize("norm, normalised", [("instance", True), ("none", False)])
def test_norm_can_be_left_out(norm, normalised):
    torch.manual_seed(0)
    stem = Generator(3, 1, width=4, norm=norm).stem
    x = torch.randn(1, 3, 16, 16)
    assert torch.allclose(stem(x), stem(10 * x), atol=0.05) == normalised


def test_a_discriminator_ends_at_a_quarter_of_the_size():
    assert PatchDiscriminator(5)(torch.randn(1, 5, 256, 192)).shape == (1, 1, 64, 48)
    strides = [layer.stride[0] for layer in PatchDiscriminator(5).modules() if isinstance(layer, torch.nn.Conv2d)]
    assert strides == [1, 1, 2, 1, 2, 1]


def test_three_scales_the_finest_first_with_weights_of_their_own():
    network = MultiScaleDiscriminator(in_channels=5, width=4)
    scores = network(torch.randn(2, 5, 64, 48))
    assert [tuple(score.shape) for score in scores] == [(2, 1, 16, 12), (2, 1, 8, 6), (2, 1, 4, 3)]
    assert parameters(network) == 3 * parameters(network.scales[0])


def test_padding_is_not_counted_when_the_image_is_halved():
    network = MultiScaleDiscriminator(in_channels=1, width=4, scales=2, norm="none")
    seen = []
    network.scales[1].register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    network(torch.ones(1, 1, 16, 16))
    assert torch.allclose(seen[0], torch.ones(1, 1, 8, 8))


@pytest.mark.parametrize("size", [(64, 48), (128, 96), (256, 192)])
def test_matching_fits_every_resolution_down_to_64_by_48(size):
    theta = GeometricMatching(width=4, size=size)(torch.rand(2, 1, *size), torch.rand(2, 1, *size))
    assert theta.shape == (2, 50)
    assert theta.abs().max() <= 1


def test_matching_has_the_papers_four_halvings_at_its_size():
    network = GeometricMatching(width=64, size=(256, 192))
    assert [layer.out_channels for layer in network.first if isinstance(layer, torch.nn.Conv2d)] == [
        64, 128, 256, 512, 512, 512,
    ]  # fmt: skip
    assert network.regressor[0].in_channels == 16 * 12


def test_reach_bounds_the_offsets():
    network = GeometricMatching(width=4, size=(64, 48), reach=0.25)
    torch.nn.init.constant_(network.offsets.bias, 100)
    theta = network(torch.rand(1, 1, 64, 48), torch.rand(1, 1, 64, 48))
    assert theta.max().item() == pytest.approx(0.25)


def test_correlation_of_a_feature_map_with_itself_peaks_on_the_diagonal():
    torch.manual_seed(0)
    features = torch.randn(1, 32, 4, 3)
    table = correlation(features, features).flatten(2)[0]
    assert torch.equal(table.argmax(0), torch.arange(12))


def test_correlation_ignores_the_length_of_the_features():
    torch.manual_seed(0)
    a, b = torch.randn(2, 1, 8, 4, 3)
    assert torch.allclose(correlation(a, b), correlation(5 * a, 0.1 * b), atol=1e-6)


def test_masks_of_another_size_are_refused():
    with pytest.raises(ValueError, match=r"\(B, 1, 64, 48\)"):
        GeometricMatching(width=4, size=(64, 48))(torch.rand(1, 1, 32, 24), torch.rand(1, 1, 32, 24))
