"""SPM, CWM, TSM and the whole: what enters, what leaves, Eq. 10, and where gradients flow."""

import pytest
import torch

from spg_vton.config import ModelConfig
from spg_vton.labels import CLOTHES, Label
from spg_vton.models.clothes_warping import ClothesWarping, WarpResult
from spg_vton.models.inputs import channels, one_hot, prepare, to_bytes, to_unit
from spg_vton.models.spg_vton import SpgVton, build_discriminators
from spg_vton.models.try_on_synthesis import TryOnSynthesis, random_erase


@pytest.fixture
def inputs(make_batch):
    return prepare(make_batch())[0]


def test_inputs_are_what_table_i_concatenates(make_batch):
    batch = make_batch()
    inputs, truth = prepare(batch)
    assert inputs.semantic_condition.shape[1] == 15 + 2 + 1 + 18
    hidden = inputs.semantic_condition[:, :15].sum(1)
    gone = torch.isin(batch.source_labels, torch.tensor([2, 5, 6, 7, 13]))
    assert torch.equal(hidden == 0, gone)
    head = inputs.semantic_condition[:, 15:17]
    assert torch.equal(head[:, 0].bool(), batch.source_labels == Label.FACE)
    assert torch.equal(head[:, 1].bool(), batch.source_labels == Label.HAIR)
    assert truth is not None
    assert torch.equal(truth.clothes_mask[:, 0].bool(), batch.target_labels == Label.UPPER_CLOTHES)


def test_the_person_without_clothes_is_zero_where_clothes_were(make_batch):
    batch = make_batch()
    inputs, _ = prepare(batch)
    worn = (batch.source_labels == Label.UPPER_CLOTHES)[:, None].expand(-1, 3, -1, -1)
    assert (inputs.source_without_clothes[worn] == 0).all()
    assert torch.equal(inputs.source_without_clothes[~worn], inputs.source_image[~worn])


def test_worn_clothes_on_white_and_on_zero(make_batch):
    _, truth = prepare(make_batch())
    outside = (truth.clothes_mask == 0).expand(-1, 3, -1, -1)
    assert (truth.clothes_on_white[outside] == 1).all()
    assert (truth.clothes_on_zero[outside] == 0).all()
    assert torch.equal(truth.clothes_on_zero[~outside], truth.image[~outside])


def test_bytes_survive_the_way_to_unit_range_and_back():
    image = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16).expand(-1, 3, -1, -1)
    assert torch.equal(to_bytes(to_unit(image)), image)
    assert to_unit(image).min() == -1 and to_unit(image).max() == 1


def test_one_hot_and_channels_are_inverse():
    labels = torch.randint(0, 20, (2, 6, 5))
    maps = one_hot(labels)
    assert torch.equal(maps.argmax(1), labels) and (maps.sum(1) == 1).all()
    assert torch.equal(channels(maps, CLOTHES)[:, 2].bool(), labels == Label.COAT)


def test_shapes_and_ranges_of_every_result(inputs, tiny_model):
    output = SpgVton(tiny_model)(inputs)
    assert output.semantic_map.shape == (2, 20, 64, 48)
    assert torch.allclose(output.semantic_map.sum(1), torch.ones(2, 64, 48), atol=1e-5)
    assert output.coarse.image.abs().max() <= 1
    for mask in (output.coarse.clothes_mask, output.warped.mask, output.try_on.composition):
        assert mask.shape == (2, 1, 64, 48) and mask.min() >= 0 and mask.max() <= 1
    assert output.try_on.image.shape == (2, 3, 64, 48)
    assert output.try_on.image.abs().max() <= 1


def test_channel_counts_of_all_networks():
    config = ModelConfig(height=64, width=48, generator_width=4, discriminator_width=4, matching_width=4)
    model, discriminators = SpgVton(config), build_discriminators(config)
    assert [g.stem[0][0].in_channels for g in (model.spm.g1, model.spm.g2, model.tsm.g3)] == [36, 41, 24]
    assert [g.tail[-1][0].out_channels for g in (model.spm.g1, model.spm.g2, model.tsm.g3)] == [20, 4, 4]
    firsts = {name: network.scales[0][0][0].in_channels for name, network in discriminators.items()}
    assert firsts == {"d1": 56, "d2": 47, "d_global": 27, "d_local": 30}


def test_the_photo_is_composed_by_equation_10(inputs):
    torch.manual_seed(0)
    mask = torch.rand(2, 1, 64, 48)
    warped = WarpResult(torch.rand(2, 3, 64, 48), mask, torch.zeros(2, 50), torch.zeros(2, 64, 48, 2), mask)
    result = TryOnSynthesis(width=4)(torch.rand(2, 3, 64, 48), warped, inputs.pose)
    m = result.composition
    assert torch.allclose(result.image, warped.cloth * m + result.rendered * (1 - m))
    assert torch.equal(result.clothes, warped.cloth * m)


def test_the_gate_keeps_the_composition_inside_the_warped_garment(inputs):
    mask = torch.zeros(2, 1, 64, 48)
    mask[..., 20:40, 10:30] = 1
    warped = WarpResult(
        torch.rand(2, 3, 64, 48), mask, torch.zeros(2, 50), torch.zeros(2, 64, 48, 2), torch.zeros(2, 1, 64, 48)
    )
    open_, gated = (TryOnSynthesis(gate=gate, width=4)(inputs.cloth, warped, inputs.pose) for gate in (False, True))
    assert (gated.composition[mask == 0] == 0).all()
    assert (open_.composition[mask == 0] > 0).all()


def test_prealignment_lands_the_garment_before_any_training():
    torch.manual_seed(0)
    shop, worn = torch.zeros(1, 1, 64, 48), torch.zeros(1, 1, 64, 48)
    shop[..., 4:60, 4:44] = 1
    worn[..., 24:44, 16:32] = 1
    cloth = torch.rand(1, 3, 64, 48)

    def iou(prealign):
        network = ClothesWarping((64, 48), width=4, prealign=prealign)
        torch.nn.init.zeros_(network.gmm1.offsets.weight)
        torch.nn.init.zeros_(network.gmm1.offsets.bias)
        a, b = network(cloth, shop, worn).mask > 0.5, worn > 0.5
        return (a & b).sum() / (a | b).sum()

    assert iou(False) < 0.3 < 0.8 < iou(True)


def test_the_two_matching_networks_share_no_weights(tiny_model):
    cwm = SpgVton(tiny_model).cwm
    assert not {id(p) for p in cwm.gmm1.parameters()} & {id(p) for p in cwm.gmm2.parameters()}


@pytest.mark.parametrize("part", ["spm.g1", "spm.g2", "cwm.gmm1", "tsm.g3"])
def test_the_final_photo_depends_on_every_network(inputs, tiny_model, part):
    torch.manual_seed(0)
    model = SpgVton(tiny_model)
    model(inputs).try_on.image.square().mean().backward()
    network = model.get_submodule(part)
    reached = [parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in network.parameters()]
    assert any(reached)


def test_erasing_in_its_share_size_and_shape():
    image = torch.ones(4000, 3, 64, 48)
    erased = random_erase(image, torch.rand(5, 4000, generator=torch.Generator().manual_seed(0)))
    zero = erased[:, 0] == 0
    share = zero.float().mean((1, 2))
    assert (share > 0).float().mean().item() == pytest.approx(0.5, abs=0.03)
    assert share[share > 0].min() >= 0.01 and share.max() <= 0.42
    assert torch.equal(erased[:, 0], erased[:, 2])
    one = zero[share > 0][0]
    rows, columns = one.any(1).sum(), one.any(0).sum()
    assert one.sum() == rows * columns  # a rectangle


def test_erasing_a_sample_follows_its_own_draws_alone():
    image, draws = torch.ones(8, 3, 32, 24), torch.rand(5, 8, generator=torch.Generator().manual_seed(5))
    whole = random_erase(image, draws)
    assert torch.equal(whole[3:5], random_erase(image[3:5], draws[:, 3:5]))
    assert not torch.equal(whole, random_erase(image, draws.flip(1)))


class Recorder(torch.nn.Module):
    """Stands in for a network: keeps its inputs, gives a constant answer."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.seen = answer, []

    def forward(self, *inputs):
        self.seen.append(inputs)
        return self.answer


def test_the_generators_read_their_inputs_in_table_is_order(inputs, tiny_model):
    model = SpgVton(tiny_model)
    recorders = [Recorder(torch.zeros(2, channels, 64, 48)) for channels in (20, 4, 4)]
    model.spm.g1, model.spm.g2, model.tsm.g3 = recorders
    output = model(inputs)
    g1, g2, g3 = (recorder.seen[0][0] for recorder in recorders)
    assert torch.equal(g1[:, 17:18], inputs.cloth_mask) and torch.equal(g1[:, 18:], inputs.pose)
    kept = [label for label in Label if label not in CLOTHES]
    without = [output.semantic_map[:, kept], inputs.pose, inputs.cloth, inputs.source_without_clothes]
    assert torch.equal(g2, torch.cat(without, 1))
    assert torch.equal(g3, torch.cat([output.coarse.image, output.warped.cloth, inputs.pose], 1))


def test_each_matching_network_moves_its_first_mask_onto_its_second():
    network = ClothesWarping((64, 48), width=4)
    network.gmm1, network.gmm2 = Recorder(torch.zeros(1, 50)), Recorder(torch.zeros(1, 50))
    cloth, shop, worn = torch.rand(1, 3, 64, 48), torch.rand(1, 1, 64, 48), torch.rand(1, 1, 64, 48)
    warped = network(cloth, shop, worn)
    network.restore(warped, shop)
    assert network.gmm1.seen == [(shop, worn)]
    moving, fixed = network.gmm2.seen[0]
    assert torch.allclose(moving, warped.mask) and torch.equal(fixed, shop)


def test_beyond_the_edge_garments_repeat_their_white_and_masks_end():
    network = ClothesWarping((64, 48), width=4)
    network.gmm1 = Recorder(torch.full((1, 50), 1.5))  # far to the right and below
    cloth, mask = torch.ones(1, 3, 64, 48), torch.ones(1, 1, 64, 48)
    warped = network(cloth, mask, mask)
    assert warped.cloth[..., -1, -1].min() == pytest.approx(1)
    assert warped.mask[..., -1, -1] == 0
