"""A manifest's pictures by id: the right plane beside the right photo, or an error that names the file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from spg_vton.errors import DataError
from spg_vton.labels import Label
from spg_vton.sources.ingest import ingest
from spg_vton.sources.manifest import Manifest, table
from spg_vton.sources.mpv import MpvSource
from spg_vton.sources.pictures import encode_mask
from spg_vton.sources.reading import Reader

PERSON, CLOTH = "AA111/AA111-C11@8=person_half_front", "AA111/AA111-C11@12.1=cloth_front"


@pytest.fixture
def root(tiny_a: Any) -> Path:
    tiny_a.product("AA111")
    return Path(tiny_a.write())


@pytest.fixture
def manifest(root: Path) -> Manifest:
    return ingest(MpvSource(), root).manifest


def _with_made_mask(manifest: Manifest, mask: np.ndarray) -> Manifest:
    made = table("made_masks", [{"image_id": CLOTH, "png": encode_mask(mask)}])
    return replace(manifest, cloth_masks=manifest.cloth_masks[:0], made_masks=made)


def test_a_person_and_a_given_mask(manifest: Manifest, root: Path) -> None:
    reader = Reader(manifest, root)
    person, cloth = reader.person(PERSON), reader.cloth(CLOTH)
    assert person.photo.shape == (32, 24, 3) and person.labels[5, 7] == Label.FACE
    assert cloth.mask.dtype == bool and cloth.mask[4:28, 6:18].all() and cloth.mask.sum() == 24 * 12
    assert reader.poses[PERSON].shape == (18, 3)


def test_a_made_mask_stands_in_for_a_missing_one_only(manifest: Manifest, root: Path) -> None:
    made = np.zeros((32, 24), bool)
    made[3:9, 2:5] = True
    bare = _with_made_mask(manifest, made)
    assert bare.masked_cloths() == {CLOTH}
    np.testing.assert_array_equal(Reader(bare, root).cloth(CLOTH).mask, made)
    both = replace(bare, cloth_masks=manifest.cloth_masks)
    assert Reader(both, root).cloth(CLOTH).mask.sum() == 24 * 12


@pytest.mark.parametrize("kind", ["parses", "cloth_masks"])
def test_a_side_file_that_changed_its_size_is_named(manifest: Manifest, root: Path, kind: str) -> None:
    image = PERSON if kind == "parses" else CLOTH
    path = root / getattr(manifest, kind).set_index("image_id").loc[image, "path"]
    Image.new("L", (10, 12)).save(path)
    reader = Reader(manifest, root)
    with pytest.raises(DataError, match=rf"{path.name}: expected the photo's size 24×32, got 10×12"):
        reader.person(PERSON) if kind == "parses" else reader.cloth(CLOTH)


def test_a_photo_that_changed_since_its_mask_was_made_is_named(manifest: Manifest, root: Path) -> None:
    bare = _with_made_mask(manifest, np.ones((10, 12), bool))
    with pytest.raises(DataError, match=r"cloth_front\.jpg: its mask was made for a photo of 12×10.*annotate again"):
        Reader(bare, root).cloth(CLOTH)
