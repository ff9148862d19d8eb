"""What the training benchmarks train on: the settings of ``conf/base``, and random triples in memory."""

from dataclasses import replace
from pathlib import Path

import torch
import yaml
from pydantic import TypeAdapter
from torch import Tensor

from spg_vton.config import Experiment, Lambdas, ModelConfig, ObjectiveConfig, TrainingConfig
from spg_vton.labels import Label
from spg_vton.training.loader import Part
from spg_vton.types import Batch

CONF = Path(__file__).parents[1] / "conf" / "base"
#: Sizes one can ask for, with what they change in ``conf/base``.
SIZES: dict[str, dict[str, int]] = {
    "tiny": {"generator_width": 4, "discriminator_width": 4, "matching_width": 4},
    "embedded": {},
    "paper": {"height": 256, "width": 192, "generator_width": 64, "discriminator_width": 32, "matching_width": 64},
}


def read_experiment(size: str, **training: object) -> Experiment:
    """``conf/base`` at one of SIZES, with some settings of the training replaced.

    The adversarial terms take part from the first step, as in most of the training, and the rate stays as it is.
    """
    kinds = {"model": ModelConfig, "training": TrainingConfig, "lambdas": Lambdas, "objective": ObjectiveConfig}
    values: dict = {}
    for file in sorted(CONF.glob("parameters*.yml")):
        values |= yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    experiment = Experiment(**{name: TypeAdapter(kind).validate_python(values[name]) for name, kind in kinds.items()})
    config = experiment.training
    stages = {name: replace(getattr(config, name), adversarial_from=0.0) for name in ("semantic", "synthesis", "joint")}
    config = replace(config, **stages, optimiser=replace(config.optimiser, schedule="constant"), **training)
    return replace(experiment, model=replace(experiment.model, **SIZES[size]), training=config)


def random_parts(experiment: Experiment, count: int) -> list[Part]:
    """Batches of random photos of one figure: hair, face, clothes between arms, trousers, and a garment."""
    generator = torch.Generator().manual_seed(0)
    return [
        Part(_random_batch(experiment, generator), torch.rand(5, experiment.training.batch_size, generator=generator))
        for _ in range(count)
    ]


def _random_batch(experiment: Experiment, generator: torch.Generator) -> Batch:
    size, (height, width) = experiment.training.batch_size, experiment.model.size

    def photo() -> Tensor:
        return torch.randint(0, 256, (size, 3, height, width), generator=generator, dtype=torch.uint8)

    labels = _labels(height, width).expand(size, -1, -1).contiguous()
    mask = torch.zeros(size, 1, height, width, dtype=torch.uint8)
    mask[:, :, height // 8 : -height // 8, width // 8 : -width // 8] = 1
    keypoints = torch.rand(size, 18, 3, generator=generator) * torch.tensor([width - 1, height - 1, 1.0])
    return Batch(
        source_image=photo(), target_image=photo(), cloth=photo(), cloth_mask=mask, source_labels=labels,
        target_labels=labels.roll(2, 2), source_keypoints=keypoints, target_keypoints=keypoints.roll(1, 0),
        triple_ids=tuple(str(number) for number in range(size)), noisy=torch.zeros(size, dtype=torch.bool),
    )  # fmt: skip


#: Boxes of a standing figure as shares of the height and the width: top, bottom, left, right.
_FIGURE = {
    Label.HAIR: (0.06, 0.16, 0.38, 0.62),
    Label.FACE: (0.16, 0.28, 0.38, 0.62),
    Label.UPPER_CLOTHES: (0.31, 0.70, 0.25, 0.75),
    Label.RIGHT_ARM: (0.31, 0.70, 0.12, 0.25),
    Label.LEFT_ARM: (0.31, 0.70, 0.75, 0.88),
    Label.PANTS: (0.70, 1.0, 0.30, 0.70),
}


def _labels(height: int, width: int) -> Tensor:
    labels = torch.zeros(height, width, dtype=torch.uint8)
    for label, (top, bottom, left, right) in _FIGURE.items():
        labels[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = label
    return labels
