"""Garments to draw for data sets that have none of their own: MPV's test set, or a plain folder of in-shop photos."""

from collections.abc import Set as AbstractSet
from pathlib import Path

from spg_vton.errors import DataError
from spg_vton.sources.listing import Files
from spg_vton.sources.mpv_layouts import LAYOUTS, PHOTO_SUFFIXES, Layout
from spg_vton.sources.places import Places

_FOLDERS = ("cloth_image", "cloth", "clothes", "")
_MASKS = ("cloth_mask", "cloth-mask", "cloth_masks")


def garment_pool(root: Path, folder: str, named: AbstractSet[str] = frozenset()) -> dict[str, Files]:
    """Every garment that can be drawn, and those that are ``named``, by image id, sorted.

    From an MPV arrangement these are the garments of test rows whose photo is there; where its list names none of
    them, or in a plain folder, every in-shop photo.

    Raises:
        DataError: no garment is there.
    """
    base, places = root / folder, Places(root)
    listed = {name for layout in LAYOUTS.values() if any((base / mark).exists() for mark in layout.marks)
              for name in _test_garments(base, layout)}  # fmt: skip
    folders = [*dict.fromkeys(place for layout in LAYOUTS.values() for place in layout.cloths), *_FOLDERS]
    folders = [f"{folder}/{place.format(split='test')}".rstrip("/") for place in folders]
    pool = {}
    for name in sorted({*listed, *named}):
        photo = places.find(folders, (name, name.rpartition("/")[2]))
        if photo is not None:
            pool[_id(folder, name)] = Files(photo, name, mask=_mask(places, folder, name))
    if not pool:
        for name in _plain(places, folder):
            photo = places.find(folders, (name,))
            pool[_id(folder, name)] = Files(photo, name, mask=_mask(places, folder, name))
    if not pool:
        raise DataError(
            f"{folder}: expected garments (an MPV arrangement with a test split, or a folder with in-shop photos), "
            f"found none. Put them under the data root, or name another folder in `garments`."
        )
    return pool


def _test_garments(base: Path, layout: Layout) -> list[str]:
    path = next((base / name for name in layout.lists if (base / name).is_file()), None)
    if path is None:
        return []
    rows = (line.rstrip("\n").split("\t") for line in path.read_text(errors="replace").splitlines())
    return [row[2].strip() for row in rows if len(row) == 4 and row[3].strip() == "test"]


def _plain(places: Places, folder: str) -> list[str]:
    """The photos of the first folder that has some."""
    for place in _FOLDERS:
        inside = places.inside(f"{folder}/{place}".rstrip("/"))
        names = sorted(name for name in inside if name.lower().endswith(PHOTO_SUFFIXES) and "mask" not in name)
        if names:
            return names
    return []


def _mask(places: Places, folder: str, name: str) -> Path | None:
    stem = name.rpartition(".")[0]
    flat = stem.rpartition("/")[2]
    names = [f"{base}{suffix}" for base in (stem, flat) for suffix in ("_mask.png", ".png")]
    folders = [*dict.fromkeys(place for layout in LAYOUTS.values() for place in layout.masks), *_MASKS]
    return places.find([f"{folder}/{place.format(split='test')}" for place in folders], names)


def _id(folder: str, name: str) -> str:
    return f"{folder}/{name.rpartition('/')[2].rpartition('.')[0]}"
