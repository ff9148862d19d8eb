"""Where the three arrangements of MPV keep their files, and finding one of them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from spg_vton.sources.listing import Files
from spg_vton.sources.places import Places

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png")
POSE_SUFFIX = "_keypoints.json"


@dataclass(frozen=True)
class Layout:
    """Folders in the order they are tried; ``{split}`` stands for train or test."""

    name: str
    marks: tuple[str, ...]  # any of these tells the layout
    lists: tuple[str, ...]
    persons: tuple[str, ...]
    cloths: tuple[str, ...]
    parses: tuple[str, ...]
    keypoints: tuple[str, ...]
    masks: tuple[str, ...]


def _nested(name: str, marks: tuple[str, ...], lists: tuple[str, ...], photos: tuple[str, ...]) -> Layout:
    bases = ("", "lip_mpv_dataset/")
    return Layout(
        name=name,
        marks=marks,
        lists=tuple(base + entry for base in bases for entry in lists),
        persons=tuple(base + entry for base in bases for entry in photos),
        cloths=tuple(base + entry for base in bases for entry in photos),
        parses=tuple(f"{base}all_parsing" for base in bases),
        keypoints=tuple(base + entry for base in bases for entry in ("all_person_clothes_keypoints", "all_keypoints")),
        masks=tuple(f"{base}all_cloth_mask" for base in bases),
    )


LAYOUTS = {
    "a": _nested(
        "a",
        ("MPV_192_256", "lip_mpv_dataset", "all_poseA_poseB_clothes.txt"),
        ("all_poseA_poseB_clothes.txt",),
        ("MPV_192_256",),
    ),
    "b": _nested(
        "b",
        ("all", "all_poseA_poseB_clothes_0607.txt"),
        ("all_poseA_poseB_clothes_0607.txt",),
        ("all",),
    ),
    "detailed": Layout(
        name="detailed",
        marks=("images", "pose_coco", "parse_cihp", "data_pair.txt"),
        lists=("data_pair.txt", "demo.txt"),
        persons=("images/{split}", "images"),
        cloths=("cloth_image/{split}", "cloth_image", "images/{split}", "images"),
        parses=("parse_cihp/{split}", "parse_cihp"),
        keypoints=("pose_coco/{split}", "pose_coco"),
        masks=("cloth_mask/{split}", "cloth_mask"),
    ),
}


def image_id(entry: str) -> str:
    """Return a list entry without its extension; the dot of a fractional ``@12.1=…`` is none."""
    if entry.endswith(POSE_SUFFIX):
        return entry.removesuffix(POSE_SUFFIX)
    stem, dot, suffix = entry.rpartition(".")
    return stem if dot and f".{suffix.lower()}" in (*PHOTO_SUFFIXES, ".json") else entry


def product(entry: str) -> str:
    """Return the product (SKU) a photo belongs to: its folder, or in flat sets the name up to the first ``-``."""
    folder, slash, name = entry.rpartition("/")
    return folder if slash else name.partition("@")[0].partition("-")[0]


@dataclass(frozen=True)
class Finder:
    """Finds files of one layout under one root, as nested (<SKU>/<stem>) or flat (<stem>)."""

    root: Path
    layout: Layout

    def person(self, entry: str, split: str) -> Files:
        """Find a person's photo, label map and keypoints."""
        name = image_id(entry)
        return Files(
            photo=None if entry.endswith(".json") else self._find(self.layout.persons, (entry,), split),
            expected=entry,
            parse=self._find(self.layout.parses, (f"{name}.png",), split),
            keypoints=self._find(self.layout.keypoints, (f"{name}{POSE_SUFFIX}", f"{name}.json"), split),
        )

    def cloth(self, entry: str, split: str) -> Files:
        """Find an in-shop photo and its mask."""
        mask = self._find(self.layout.masks, (f"{image_id(entry)}_mask.png", f"{image_id(entry)}.png"), split)
        return Files(photo=self._find(self.layout.cloths, (entry,), split), expected=entry, mask=mask)

    def _find(self, folders: tuple[str, ...], names: tuple[str, ...], split: str) -> Path | None:
        tried = (*names, *(name.rpartition("/")[2] for name in names))
        return self._places.find([folder.format(split=split) for folder in folders], tried)

    @cached_property
    def _places(self) -> Places:
        return Places(self.root)
