"""Parsers at work: this project's own network, or a user's ONNX or TorchScript file with a named label mapping."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, UInt8
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as settings
from safetensors import SafetensorError, safe_open
from torch import Tensor

from spg_vton.errors import ConfigError, WeightsError
from spg_vton.geometry.heatmaps import pose_maps
from spg_vton.keypoints import FLIP as MIRRORED_KEYPOINTS
from spg_vton.labels import FLIP, LABEL_SETS, NUM_LABELS, LabelSet
from spg_vton.parsing.network import SIZE, ParsingNetwork
from spg_vton.sources.fit import Fit

Photo = UInt8[np.ndarray, "H W 3"]
Pose = Float[np.ndarray, "18 3"]
LabelMap = UInt8[np.ndarray, "H W"]

#: Mean and standard deviation of ImageNet's pixels, RGB in [0, 1]: what most published parsers expect.
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_METADATA = "spg_vton"


class Parser(Protocol):
    """Photo (RGB bytes) and keypoints in its pixels → a map of the 20 labels, of the photo's size."""

    def __call__(self, photo: Photo, pose: Pose) -> LabelMap:
        """Label every pixel."""


@dataclass(frozen=True)
class HumanParser:
    """The project's parser. Convention: the frame of ``sources.fit``; a photo and its mirror image are averaged."""

    network: ParsingNetwork

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read trained weights.

        Raises:
            WeightsError: the file is absent, damaged, or not a parser's.
        """
        try:
            with safe_open(path, framework="pt") as file:
                metadata = json.loads((file.metadata() or {}).get(_METADATA, "{}"))
                weights = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 (not a dict)
            network = ParsingNetwork(int(metadata["width"]))
            network.load_state_dict(weights)
        except (SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
            raise WeightsError(
                f"{path}: expected a parser's weights (safetensors, with their width), got {error!r}."
            ) from error
        return cls(network.eval())

    def __call__(self, photo: Photo, pose: Pose) -> LabelMap:
        """Label every pixel of ``photo``."""
        fit = Fit.of(photo.shape[:2], SIZE)
        image = torch.from_numpy(fit.photo(photo)).permute(2, 0, 1)[None].float() / 127.5 - 1
        points = torch.from_numpy(fit.pose(pose))[None]
        probabilities = self.probabilities(image, pose_maps(points, SIZE))
        inner = probabilities[:, :, fit.top : fit.top + fit.inner_height, fit.left : fit.left + fit.inner_width]
        whole = F.interpolate(inner, size=photo.shape[:2], mode="bilinear", align_corners=False)
        return whole.argmax(1)[0].to(torch.uint8).numpy()

    @torch.inference_mode()
    def probabilities(
        self, image: Float[Tensor, "B 3 H W"], pose: Float[Tensor, "B 18 H W"]
    ) -> Float[Tensor, "B 20 H W"]:
        """The mean over both ways round; ``image`` in [-1, 1]."""
        once = torch.softmax(self.network(image, pose), dim=1)
        mirrored = pose.flip(-1)[:, torch.from_numpy(MIRRORED_KEYPOINTS.copy())]
        again = torch.softmax(self.network(image.flip(-1), mirrored), dim=1).flip(-1)
        return (once + again[:, torch.from_numpy(FLIP).long()]) / 2


@settings(frozen=True, config=ConfigDict(extra="forbid"))
class ExternalParserConfig:
    """A user's own parser.

    Attributes:
        path: an ``.onnx`` file, or a TorchScript file; (1, 3, height, width) in, (1, n, h, w) logits out.
        label_set: the numbering of its n labels, a key of ``labels.LABEL_SETS``.
        height: of its input, pixels.
        width: of its input, pixels.
        mean: subtracted from RGB in [0, 1].
        std: divides the result.
        bgr: whether it expects blue first (as OpenCV-trained networks such as SCHP's do).
    """

    path: Path
    label_set: LabelSet
    height: int = Field(default=473, ge=16)
    width: int = Field(default=473, ge=16)
    mean: tuple[float, float, float] = IMAGENET[0]
    std: tuple[float, float, float] = IMAGENET[1]
    bgr: bool = False


class ExternalParser:
    """Runs a user's ONNX (by OpenCV) or TorchScript file.

    Raises:
        WeightsError: the file is absent or cannot be read.
        ConfigError: the network gives another number of labels than the label set has.
    """

    def __init__(self, config: ExternalParserConfig) -> None:
        self.config = config
        if not config.path.is_file():
            raise WeightsError(f"{config.path}: expected an .onnx or TorchScript file, found none.")
        self._run = _read_onnx(config.path) if config.path.suffix == ".onnx" else _read_torchscript(config.path)

    def __call__(self, photo: Photo, pose: Pose) -> LabelMap:
        """Label every pixel of ``photo``; such parsers read no keypoints."""
        config, table = self.config, LABEL_SETS[self.config.label_set]
        small = cv2.resize(photo, (config.width, config.height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        normal = ((small - np.array(config.mean, np.float32)) / np.array(config.std, np.float32)).transpose(2, 0, 1)[
            None
        ]
        logits = self._run(np.ascontiguousarray(normal[:, ::-1] if config.bgr else normal, np.float32))
        if logits.ndim != 4 or logits.shape[1] != len(table):
            raise ConfigError(
                f"{config.path.name}: expected (1, {len(table)}, h, w) logits for the labels of {config.label_set}, "
                f"got {logits.shape}. Choose the parser's own label_set."
            )
        enlarged = F.interpolate(torch.from_numpy(logits), size=photo.shape[:2], mode="bilinear", align_corners=False)
        return table[enlarged.argmax(1)[0].numpy()]


def _read_onnx(path: Path) -> Callable[[np.ndarray], np.ndarray]:
    try:
        network = cv2.dnn.readNetFromONNX(str(path))
    except cv2.error as error:
        raise WeightsError(f"{path}: OpenCV cannot read this ONNX file ({error.err}).") from error

    def run(values: np.ndarray) -> np.ndarray:
        network.setInput(values)
        return np.asarray(network.forward())

    return run


def _read_torchscript(path: Path) -> Callable[[np.ndarray], np.ndarray]:
    try:
        network = torch.jit.load(str(path), map_location="cpu").eval()
    except (RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise WeightsError(f"{path}: expected an .onnx or TorchScript file, got {reason}") from error

    @torch.inference_mode()
    def run(values: np.ndarray) -> np.ndarray:
        found = network(torch.from_numpy(values))
        return (found[0] if isinstance(found, tuple | list) else found).float().numpy()

    return run


def metadata_of(network: ParsingNetwork, **more: str) -> dict[str, str]:
    """What a parser's file says of itself, for ``safetensors``."""
    width = network.stem[0].out_channels
    return {_METADATA: json.dumps({"width": str(width), "labels": str(NUM_LABELS), **more}, sort_keys=True)}
