"""SphereFace's 20-layer network (sphere20a) [39], the paper's F of Eq. 15, for weights that the user brings.

No package carries its weights: they are read from a file whose hash the settings state. The state dictionary is named
as in the common PyTorch port (``conv1_1.weight``, ``relu1_1.weight``, …, ``fc5.weight``), with or without its
classifier ``fc6`` and a prefix ``module.``.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from spg_vton.errors import WeightsError
from spg_vton.models.pretrained.frozen import FrozenNetwork
from spg_vton.models.pretrained.loading import build_empty
from spg_vton.weights.digest import sha256_of
from spg_vton.weights.readers import read_state_dict

_SIZE = (112, 96)
#: Pixels are (x − 127.5) / 128, blue green red.
_SCALE = 127.5 / 128
#: Channels and number of residual units of the four stages.
_STAGES = ((64, 1), (128, 2), (256, 4), (512, 1))
_EMBEDDING = 512


class SphereFace(FrozenNetwork):
    """Maps face crops to directions that tell persons apart; a smaller angle is a likelier same person.

    Args:
        path: the state dictionary, safetensors or PyTorch's format (read without running code from it).
        sha256: the hash the file must have.

    Raises:
        WeightsError: no such file, another hash, or other tensors than sphere20a's.
    """

    def __init__(self, path: Path, sha256: str) -> None:
        super().__init__()
        self.stages = build_empty(lambda: nn.Sequential(*_build_stages()))
        self.embed = build_empty(lambda: nn.Linear(512 * (_SIZE[0] // 16) * (_SIZE[1] // 16), _EMBEDDING))
        _require(path, sha256)
        _load(self, read_state_dict(path), path)
        self.freeze()

    def forward(self, crops: Float[Tensor, "B 3 h w"]) -> Float[Tensor, "B 512"]:
        """Embed RGB face crops in [-1, 1] of any size; they are resized to 112×96 (bilinear, antialiased)."""
        if crops.shape[-2:] != _SIZE:
            crops = functional.interpolate(crops, size=_SIZE, mode="bilinear", align_corners=False, antialias=True)
        return self.embed(self.stages(crops.flip(1) * _SCALE).flatten(1))


class _Unit(nn.Module):
    """Two 3 × 3 convolutions with PReLU, added to their input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(*_conv(channels, channels, 1), *_conv(channels, channels, 1))

    def forward(self, hidden: Tensor) -> Tensor:
        return hidden + self.body(hidden)


def _conv(inputs: int, outputs: int, stride: int) -> tuple[nn.Conv2d, nn.PReLU]:
    return nn.Conv2d(inputs, outputs, 3, stride, 1), nn.PReLU(outputs)


def _build_stages() -> list[nn.Sequential]:
    inputs, stages = 3, []
    for channels, units in _STAGES:
        stages.append(nn.Sequential(*_conv(inputs, channels, 2), *(_Unit(channels) for _ in range(units))))
        inputs = channels
    return stages


def _require(path: Path, sha256: str) -> None:
    if not path.is_file():
        raise WeightsError(
            f"{path}: expected sphere20a's weights (sha256 {sha256}), found no such file. No package carries them: "
            "name the file and its hash in objective.identity_file and objective.identity_sha256, or set "
            "objective.identity to dlib-face."
        )
    if (found := sha256_of(path)) != sha256:
        raise WeightsError(
            f"{path}: expected sha256 {sha256} as objective.identity_sha256 says, got {found}. Give the right file, or "
            "state this hash if the file is the one you mean."
        )


def port_names() -> list[str]:
    """The common port's names of sphere20a's tensors, in the order of our parameters."""
    names = []
    for stage, (_, units) in enumerate(_STAGES, start=1):
        for layer in range(1, 2 + 2 * units):
            names += [f"conv{stage}_{layer}.weight", f"conv{stage}_{layer}.bias", f"relu{stage}_{layer}.weight"]
    return [*names, "fc5.weight", "fc5.bias"]


def _load(network: SphereFace, tensors: Mapping[str, Tensor], path: Path) -> None:
    found = {re.sub(r"^module\.", "", name): values for name, values in tensors.items()}
    own = dict(zip(port_names(), network.parameters(), strict=True))
    unlike = [name for name, values in own.items() if name not in found or found[name].shape != values.shape]
    extra = sorted(name for name in found.keys() - own.keys() if not name.startswith("fc6."))
    if unlike or extra:
        name = (unlike or extra)[0]
        expected = tuple(own[name].shape) if name in own else "no such tensor"
        raise WeightsError(
            f"{path}: expected sphere20a's {len(own)} tensors, but {name} should be {expected} and is "
            f"{tuple(found[name].shape) if name in found else 'missing'}."
        )
    with torch.no_grad():
        for name, values in own.items():
            values.copy_(found[name])
