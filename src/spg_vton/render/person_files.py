"""The files of one person in MPV's layout, and the record that says they are all there."""

import dataclasses
import io
import json
import os
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from PIL import Image

from spg_vton.keypoints import write_openpose
from spg_vton.render.body import load_body
from spg_vton.render.casting import WRONG_GARMENT, Casting, cast
from spg_vton.render.config import RenderConfig
from spg_vton.render.garments import COLOURS, Garment
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.scene import Figure, Photo, build_figure, take_photo
from spg_vton.render.textures import Texture, make_texture
from spg_vton.render.wearing import wear

IMAGES, PARSES, KEYPOINTS, MASKS = "MPV_192_256", "all_parsing", "all_person_clothes_keypoints", "all_cloth_mask"
RECORDS = ".persons"
_JPEG_QUALITY = 95
_FIRST_PHOTO, _CLOTH_PHOTO = 8, 2  # the numbers that shop photos of persons and clothes usually have


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What was rendered of one person; image paths are relative to the image folder.

    Attributes:
        truths: the photos again in the other garment, in the same order; empty in training.
        noise: what is odd about each photo.
        traits: chosen kinds of things, for counting.
    """

    index: int
    split: str
    photos: tuple[str, ...]
    clothes: str
    other_clothes: str | None
    truths: tuple[str, ...]
    noise: tuple[tuple[str, ...], ...]
    wrong_garment: bool
    poses: tuple[str, ...]
    tags: tuple[str, ...]
    traits: dict[str, str]

    def triples(self) -> list[tuple[str, str, str, str]]:
        """Rows (poseA, poseB, clothes, split): every ordered pair of photos."""
        return [(a, b, self.clothes, self.split) for a, b in permutations(self.photos, 2)]

    def unpaired(self) -> list[tuple[str, str, str, str, str]]:
        """Rows (poseA, poseB, other clothes, truth, split)."""
        if self.other_clothes is None:
            return []
        pairs = permutations(range(len(self.photos)), 2)
        return [(self.photos[a], self.photos[b], self.other_clothes, self.truths[b], self.split) for a, b in pairs]

    def noise_of_triples(self) -> list[tuple[str, ...]]:
        """Kinds of noise of each row of ``triples``."""
        of_all = (WRONG_GARMENT,) if self.wrong_garment else ()
        return [of_all + a + b for a, b in permutations(self.noise, 2)]

    def files(self) -> list[str]:
        """Every file of the person, relative to the set's folder."""
        people = [*self.photos, *self.truths]
        clothes = [self.clothes] + ([self.other_clothes] if self.other_clothes else [])
        return (
            [f"{IMAGES}/{name}" for name in people + clothes]
            + [side_file(PARSES, name, ".png") for name in people]
            + [side_file(KEYPOINTS, name, "_keypoints.json") for name in people]
            + [side_file(MASKS, name, "_mask.png") for name in clothes]
        )


def side_file(folder: str, image: str, ending: str) -> str:
    """The companion of an image, relative to the set's folder."""
    return f"{folder}/{image.removesuffix('.jpg')}{ending}"


def write_aside(path: Path, content: bytes) -> None:
    """Write next to the final name and rename, so that no half-written file is ever found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(content)
    aside.replace(path)


def _encoded(pixels: np.ndarray, kind: str) -> bytes:
    stream = io.BytesIO()
    options = {"quality": _JPEG_QUALITY, "subsampling": 0} if kind == "JPEG" else {}
    Image.fromarray(pixels).save(stream, kind, **options)
    return stream.getvalue()


def _colour_code(garment: Garment) -> str:
    return f"{chr(ord('A') + COLOURS.index(garment.colours[0]))}11"


def _write_photo(folder: Path, name: str, photo: Photo) -> None:
    write_aside(folder / IMAGES / name, _encoded(photo.image, "JPEG"))
    write_aside(folder / side_file(PARSES, name, ".png"), _encoded(photo.labels, "PNG"))
    keypoints = folder / side_file(KEYPOINTS, name, "_keypoints.json")
    keypoints.parent.mkdir(parents=True, exist_ok=True)
    aside = keypoints.with_name(f".{keypoints.name}.{os.getpid()}")
    write_openpose(aside, photo.keypoints)
    aside.replace(keypoints)


def _write_clothes(folder: Path, name: str, garment: Garment, texture: Texture) -> None:
    inshop = photograph_inshop(garment, texture)
    write_aside(folder / IMAGES / name, _encoded(inshop.image, "JPEG"))
    write_aside(folder / side_file(MASKS, name, "_mask.png"), _encoded(inshop.mask.astype(np.uint8) * 255, "PNG"))


def _names(casting: Casting, listed: Garment, sku: str, prefix: str) -> tuple[str, ...]:
    """Photos carry the colour of the listed garment, so that a name does not give a wrong garment away."""
    return tuple(
        f"{prefix}{sku}/{sku}-{_colour_code(listed)}@{_FIRST_PHOTO + number}={take.tag}.jpg"
        for number, take in enumerate(casting.takes)
    )


def record_of(casting: Casting) -> PersonRecord:
    """Names and traits of one person's files, before they are rendered."""
    first, second = (f"SPG{casting.index:05d}{letter}" for letter in "AB")
    other, listed, worn = casting.unpaired, casting.listed, casting.garment
    return PersonRecord(
        index=casting.index,
        split=casting.split,
        photos=_names(casting, listed, first, ""),
        clothes=f"{first}/{first}-{_colour_code(listed)}@{_CLOTH_PHOTO}=cloth_front.jpg",
        other_clothes=f"{second}/{second}-{_colour_code(other)}@{_CLOTH_PHOTO}=cloth_front.jpg" if other else None,
        truths=_names(casting, other, second, "unpaired/") if other else (),
        noise=tuple(take.noise for take in casting.takes),
        wrong_garment=casting.wrong_garment,
        poses=tuple(take.shot.pose.kind for take in casting.takes),
        tags=tuple(take.tag for take in casting.takes),
        traits={
            "sleeve": worn.sleeve,
            "neckline": worn.neckline,
            "pattern": worn.pattern,
            "lower": casting.identity.lower,
            "hair": casting.identity.hair_style,
        },
    )


def read_record(folder: Path, index: int) -> PersonRecord | None:
    """The record of a finished person, None if any of its files is missing."""
    try:
        fields = json.loads(_record_path(folder, index).read_text())
    except (OSError, ValueError):
        return None
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    fields["noise"] = tuple(tuple(kinds) for kinds in fields["noise"])
    record = PersonRecord(**fields)
    return record if all((folder / name).is_file() for name in record.files()) else None


def _record_path(folder: Path, index: int) -> Path:
    return folder / RECORDS / f"{index:05d}.json"


def _render_outfit(
    config: RenderConfig, casting: Casting, figure: Figure, garment: Garment, texture: Texture, folder: Path,
    names: tuple[str, ...],
) -> None:  # fmt: skip
    worn = wear(load_body(), figure.points, garment, texture, casting.identity.tucked)
    for take, name in zip(casting.takes, names, strict=True):
        _write_photo(folder, name, take_photo(figure, worn, take.shot, take.extras, config.supersampling))


def render_person(config: RenderConfig, index: int, folder: Path) -> PersonRecord:
    """Render one person and write all its files, the record last."""
    casting = cast(config, index)
    record, figure = record_of(casting), build_figure(casting.identity)
    texture = make_texture(casting.garment)
    _render_outfit(config, casting, figure, casting.garment, texture, folder, record.photos)
    listed = make_texture(casting.listed) if casting.wrong_garment else texture
    _write_clothes(folder, record.clothes, casting.listed, listed)
    if casting.unpaired is not None and record.other_clothes is not None:
        texture = make_texture(casting.unpaired)
        _render_outfit(config, casting, figure, casting.unpaired, texture, folder, record.truths)
        _write_clothes(folder, record.other_clothes, casting.unpaired, texture)
    write_aside(_record_path(folder, index), json.dumps(dataclasses.asdict(record), sort_keys=True).encode())
    return record
