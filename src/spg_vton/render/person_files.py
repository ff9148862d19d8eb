"""Rendering one person to files, and finding out whether all of them are there."""

import dataclasses
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Bool
from PIL import Image

from spg_vton.keypoints import write_openpose
from spg_vton.render.body import load_body
from spg_vton.render.casting import Casting, cast
from spg_vton.render.config import RenderConfig
from spg_vton.render.flow_files import encode_flow
from spg_vton.render.garments import Garment
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.records import (
    BODIES,
    FLOWS,
    IMAGES,
    KEYPOINTS,
    MASKS,
    PARSES,
    PersonRecord,
    record_of,
    side_file,
)
from spg_vton.render.scene import Figure, Photo, build_figure, take_photo
from spg_vton.render.textures import make_texture
from spg_vton.render.wearing import wear

RECORDS = ".persons"
_ASIDE = ".part"
_JPEG_QUALITY = 95
_texture = lru_cache(maxsize=2)(make_texture)  # for the photos and for the in-shop photo


def sweep(folder: Path) -> None:
    """Remove files that a killed run had begun to write."""
    for path in folder.rglob(f".*{_ASIDE}"):
        path.unlink()


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """A name next to ``path`` to write to, renamed at the end, so that no half-written file is ever found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}{_ASIDE}")
    try:
        yield aside
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def write_aside(path: Path, content: bytes) -> None:
    """Write a whole file at once or not at all."""
    with written_aside(path) as aside:
        aside.write_bytes(content)


def _encoded(pixels: np.ndarray, kind: str) -> bytes:
    stream = io.BytesIO()
    options = {"quality": _JPEG_QUALITY, "subsampling": 0} if kind == "JPEG" else {}
    Image.fromarray(pixels).save(stream, kind, **options)
    return stream.getvalue()


def _write_mask(path: Path, mask: Bool[np.ndarray, "256 192"]) -> None:
    write_aside(path, _encoded(mask.astype(np.uint8) * 255, "PNG"))


def _write_photo(folder: Path, name: str, photo: Photo, maps: bool) -> None:
    write_aside(folder / IMAGES / name, _encoded(photo.image, "JPEG"))
    write_aside(folder / side_file(PARSES, name, ".png"), _encoded(photo.labels, "PNG"))
    with written_aside(folder / side_file(KEYPOINTS, name, "_keypoints.json")) as aside:
        write_openpose(aside, photo.keypoints)
    if maps:
        _write_mask(folder / side_file(BODIES, name, "_body.png"), photo.body)
        write_aside(folder / side_file(FLOWS, name, "_flow.png"), encode_flow(photo.flow))


def _write_clothes(folder: Path, name: str, garment: Garment) -> None:
    inshop = photograph_inshop(garment, _texture(garment))
    write_aside(folder / IMAGES / name, _encoded(inshop.image, "JPEG"))
    _write_mask(folder / side_file(MASKS, name, "_mask.png"), inshop.mask)


def read_record(folder: Path, index: int) -> PersonRecord:
    """The record of a finished person."""
    fields = json.loads(_record_path(folder, index).read_text())
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    fields["noise"] = tuple(tuple(kinds) for kinds in fields["noise"])
    return PersonRecord(**fields)


def is_finished(folder: Path, index: int) -> bool:
    """Whether a person's record and all files that it names are there."""
    try:
        record = read_record(folder, index)
    except (FileNotFoundError, ValueError):
        return False
    return all((folder / name).is_file() for name in record.files())


def _record_path(folder: Path, index: int) -> Path:
    return folder / RECORDS / f"{index:05d}.json"


def _photograph(
    config: RenderConfig, casting: Casting, figure: Figure, garments: tuple[Garment, ...], listed: Garment
) -> Iterator[Photo]:
    """Every take in its garment; the flow leads to the in-shop photo of ``listed``, so nowhere from another garment."""
    tucked = casting.identity.tucked
    worn = {one: wear(load_body(), figure.points, one, _texture(one), tucked) for one in set(garments)}
    for take, garment in zip(casting.takes, garments, strict=True):
        photo = take_photo(figure, worn[garment], take.shot, take.extras, config.supersampling)
        yield photo if garment == listed else replace(photo, flow=np.full_like(photo.flow, np.nan))


def render_person(config: RenderConfig, index: int, folder: Path) -> PersonRecord:
    """Render one person and write all its files, the record last."""
    casting = cast(config, index)
    record, figure, other = record_of(casting, config.truth_maps), build_figure(casting.identity), casting.unpaired
    garments = tuple(casting.worn_in(take) for take in casting.takes)
    photos = _photograph(config, casting, figure, garments, casting.listed)
    for name, photo in zip(record.photos, photos, strict=True):
        _write_photo(folder, name, photo, config.truth_maps)
    _write_clothes(folder, record.clothes, casting.listed)
    if other is not None and record.other_clothes is not None:
        photos = _photograph(config, casting, figure, (other,) * len(casting.takes), other)
        for name, photo in zip(record.truths, photos, strict=True):
            _write_photo(folder, name, photo, config.truth_maps)
        _write_clothes(folder, record.other_clothes, other)
    write_aside(_record_path(folder, index), json.dumps(dataclasses.asdict(record), sort_keys=True).encode())
    return record
