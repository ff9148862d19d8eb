"""Tiny MPV folders on disk in each arrangement: white photos 24×32 (w×h) with a coloured box for a person."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from spg_vton.keypoints import write_openpose
from spg_vton.labels import Label

H, W = 32, 24


@dataclass(frozen=True)
class Folders:
    """Where one arrangement keeps things; `flat` drops the product folder."""

    list_name: str
    persons: str
    cloths: str
    parses: str
    keypoints: str
    masks: str
    flat: bool = False


FOLDERS = {
    "a": Folders(
        "lip_mpv_dataset/all_poseA_poseB_clothes.txt",
        "MPV_192_256",
        "MPV_192_256",
        "all_parsing",
        "all_person_clothes_keypoints",
        "all_cloth_mask",
    ),
    "b": Folders("all_poseA_poseB_clothes_0607.txt", "all", "all", "all_parsing", "all_keypoints", "all_cloth_mask"),
    "detailed": Folders("data_pair.txt", "images", "cloth_image", "parse_cihp", "pose_coco", "cloth_mask", flat=True),
}


@dataclass
class Tiny:
    """A data set being drawn; ``entry`` names are `<SKU>/<SKU>-C11@<n>=<tag>.jpg`, flat where the arrangement is."""

    root: Path
    folders: Folders
    rows: list[str] = field(default_factory=list)

    def entry(self, sku: str, tag: str) -> str:
        name = f"{sku}-C11@{tag}.jpg"
        return name if self.folders.flat else f"{sku}/{name}"

    def person(self, sku: str, tag: str, parse: bool = True, pose: bool = True) -> str:
        entry = self.entry(sku, tag)
        photo(self.root / self.folders.persons / entry, (200, 30, 60))
        if parse:
            label_map(self.side("parses", entry, ".png"))
        if pose:
            keypoints(self.side("keypoints", entry, "_keypoints.json"))
        return entry

    def cloth(self, sku: str, tag: str, mask: bool = True) -> str:
        entry = self.entry(sku, tag)
        photo(self.root / self.folders.cloths / entry, (200, 30, 60))
        if mask:
            values = np.zeros((H, W), np.uint8)
            values[4:28, 6:18] = 255
            save(self.side("masks", entry, "_mask.png"), values)
        return entry

    def side(self, kind: str, entry: str, suffix: str) -> Path:
        return self.root / getattr(self.folders, kind) / (entry.removesuffix(".jpg") + suffix)

    def photo_path(self, entry: str) -> Path:
        return self.root / self.folders.persons / entry

    def row(self, *cells: str) -> None:
        self.rows.append("\t".join(cells))

    def product(self, sku: str, split: str = "train") -> tuple[str, str, str]:
        """Two poses, a garment and their row."""
        first, second = self.person(sku, "8=person_half_front"), self.person(sku, "9.1=person_whole_front")
        cloth = self.cloth(sku, "12.1=cloth_front")
        self.row(first, second, cloth, split)
        return first, second, cloth

    def write(self) -> Path:
        path = self.root / self.folders.list_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(self.rows))  # no newline after the last line
        return self.root


def photo(path: Path, colour: tuple[int, int, int]) -> None:
    pixels = np.full((H, W, 3), 255, np.uint8)
    pixels[4:28, 6:18] = colour
    save(path, pixels)


def label_map(path: Path) -> None:
    labels = np.zeros((H, W), np.uint8)
    labels[4:10, 6:18] = Label.FACE
    labels[10:28, 6:18] = Label.UPPER_CLOTHES
    save(path, labels)


def keypoints(path: Path) -> None:
    pose = np.zeros((18, 3))
    pose[:8] = [(6 + i, 5 + 2 * i, 0.9) for i in range(8)]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_openpose(path, pose)


def save(path: Path, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values).save(path)


@pytest.fixture
def draw() -> SimpleNamespace:
    """What other arrangements are drawn with."""
    return SimpleNamespace(photo=photo, label_map=label_map, keypoints=keypoints, save=save)


@pytest.fixture(params=list(FOLDERS))
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tiny(layout: str, tmp_path: Path) -> Tiny:
    """An empty data set in every arrangement in turn."""
    return Tiny(tmp_path / "root", FOLDERS[layout])


@pytest.fixture
def tiny_a(tmp_path: Path) -> Tiny:
    """An empty data set in arrangement a, for what does not depend on it."""
    return Tiny(tmp_path / "root", FOLDERS["a"])


@pytest.fixture
def truncate():
    """Cut a file to half its bytes."""

    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return cut


@pytest.fixture
def move():
    """Move a file, making its new folder."""

    def to(old: Path, new: Path) -> None:
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(old, new)

    return to
