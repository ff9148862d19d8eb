"""Rendering one person to files, and finding out whether all of them are there."""

import dataclasses
import io
import json
import os
from pathlib import Path

import numpy as np
from PIL import Image

from spg_vton.keypoints import write_openpose
from spg_vton.render.body import load_body
from spg_vton.render.casting import Casting, cast
from spg_vton.render.config import RenderConfig
from spg_vton.render.garments import Garment
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.records import IMAGES, KEYPOINTS, MASKS, PARSES, PersonRecord, record_of, side_file
from spg_vton.render.scene import Figure, Photo, build_figure, take_photo
from spg_vton.render.textures import Texture, make_texture
from spg_vton.render.wearing import wear

RECORDS = ".persons"
_ASIDE = ".part"
_JPEG_QUALITY = 95


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}{_ASIDE}")


def sweep(folder: Path) -> None:
    """Remove files that a killed run had begun to write."""
    for path in folder.rglob(f".*{_ASIDE}"):
        path.unlink()


def write_aside(path: Path, content: bytes) -> None:
    """Write next to the final name and rename, so that no half-written file is ever found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path)
    aside.write_bytes(content)
    aside.replace(path)


def _encoded(pixels: np.ndarray, kind: str) -> bytes:
    stream = io.BytesIO()
    options = {"quality": _JPEG_QUALITY, "subsampling": 0} if kind == "JPEG" else {}
    Image.fromarray(pixels).save(stream, kind, **options)
    return stream.getvalue()


def _write_photo(folder: Path, name: str, photo: Photo) -> None:
    write_aside(folder / IMAGES / name, _encoded(photo.image, "JPEG"))
    write_aside(folder / side_file(PARSES, name, ".png"), _encoded(photo.labels, "PNG"))
    keypoints = folder / side_file(KEYPOINTS, name, "_keypoints.json")
    keypoints.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(keypoints)
    write_openpose(aside, photo.keypoints)
    aside.replace(keypoints)


def _write_clothes(folder: Path, name: str, garment: Garment, texture: Texture) -> None:
    inshop = photograph_inshop(garment, texture)
    write_aside(folder / IMAGES / name, _encoded(inshop.image, "JPEG"))
    write_aside(folder / side_file(MASKS, name, "_mask.png"), _encoded(inshop.mask.astype(np.uint8) * 255, "PNG"))


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
