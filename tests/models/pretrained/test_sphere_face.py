"""SphereFace: sphere20a's shape, and the way its weights come in."""

import hashlib
import os

import pytest
import torch
from safetensors.torch import save_file

from spg_vton.errors import WeightsError
from spg_vton.models.pretrained.sphere_face import SphereFace, port_names

#: Stage → channels in, channels out, convolutions.
LAYERS = {
    1: (3, 64, 3), 2: (64, 128, 5), 3: (128, 256, 9), 4: (256, 512, 3),
}  # fmt: skip


def port_shapes():
    shapes = {}
    for stage, (inputs, outputs, count) in LAYERS.items():
        for layer in range(1, count + 1):
            shapes[f"conv{stage}_{layer}.weight"] = (outputs, inputs if layer == 1 else outputs, 3, 3)
            shapes[f"conv{stage}_{layer}.bias"] = (outputs,)
            shapes[f"relu{stage}_{layer}.weight"] = (outputs,)
    return shapes | {"fc5.weight": (512, 512 * 7 * 6), "fc5.bias": (512,)}


@pytest.fixture(scope="module")
def state():
    """A made-up state dictionary of the right shapes."""
    generator = torch.Generator().manual_seed(0)
    return {
        name: torch.randn(shape, generator=generator) * (0.02 if len(shape) > 1 else 0.1)
        for name, shape in port_shapes().items()
    }


def written(folder, state, name="sphere20a.pth"):
    path = folder / name
    save_file(state, path) if path.suffix == ".safetensors" else torch.save(state, path)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def file(state, tmp_path_factory):
    return written(tmp_path_factory.mktemp("sphere"), state)


def literal(state, crops):
    """sphere20a's forward pass written out on the port's names."""

    def conv(x, name, stride=1):
        x = torch.nn.functional.conv2d(x, state[f"conv{name}.weight"], state[f"conv{name}.bias"], stride, 1)
        return torch.nn.functional.prelu(x, state[f"relu{name}.weight"])

    x = (crops.flip(1) + 1) * 127.5
    x = (x - 127.5) / 128
    for stage, (_, _, count) in LAYERS.items():
        x = conv(x, f"{stage}_1", 2)
        for layer in range(2, count, 2):
            x = x + conv(conv(x, f"{stage}_{layer}"), f"{stage}_{layer + 1}")
    return torch.nn.functional.linear(x.flatten(1), state["fc5.weight"], state["fc5.bias"])


def test_it_has_twenty_convolutions_and_the_ports_names(file):
    assert port_names() == list(port_shapes())
    network = SphereFace(*file)
    assert sum(isinstance(module, torch.nn.Conv2d) for module in network.modules()) == 20
    assert [tuple(parameter.shape) for parameter in network.parameters()] == list(port_shapes().values())


def test_it_is_the_literal_network(state, file):
    crops = torch.rand(2, 3, 112, 96) * 2 - 1
    torch.testing.assert_close(SphereFace(*file)(crops), literal(state, crops), atol=1e-4, rtol=1e-4)


def test_crops_of_any_size_and_gradients_to_them(file):
    network, crops = SphereFace(*file), torch.rand(1, 3, 40, 40, requires_grad=True)
    points = network(crops)
    assert points.shape == (1, 512)
    points.abs().sum().backward()
    assert crops.grad.abs().sum() > 0
    assert not any(parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize("change", ["prefix", "classifier", "safetensors"])
def test_usual_variants_of_the_file_are_read(state, file, tmp_path, change):
    variant = {f"module.{name}": tensor for name, tensor in state.items()} if change == "prefix" else dict(state)
    if change == "classifier":
        variant["fc6.weight"] = torch.zeros(512, 10)
    name = "sphere20a.safetensors" if change == "safetensors" else "sphere20a.pth"
    crops = torch.rand(1, 3, 112, 96)
    assert torch.equal(SphereFace(*written(tmp_path, variant, name))(crops), SphereFace(*file)(crops))


@pytest.mark.parametrize("change, message", [
    ("missing", r"fc5\.bias should be \(512,\) and is missing"),
    ("shape", r"conv1_1\.weight should be \(64, 3, 3, 3\) and is \(64, 3, 5, 5\)"),
    ("extra", r"conv9_9\.weight should be no such tensor"),
])  # fmt: skip
def test_other_tensors_are_refused_by_name(state, tmp_path, change, message):
    other = dict(state)
    if change == "missing":
        del other["fc5.bias"]
    elif change == "shape":
        other["conv1_1.weight"] = torch.zeros(64, 3, 5, 5)
    else:
        other["conv9_9.weight"] = torch.zeros(1)
    with pytest.raises(WeightsError, match=message):
        SphereFace(*written(tmp_path, other))


def test_an_absent_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(WeightsError, match=r"sphere20a\.pth.*identity_file.*dlib-face"):
        SphereFace(tmp_path / "sphere20a.pth", "0" * 64)


def test_another_hash_is_refused(file):
    with pytest.raises(WeightsError, match=r"expected sha256 0+ .*got [0-9a-f]{64}"):
        SphereFace(file[0], "0" * 64)


class Harm:
    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_a_file_that_runs_code_is_refused_even_with_its_hash(tmp_path):
    path, digest = written(tmp_path, {"conv1_1.weight": Harm(tmp_path / "made")})
    with pytest.raises(WeightsError, match="tensors only"):
        SphereFace(path, digest)
    assert not (tmp_path / "made").exists()
