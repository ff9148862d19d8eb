"""Fixtures that many tests share."""

from pathlib import Path

import pytest
import torch
from omegaconf import OmegaConf
from pydantic import TypeAdapter

from spg_vton.config import Experiment, Lambdas, ModelConfig, ObjectiveConfig, TrainingConfig
from spg_vton.labels import Label
from spg_vton.types import Batch

torch.set_num_threads(1)  # the networks are tiny, and threads that wait for one another are slow on a busy machine


@pytest.fixture
def tiny_model() -> ModelConfig:
    """The smallest networks, with the options of the small-data preset."""
    return ModelConfig(
        height=64, width=48, generator_width=4, discriminator_width=4, matching_width=4,
        skips=True, tail="wide", prealign=True, tps_reach=0.5, gate=True,
    )  # fmt: skip


@pytest.fixture
def make_batch():
    """A factory of random triples: a torso of clothes under a head, on noise."""

    def make(size: int = 2, seed: int = 0, height: int = 64, width: int = 48) -> Batch:
        generator = torch.Generator().manual_seed(seed)

        def photo():
            return torch.randint(0, 256, (size, 3, height, width), generator=generator, dtype=torch.uint8)

        labels = torch.zeros(size, height, width, dtype=torch.uint8)
        labels[:, 4:10, 18:30] = Label.HAIR
        labels[:, 10:18, 18:30] = Label.FACE
        labels[:, 20:45, 12:36] = Label.UPPER_CLOTHES
        labels[:, 20:45, 6:12] = Label.RIGHT_ARM
        labels[:, 20:45, 36:42] = Label.LEFT_ARM
        labels[:, 45:, 14:34] = Label.PANTS
        mask = torch.zeros(size, 1, height, width, dtype=torch.uint8)
        mask[:, :, 8:56, 6:42] = 1
        keypoints = torch.rand(size, 18, 3, generator=generator) * torch.tensor([width - 1, height - 1, 1.0])
        return Batch(
            source_image=photo(), target_image=photo(), cloth=photo(), cloth_mask=mask, source_labels=labels,
            target_labels=labels.roll(2, 2), source_keypoints=keypoints, target_keypoints=keypoints.roll(1, 0),
            triple_ids=tuple(f"p{i}/a|p{i}/b|p{i}/c" for i in range(size)), noisy=torch.zeros(size, dtype=torch.bool),
        )  # fmt: skip

    return make


@pytest.fixture
def experiment_of():
    """A function: an environment's name → the experiment that its files describe, over the base's."""
    kinds = {"model": ModelConfig, "training": TrainingConfig, "lambdas": Lambdas, "objective": ObjectiveConfig}

    def read(environment: str) -> Experiment:
        values: dict = {}
        for folder in dict.fromkeys(("base", environment)):
            for file in sorted((Path(__file__).parents[1] / "conf" / folder).glob("parameters*.yml")):
                values |= OmegaConf.to_container(OmegaConf.load(file))  # as Kedro does: whole top-level keys
        return Experiment(**{name: TypeAdapter(kind).validate_python(values[name]) for name, kind in kinds.items()})

    return read
