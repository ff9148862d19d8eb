"""Readers: values arrive where they belong, and no file gets to run code."""

import os
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from spg_vton.errors import WeightsError
from spg_vton.weights import locate
from spg_vton.weights.readers import (
    read_array_pickle,
    read_conv_pickle,
    read_dlib_tensors,
    read_flax_pickle,
    read_palette,
)


class Harm:
    """Pickles to a call that makes a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("wrap", [lambda harm: harm, lambda harm: {"a": harm}, lambda harm: {"a": [np.zeros(2), harm]}])
def test_malicious_pickle_is_refused_and_not_run(tmp_path, wrap):
    path, folder = tmp_path / "bad.pkl", tmp_path / "made"
    path.write_bytes(pickle.dumps(wrap(Harm(folder))))
    with pytest.raises(WeightsError, match=r"mkdir.*not loaded"):
        read_array_pickle(path)
    assert not folder.exists()
    pickle.loads(path.read_bytes())
    assert folder.exists(), "the file must be one that does harm"


@pytest.mark.parametrize("content", [b"", b"garbage", pickle.dumps([1, 2])])
def test_damaged_pickle(tmp_path, content):
    (tmp_path / "bad.pkl").write_bytes(content)
    with pytest.raises(WeightsError, match=r"bad\.pkl"):
        read_array_pickle(tmp_path / "bad.pkl")


def test_malicious_torch_file_is_refused(tmp_path):
    path, folder = tmp_path / "bad.bin", tmp_path / "made"
    torch.save({"a": Harm(folder)}, path)
    with pytest.raises(WeightsError, match=r"bad\.bin"):
        read_palette(path)
    assert not folder.exists()


def test_kernels_become_torch_layout(tmp_path):
    kernel = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)  # kh kw in out
    bias = np.arange(5, dtype=np.float32)
    tree = {"Net_0": {"Conv_0": {"kernel": kernel, "bias": bias}}, "conv1": [kernel, bias.reshape(1, 1, 1, 5)]}
    (tmp_path / "net.pkl").write_bytes(pickle.dumps(tree))
    for read, names in ((read_flax_pickle, "Net_0"), (read_conv_pickle, ["conv1"])):
        (item,) = read(tmp_path / "net.pkl", names)
        assert item.weight.shape == (5, 4, 2, 3)
        assert item.weight[4, 3, 1, 2] == kernel[1, 2, 3, 4]
        assert torch.equal(item.bias, torch.arange(5.0))
    with pytest.raises(WeightsError, match="conv9"):
        read_conv_pickle(tmp_path / "net.pkl", ["conv9"])


def test_palette_is_looked_up(tmp_path):
    table = torch.tensor([0.5, -1.0, 2.0])
    index = torch.tensor([2, 0, 1, 1], dtype=torch.uint8).view(2, 2, 1, 1)
    torch.save({"c_W_q": index, "c_W_table": table, "c_b": torch.tensor([1.0, 2.0])}, tmp_path / "net.bin")
    (item,) = read_palette(tmp_path / "net.bin")
    assert item.weight.flatten().tolist() == [2.0, 0.5, -1.0, -1.0]
    assert item.bias.tolist() == [1.0, 2.0]


def test_dlib_tensors_are_found_between_other_things(tmp_path):
    def tensor(values):
        head = b"\x01\x02" + b"\x01" + struct.pack("B", len(values)) + b"\x01\x01" * 3
        return head + np.asarray(values, "<f4").tobytes()

    first, second = np.arange(1, 41) / 7, np.arange(1, 61) / -3
    (tmp_path / "net.dat").write_bytes(b"\x01\x01name\x01\x02" + tensor(first) + b"\x01\x02\x03" + tensor(second))
    found = read_dlib_tensors(tmp_path / "net.dat")
    assert [values.size for values in found] == [40, 60]
    np.testing.assert_allclose(found[0], first, rtol=1e-6)
    np.testing.assert_allclose(found[1], second, rtol=1e-6)


def test_registered_files_hold_what_their_readers_expect():
    assert len(read_dlib_tensors(locate("dlib-face"))) == 59
    assert len(read_palette(locate("vgg19"))) == 16
    assert [tuple(item.weight.shape[:2]) for item in read_flax_pickle(locate("lpips-alex"), "AlexNet_0")] == [
        (64, 3), (192, 64), (384, 192), (256, 384), (256, 256),
    ]  # fmt: skip


def test_no_address_is_written_in_the_code():
    import spg_vton.weights

    for path in Path(spg_vton.weights.__file__).parent.glob("*.py"):
        assert "://" not in path.read_text()
