"""Annotation makes the masks that lack, once, and names the photos of which it cannot."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from spg_vton.annotators.annotate import AnnotationConfig, AnnotationResult, annotate
from spg_vton.annotators.garment_mask import garment_mask
from spg_vton.sources.manifest import check_table, table
from spg_vton.sources.pictures import decode_mask, read_photo

H, W = 64, 48
CLOTHS = ("given", "lacking", "on_grey", "blank", "gone")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in CLOTHS:
        photo = np.full((H, W, 3), 90 if name == "on_grey" else 255, np.uint8)
        if name != "blank":
            photo[10:50, 10:38] = (200, 40, 50)
        Image.fromarray(photo).save(tmp_path / f"{name}.png")
    (tmp_path / "gone.png").unlink()
    return tmp_path


def run(root: Path, cloths: tuple[str, ...] = CLOTHS, workers: int = 1) -> AnnotationResult:
    row = {"kind": "cloth", "source": "drawn", "width": W, "height": H, "sha256": "0" * 64}
    images = table("images", [{"image_id": name, "path": f"{name}.png", **row} for name in cloths])
    given = table("cloth_masks", [{"image_id": "given", "path": "given_mask.png"}])
    empty = table("keypoints", []), table("parses", [])
    return annotate(root, images, *empty, given, AnnotationConfig(sample=0), workers)


def test_a_lacking_mask_is_made_and_a_given_one_is_not(root: Path) -> None:
    made = run(root).made_masks.set_index("image_id")["png"]
    assert list(made.index) == ["lacking"]
    mask = decode_mask(made["lacking"])
    np.testing.assert_array_equal(mask, garment_mask(read_photo(root / "lacking.png")))
    assert mask[12:48, 12:36].all() and not mask[:8].any()


def test_photos_of_which_no_mask_can_be_made_are_named_and_counted(root: Path) -> None:
    report = run(root, workers=2).report
    assert report["garment_masks"] == {"given": 1, "made": 1, "not_made": 3}
    entries = {entry["file"]: (entry["reason"], entry["detail"]) for entry in report["rejected"]}
    assert {file: reason for file, (reason, _) in entries.items()} == {
        "on_grey.png": "no_garment_mask",
        "blank.png": "no_garment_mask",
        "gone.png": "absent_file",
    }
    assert "white ground" in entries["on_grey.png"][1] and "nothing that differs" in entries["blank.png"][1]


@pytest.mark.parametrize("cloths", [("lacking",), ("given",), ()])
def test_the_table_goes_through_parquet(root: Path, tmp_path: Path, cloths: tuple[str, ...]) -> None:
    made = check_table("made_masks", run(root, cloths).made_masks)
    made.to_parquet(tmp_path / "made.parquet")
    again = check_table("made_masks", pd.read_parquet(tmp_path / "made.parquet"))
    assert again["image_id"].tolist() == [name for name in cloths if name != "given"]
    assert [decode_mask(png).shape for png in again["png"]] == [(H, W)] * len(made)
