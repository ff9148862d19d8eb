"""Photos, label maps and masks in the forms in which they turn up."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spg_vton.sources.pictures import BadFile, decode_mask, encode_mask, read_labels, read_mask, read_photo


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK", "P"])
def test_any_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("p.tif" if mode == "CMYK" else "p.png")
    Image.new("RGB", (4, 6), (255, 255, 255)).convert(mode).save(path)
    photo = read_photo(path)
    assert photo.shape == (6, 4, 3) and photo.dtype == np.uint8 and (photo == 255).all()


def test_exif_orientation_is_applied(tmp_path: Path) -> None:
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[:, :3] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter, clockwise
    Image.fromarray(pixels).save(tmp_path / "p.png", exif=exif)
    photo = read_photo(tmp_path / "p.png")
    assert photo.shape == (6, 4, 3) and (photo[:3] == 255).all() and (photo[3:] == 0).all()


def test_labels_of_another_set_are_mapped(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 10, 19]], np.uint8)).save(tmp_path / "l.png")
    assert read_labels(tmp_path / "l.png", "cihp20").tolist() == [[0, 10, 19]]
    assert read_labels(tmp_path / "l.png", "lip20").tolist() == [[0, 6, 19]]


@pytest.mark.parametrize("values", [[0, 1, 1], [0, 255, 255], [3, 250, 128]])
def test_masks_of_any_brightness(tmp_path: Path, values: list[int]) -> None:
    Image.fromarray(np.array([values], np.uint8)).save(tmp_path / "m.png")
    assert read_mask(tmp_path / "m.png").tolist() == [[False, True, True]]


def test_an_encoded_mask_comes_back() -> None:
    mask = np.random.default_rng(0).random((7, 13)) < 0.5
    again = decode_mask(encode_mask(mask))
    assert again.dtype == bool
    np.testing.assert_array_equal(again, mask)


def test_an_empty_mask_is_empty(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((2, 2), np.uint8)).save(tmp_path / "m.png")
    assert not read_mask(tmp_path / "m.png").any()


def test_a_bad_file_names_itself_and_survives_pickling(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"none\.jpg: .*ingest again") as caught:
        read_photo(tmp_path / "none.jpg")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.code, str(again)) == ("absent_file", str(caught.value))
