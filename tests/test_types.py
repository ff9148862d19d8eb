"""A batch moves and mirrors as one."""

import dataclasses

import numpy as np
import pytest
import torch

from spg_vton.labels import Label
from spg_vton.types import Batch

B, H, W = 3, 8, 6


@pytest.fixture
def batch() -> Batch:
    generator = torch.Generator().manual_seed(0)

    def draw(*shape: int, high: int = 256) -> torch.Tensor:
        return torch.randint(0, high, shape, generator=generator, dtype=torch.uint8)

    pose = torch.rand(B, 18, 3, generator=generator) * 5 + 0.1
    pose[:, 4] = 0  # the right wrist is missing
    return Batch(
        source_image=draw(B, 3, H, W),
        target_image=draw(B, 3, H, W),
        cloth=draw(B, 3, H, W),
        cloth_mask=draw(B, 1, H, W, high=2),
        source_labels=draw(B, H, W, high=20),
        target_labels=draw(B, H, W, high=20),
        source_keypoints=pose,
        target_keypoints=pose.flip(0),
        triple_ids=("a", "b", "c"),
        noisy=torch.tensor([True, False, False]),
    )


def _tensors(batch: Batch) -> dict[str, torch.Tensor]:
    values = {field.name: getattr(batch, field.name) for field in dataclasses.fields(batch)}
    return {name: value for name, value in values.items() if isinstance(value, torch.Tensor)}


def test_flip_mirrors_only_the_chosen(batch: Batch) -> None:
    flipped = batch.flip(torch.tensor([True, False, True]))
    for name, value in _tensors(flipped).items():
        torch.testing.assert_close(value[1], getattr(batch, name)[1], rtol=0, atol=0)
    for name in ("source_image", "target_image", "cloth", "cloth_mask"):
        mirrored = np.flip(getattr(batch, name)[0].numpy(), -1)
        np.testing.assert_array_equal(getattr(flipped, name)[0].numpy(), mirrored)
    assert flipped.triple_ids == batch.triple_ids and torch.equal(flipped.noisy, batch.noisy)


def test_flip_swaps_left_and_right_labels(batch: Batch) -> None:
    labels = torch.zeros(B, H, W, dtype=torch.uint8)
    labels[0, 2, 0], labels[0, 3, 1] = Label.LEFT_ARM, Label.FACE
    flipped = dataclasses.replace(batch, source_labels=labels).flip(torch.tensor([True, False, False])).source_labels
    assert flipped[0, 2, W - 1] == Label.RIGHT_ARM and flipped[0, 3, W - 2] == Label.FACE
    assert int((flipped > 0).sum()) == 2 and flipped.dtype == torch.uint8


def test_flip_moves_keypoints(batch: Batch) -> None:
    pose, flipped = batch.source_keypoints, batch.flip(torch.ones(B, dtype=torch.bool)).source_keypoints
    torch.testing.assert_close(flipped[:, 2, 0], W - 1 - pose[:, 5, 0])  # right shoulder from the left one
    torch.testing.assert_close(flipped[:, 2, 1:], pose[:, 5, 1:])
    torch.testing.assert_close(flipped[:, 0, 0], W - 1 - pose[:, 0, 0])
    assert (flipped[:, 7] == 0).all()  # the missing wrist is the left one now


def test_flip_twice_is_nothing(batch: Batch) -> None:
    mask = torch.tensor([True, True, False])
    again = batch.flip(mask).flip(mask)
    for name, value in _tensors(batch).items():
        torch.testing.assert_close(getattr(again, name), value, rtol=0, atol=1e-5)


def test_without_target(batch: Batch) -> None:
    bare = dataclasses.replace(batch, target_image=None, target_labels=None)
    flipped = bare.flip(torch.ones(B, dtype=torch.bool)).to("cpu")
    assert flipped.target_image is None and flipped.target_labels is None and len(flipped) == B


def test_to_moves_every_tensor(batch: Batch) -> None:
    moved = batch.to("meta")
    assert {value.device.type for value in _tensors(moved).values()} == {"meta"}
    assert len(_tensors(moved)) == 9 and moved.triple_ids == batch.triple_ids


def test_frozen(batch: Batch) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        batch.cloth = batch.cloth_mask  # type: ignore[misc]
