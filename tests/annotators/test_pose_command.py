"""``spg-vton pose``: files for good photos, names for bad ones."""

import os
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from spg_vton.annotators.cli import find_photos
from spg_vton.commands import app
from spg_vton.errors import DataError
from spg_vton.keypoints import read_openpose


def _photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (24, 32), "white").save(path)
    return path


def test_folders_stand_for_their_photos(tmp_path: Path) -> None:
    names = ["b.jpg", "a.PNG", "notes.txt"]
    for name in names[:2]:
        _photo(tmp_path / "in" / name)
    (tmp_path / "in" / names[2]).write_text("no photo")
    single = _photo(tmp_path / "c.jpg")
    assert [path.name for path in find_photos([tmp_path / "in", single])] == ["a.PNG", "b.jpg", "c.jpg"]


def test_what_cannot_be_found_or_told_apart_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found nothing there"):
        find_photos([tmp_path / "none.jpg"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="found none"):
        find_photos([tmp_path / "empty"])
    with pytest.raises(DataError, match="several called a"):
        find_photos([_photo(tmp_path / "x" / "a.jpg"), _photo(tmp_path / "y" / "a.png")])


@pytest.mark.skipif("SPG_VTON_REAL_DATA" not in os.environ, reason="SPG_VTON_REAL_DATA is not set")
def test_good_photos_are_written_and_bad_ones_named(tmp_path: Path) -> None:
    real = sorted((Path(os.environ["SPG_VTON_REAL_DATA"]) / "mpv" / "images").glob("*.jpg"))[0]
    (tmp_path / "broken.jpg").write_bytes(b"JFIF")
    result = CliRunner().invoke(app, ["pose", str(real), str(tmp_path / "broken.jpg"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{real.stem}_keypoints.json"]
    assert (read_openpose(tmp_path / "out" / f"{real.stem}_keypoints.json")[:, 2] > 0).sum() >= 12
    assert "broken.jpg" in result.output and "Traceback" not in result.output
