"""A store of random triples and a tiny experiment."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
import yaml
from PIL import Image

from spg_vton.config import Experiment, Lambdas, ObjectiveConfig, OptimiserConfig, StageConfig, TrainingConfig
from spg_vton.labels import Label
from spg_vton.losses.objective import Objective
from spg_vton.sources.manifest import Manifest, table
from spg_vton.store.pack import PackConfig, pack
from spg_vton.weights import weights_folder


class FakeStore:
    """Answers as a store would, from memory."""

    height, width, sha256 = 64, 48, "data"

    def __init__(self, make_batch, size=6):
        self.make_batch, self.size = make_batch, size

    def select(self, **_):
        return np.arange(self.size)

    def indices(self, rows, name):
        """Three triples a person, each third one noisy."""
        return np.array({
            "triple_id": [f"{row // 3}/a|{row // 3}/b|{row}" for row in rows], "noisy": [row % 3 == 0 for row in rows],
        }[name])  # fmt: skip

    def batch(self, rows):
        import torch

        parts = [self.make_batch(1, seed=int(row)) for row in rows]
        tensors = {
            name: torch.cat([getattr(part, name) for part in parts]) for name in vars(parts[0]) if name != "triple_ids"
        }
        return type(parts[0])(**tensors, triple_ids=tuple(f"triple {row}" for row in rows))


@pytest.fixture
def store(make_batch):
    return FakeStore(make_batch)


@pytest.fixture
def experiment(tiny_model):
    stage = StageConfig(steps=6, learning_rate=1e-3, adversarial_from=0.5)
    training = TrainingConfig(
        semantic=stage, synthesis=stage, joint=stage, batch_size=2, r1_every=2, log_every=2, accelerator="cpu",
        optimiser=OptimiserConfig(schedule="cosine"),
    )  # fmt: skip
    return Experiment(tiny_model, training, Lambdas(), ObjectiveConfig(perceptual="alexnet", identity="none"))


@pytest.fixture
def objective(experiment):
    return Objective(experiment.lambdas, experiment.objective, lambda image: (image,) * 5)


PERSONS, PHOTOS = 6, 2


@pytest.fixture(scope="session")
def packed(tmp_path_factory):
    """A store on disk: random photos of six persons, two each, on every one of whom both photos serve as source."""
    root = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(0)
    labels = np.zeros((64, 48), np.uint8)
    labels[4:10, 18:30], labels[10:18, 18:30], labels[20:45, 12:36] = Label.HAIR, Label.FACE, Label.UPPER_CLOTHES
    labels[45:, 14:34], labels[20:45, 6:12], labels[20:45, 36:42] = Label.PANTS, Label.RIGHT_ARM, Label.LEFT_ARM
    mask = np.zeros((64, 48), np.uint8)
    mask[8:56, 6:42] = 255
    rows = {name: [] for name in ("images", "triples", "keypoints", "parses", "cloth_masks")}

    def picture(name, pixels):
        (root / name).parent.mkdir(exist_ok=True)
        Image.fromarray(pixels).save(root / f"{name}.png")

    def photo(name, kind):
        picture(name, rng.integers(0, 256, (64, 48, 3), dtype=np.uint8))
        digest = hashlib.sha256((root / f"{name}.png").read_bytes()).hexdigest()
        rows["images"].append(
            {"image_id": name, "path": f"{name}.png", "kind": kind, "source": "random", "width": 48, "height": 64,
             "sha256": digest}
        )  # fmt: skip

    for person in range(PERSONS):
        names = [f"{person}/{number}" for number in range(PHOTOS)]
        for shift, name in enumerate(names):
            photo(name, "person")
            picture(f"{name}_parse", np.roll(labels, shift, 1))
            pose = np.column_stack([rng.uniform(2, 46, 18), rng.uniform(2, 62, 18), np.ones(18)])
            rows["keypoints"].append({"image_id": name, "keypoints": pose.reshape(-1).tolist()})
            rows["parses"].append({"image_id": name, "path": f"{name}_parse.png", "label_set": "cihp20"})
        cloth = f"{person}/cloth"
        photo(cloth, "cloth")
        picture(f"{cloth}_mask", mask)
        rows["cloth_masks"].append({"image_id": cloth, "path": f"{cloth}_mask.png"})
        for source, target in (names, names[::-1]):
            rows["triples"].append(
                {"triple_id": f"{source}|{target}|{cloth}", "source_id": source, "target_id": target,
                 "target_pose_id": target, "cloth_id": cloth, "split": "train", "paired": True}
            )  # fmt: skip
    folder = tmp_path_factory.mktemp("packed") / "store"
    pack(Manifest.from_rows(**rows), table("noise", []), root, folder, PackConfig(height=64, width=48))
    return folder


class Command:
    """``python -m spg_vton.training CONFIG`` in a folder."""

    def __init__(self, folder, store):
        self.folder = folder
        stage = {"steps": 4, "learning_rate": 1e-4, "adversarial_from": 0.5}
        self.values = {
            "store": str(store), "output": "out",
            "model": {"height": 64, "width": 48, "generator_width": 4, "discriminator_width": 4, "matching_width": 4,
                      "skips": True, "tail": "wide", "prealign": True, "tps_reach": 0.5, "gate": True},
            "training": {"semantic": dict(stage), "synthesis": dict(stage), "joint": dict(stage), "batch_size": 4,
                         "flip": True, "r1_every": 2, "accelerator": "cpu", "threads": 1, "log_every": 1},
            "objective": {"perceptual": "squeezenet", "identity": "none"},
        }  # fmt: skip

    @property
    def out(self):
        return self.folder / self.values["output"]

    def write(self):
        (self.folder / "config.yml").write_text(yaml.safe_dump(self.values, sort_keys=False))

    def start(self, **variables):
        self.write()
        environment = os.environ | {"SPG_VTON_WEIGHTS": str(weights_folder()), "OMP_NUM_THREADS": "1"} | variables
        return subprocess.Popen(
            [sys.executable, "-m", "spg_vton.training", "config.yml"], cwd=self.folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def run(self, code=0, **variables):
        process = self.start(**variables)
        log = process.communicate()[0]
        assert process.returncode == code, log
        return log


@pytest.fixture
def make_command(tmp_path, packed):
    """A factory of commands, each in a folder of its own."""

    def make(name="run"):
        (tmp_path / name).mkdir()
        return Command(tmp_path / name, packed)

    return make
