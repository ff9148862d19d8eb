"""A tiny data set on disk: coloured persons 24×32 (w×h), garments, label maps, poses."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from spg_vton.labels import Label
from spg_vton.sources.manifest import Manifest, table

H, W = 32, 24


def _person(path: Path, shade: int) -> None:
    pixels = np.full((H, W, 3), 255, np.uint8)
    pixels[4:28, 6:18] = (shade, 40, 90)
    Image.fromarray(pixels).save(path)


def _labels(path: Path) -> None:
    labels = np.zeros((H, W), np.uint8)
    labels[4:10, 6:18] = Label.FACE
    labels[10:20, 6:18] = Label.UPPER_CLOTHES
    labels[20:28, 6:12] = Label.LEFT_LEG  # on the picture's left only, so that a flip shows
    Image.fromarray(labels).save(path)


def _pose(shift: float) -> list[float]:
    pose = np.zeros((18, 3))
    pose[:9] = [(6 + shift + i, 4 + 2 * i, 0.9) for i in range(9)]
    return pose.reshape(-1).tolist()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    for number, name in enumerate(("p0", "p1", "p2", "truth", "bare")):
        _person(folder / f"{name}.png", 50 * number)
        if name != "bare":
            _labels(folder / f"{name}_parse.png")
    _person(folder / "c0.png", 200)
    _person(folder / "c1.png", 100)
    mask = np.zeros((H, W), np.uint8)
    mask[4:28, 6:18] = 255
    for name in ("c0", "c1"):
        Image.fromarray(mask).save(folder / f"{name}_mask.png")
    return folder


@pytest.fixture
def manifest(root: Path) -> Manifest:
    persons, cloths = ("p0", "p1", "p2", "truth", "bare"), ("c0", "c1")
    return Manifest.from_rows(
        images=[_image(root, name, "cloth" if name in cloths else "person") for name in (*persons, *cloths)],
        triples=[
            _triple("p0", "p1", "p1", "c0", "train"),
            _triple("p1", "p0", "p0", "c0", "train"),
            _triple("p2", "p0", "p0", "c1", "test"),
            _triple("p2", None, "p1", "c0", "test"),
            _triple("p2", None, "alone", "c1", "test"),
            _triple("bare", "p0", "p0", "c1", "train"),
            _triple("p0", None, "unposed", "c1", "test"),
        ],
        keypoints=[
            {"image_id": name, "keypoints": _pose(shift)}
            for shift, name in enumerate(("p0", "p1", "p2", "truth", "bare", "alone"))
        ],
        parses=[
            {"image_id": name, "path": f"{name}_parse.png", "label_set": "cihp20"}
            for name in ("p0", "p1", "p2", "truth")
        ],
        cloth_masks=[{"image_id": name, "path": f"{name}_mask.png"} for name in cloths],
        unpaired_truth=[{"triple_id": "p2|p1|c0", "cloth_id": "c0", "image_id": "truth"}],
    )


@pytest.fixture
def clean() -> pd.DataFrame:
    """A noise table without verdicts."""
    return table("noise", [])


def _image(root: Path, name: str, kind: str) -> dict[str, object]:
    digest = hashlib.sha256((root / f"{name}.png").read_bytes()).hexdigest()
    size = {"width": W, "height": H}
    return {"image_id": name, "path": f"{name}.png", "kind": kind, "source": "tiny", **size, "sha256": digest}


def _triple(source: str, target: str | None, pose: str, cloth: str, split: str) -> dict[str, object]:
    return {
        "triple_id": f"{source}|{pose}|{cloth}",
        "source_id": source,
        "target_id": target,
        "target_pose_id": pose,
        "cloth_id": cloth,
        "split": split,
        "paired": target is not None,
    }
