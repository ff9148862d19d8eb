"""Catalog datasets: folders, weights, text; written aside, deterministic, refusing damage by name."""

import pytest
import torch
from kedro.io import DatasetError

from spg_vton.models.model_file import ModelFile
from spg_vton.orchestration.datasets import FolderDataset, SafetensorsDataset, TextDataset


def cause(error):
    return error.value.__cause__


def test_a_folder_is_filled_by_what_the_node_returns(tmp_path):
    dataset = FolderDataset(filepath=str(tmp_path / "a" / "folder"))
    dataset.save(lambda folder: (folder.mkdir(), (folder / "x").write_text("1")))
    assert (dataset.load() / "x").read_text() == "1"


def test_a_missing_folder_says_what_to_do(tmp_path):
    with pytest.raises(DatasetError) as error:
        FolderDataset(filepath=str(tmp_path / "none"), remedy="Make it.").load()
    assert "expected a folder" in str(cause(error)) and "Make it." in str(cause(error))


def test_a_state_folder_is_made_when_it_is_asked_for(tmp_path):
    assert FolderDataset(filepath=str(tmp_path / "state"), create=True).load().is_dir()


def test_weights_come_back_with_their_metadata(tmp_path):
    dataset = SafetensorsDataset(filepath=str(tmp_path / "model.safetensors"))
    dataset.save(ModelFile({"w": torch.arange(3.0)}, {"stage": "joint", "lambdas": "{}"}))
    loaded = dataset.load()
    assert torch.equal(loaded.weights["w"], torch.arange(3.0))
    assert loaded.metadata == {"stage": "joint", "lambdas": "{}"}
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


def test_the_same_weights_give_the_same_bytes(tmp_path):
    metadata = {f"key{i}": str(i) for i in range(20)}
    files = []
    for name in "ab":
        SafetensorsDataset(filepath=str(tmp_path / name)).save(ModelFile({"w": torch.ones(2)}, metadata))
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]


def test_damaged_weights_are_refused_by_name(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"not weights")
    with pytest.raises(DatasetError) as error:
        SafetensorsDataset(filepath=str(path)).load()
    assert "model.safetensors" in str(cause(error)) and "Train it again" in str(cause(error))


def test_text_keeps_its_letters(tmp_path):
    dataset = TextDataset(filepath=str(tmp_path / "page.html"))
    dataset.save("Ŝ_t ↓")
    assert dataset.load() == "Ŝ_t ↓"
