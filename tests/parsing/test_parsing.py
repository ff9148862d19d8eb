"""The parser's network, its scores, and a user's own parser."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torchmetrics.functional.classification import multiclass_jaccard_index

from spg_vton.errors import ConfigError, WeightsError
from spg_vton.keypoints import FLIP as FLIPPED_POINTS
from spg_vton.labels import FLIP, Label
from spg_vton.parsing.augment import Augmentation, Views
from spg_vton.parsing.network import SIZE, ParsingNetwork
from spg_vton.parsing.parser import ExternalParser, ExternalParserConfig, HumanParser, metadata_of
from spg_vton.parsing.scores import ParsingScores, confusion


@pytest.fixture
def network():
    torch.manual_seed(0)
    return ParsingNetwork(width=4).eval()


def test_logits_have_the_photos_size(network):
    logits = network(torch.zeros(2, 3, *SIZE), torch.zeros(2, 18, *SIZE))
    assert logits.shape == (2, 20, *SIZE)
    logits.sum().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_the_shipped_width_stays_small():
    assert sum(parameter.numel() for parameter in ParsingNetwork().parameters()) * 2 < 10e6  # bytes at half precision


@pytest.mark.parametrize("size", [(256, 192), (300, 200), (64, 64)])
def test_a_map_has_its_photos_size(network, size):
    photo = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    labels = HumanParser(network)(photo, np.zeros((18, 3), np.float32))
    assert labels.shape == size and labels.dtype == np.uint8 and labels.max() < 20


def test_a_mirrored_photo_gives_the_mirrored_map(network):
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    pose = np.concatenate([rng.uniform(20, 120, (18, 2)), np.ones((18, 1))], 1).astype(np.float32).round()
    mirrored = pose[FLIPPED_POINTS].copy()
    mirrored[:, 0] = SIZE[1] - 1 - mirrored[:, 0]
    once, again = HumanParser(network)(photo, pose), HumanParser(network)(photo[:, ::-1].copy(), mirrored)
    assert (FLIP[again[:, ::-1]] == once).mean() > 0.999


def test_weights_come_back(network, tmp_path):
    save_file(network.state_dict(), tmp_path / "p.safetensors", metadata_of(network))
    again = HumanParser.load(tmp_path / "p.safetensors").network
    image, pose = torch.rand(1, 3, *SIZE), torch.zeros(1, 18, *SIZE)
    torch.testing.assert_close(again(image, pose), network(image, pose))


def test_other_files_are_refused(tmp_path):
    save_file({"a": torch.zeros(1)}, tmp_path / "p.safetensors")
    for name in ("p.safetensors", "none.safetensors"):
        with pytest.raises(WeightsError, match="expected a parser's weights"):
            HumanParser.load(tmp_path / name)


def _views(count=3):
    """A square of clothes whose colour tells its place, with a keypoint in its middle."""
    images, labels = torch.full((count, 3, *SIZE), 0.9), torch.zeros(count, *SIZE, dtype=torch.uint8)
    images[:, :, 80:110, 60:84] = 0.1
    labels[:, 80:110, 60:84] = Label.LEFT_ARM
    poses = torch.zeros(count, 18, 3)
    poses[:, 7] = torch.tensor([71.5, 94.5, 1.0])
    return Views(images, labels, poses)


def test_augmentation_moves_photo_labels_and_keypoints_together():
    for seed in range(12):
        views = Augmentation(torch.Generator().manual_seed(seed))(_views())
        for labels, poses in zip(views.labels, views.poses, strict=True):
            left = labels == Label.LEFT_ARM
            label, point = (Label.LEFT_ARM, poses[7]) if left.any() else (Label.RIGHT_ARM, poses[4])
            rows, columns = torch.nonzero(labels == label, as_tuple=True)
            if point[2] == 0:
                continue
            assert abs(float(columns.float().mean() - point[0])) < 6
            assert abs(float(rows.float().mean() - point[1])) < 6


def test_augmentation_repeats_with_its_seed_and_leaves_the_global_generator():
    before = torch.random.get_rng_state()
    first, again, other = (Augmentation(torch.Generator().manual_seed(seed))(_views()) for seed in (1, 1, 2))
    assert torch.equal(first.images, again.images) and torch.equal(first.labels, again.labels)
    assert not torch.equal(first.images, other.images)
    assert torch.equal(before, torch.random.get_rng_state())
    assert first.images.min() >= 0 and first.images.max() <= 1


def test_scores_agree_with_torchmetrics():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 20, (4, 30, 20), dtype=np.uint8)
    predicted = np.where(rng.random(truth.shape) < 0.7, truth, rng.integers(0, 20, truth.shape)).astype(np.uint8)
    scores = ParsingScores.of(confusion(predicted, truth))
    pair = torch.from_numpy(predicted), torch.from_numpy(truth)
    expected = multiclass_jaccard_index(*pair, num_classes=20, average=None)
    np.testing.assert_allclose(list(scores.iou.values()), expected.numpy(), rtol=1e-6)
    assert scores.mean_iou == pytest.approx(float(expected.mean()))
    assert scores.weighted_iou == pytest.approx(
        float(multiclass_jaccard_index(*pair, num_classes=20, average="weighted"))
    )


def test_rare_labels_do_not_enter_the_mean():
    truth = np.zeros((100, 100), np.uint8)
    truth[0, :5] = Label.GLOVE
    truth[50:] = Label.PANTS
    scores = ParsingScores.of(confusion(np.where(truth == Label.GLOVE, 0, truth), truth))
    assert scores.iou["glove"] == 0 and scores.mean_iou > 0.99


class _Halves(torch.nn.Module):
    """Calls the left half of any photo label 4 of 18, the right half 0."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = torch.zeros(1, 18, x.shape[2] // 4, x.shape[3] // 4)
        out[:, 4, :, : x.shape[3] // 8] = 1
        return out


def test_a_torchscript_parser_with_another_numbering(tmp_path):
    torch.jit.script(_Halves()).save(str(tmp_path / "p.pt"))
    config = ExternalParserConfig(path=tmp_path / "p.pt", label_set="atr18", height=64, width=64)
    labels = ExternalParser(config)(np.zeros((50, 40, 3), np.uint8), np.zeros((18, 3), np.float32))
    assert labels.shape == (50, 40)
    assert (labels[:, :18] == Label.UPPER_CLOTHES).all() and (labels[:, 22:] == Label.BACKGROUND).all()


def test_a_wrong_label_set_or_file_is_named(tmp_path):
    torch.jit.script(_Halves()).save(str(tmp_path / "p.pt"))
    config = ExternalParserConfig(path=tmp_path / "p.pt", label_set="lip20", height=64, width=64)
    with pytest.raises(ConfigError, match="lip20"):
        ExternalParser(config)(np.zeros((50, 40, 3), np.uint8), np.zeros((18, 3), np.float32))
    for name in ("broken.pt", "broken.onnx"):
        (tmp_path / name).write_bytes(b"nothing")
        with pytest.raises(WeightsError, match="broken"):
            ExternalParser(ExternalParserConfig(path=tmp_path / name, label_set="lip20"))
    with pytest.raises(WeightsError, match="found none"):
        ExternalParser(ExternalParserConfig(path=tmp_path / "none.pt", label_set="lip20"))
