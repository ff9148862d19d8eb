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


def test_sixteen_bits_keep_their_greys(tmp_path: Path) -> None:
    values = np.array([[0, 128 * 257, 255 * 257]], np.uint16)
    Image.fromarray(values).save(tmp_path / "p.png")
    assert read_photo(tmp_path / "p.png")[0, :, 0].tolist() == [0, 128, 255]


def test_the_content_counts_not_the_ending(tmp_path: Path) -> None:
    Image.new("RGB", (4, 6), (9, 8, 7)).save(tmp_path / "p.png")
    (tmp_path / "p.png").rename(tmp_path / "p.jpg")
    assert (read_photo(tmp_path / "p.jpg") == (9, 8, 7)).all()


def test_of_an_animation_the_first_frame_counts(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (4, 6), colour) for colour in ("white", "black")]
    frames[0].save(tmp_path / "p.gif", save_all=True, append_images=frames[1:])
    assert (read_photo(tmp_path / "p.gif") == 255).all()


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    header = b"P5 60000 60000 255 "  # a PGM that claims 3.6 billion pixels and holds none
    (tmp_path / "p.pgm").write_bytes(header)
    with pytest.raises(BadFile) as caught:
        read_photo(tmp_path / "p.pgm")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("content", [b"", b"JFIF", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_garbage_is_undecodable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.jpg").write_bytes(content)
    for read, code in ((read_photo, "undecodable_photo"), (read_mask, "undecodable_mask")):
        with pytest.raises(BadFile) as caught:
            read(tmp_path / "p.jpg")
        assert caught.value.code == code


def test_a_coloured_rendering_is_no_label_map(tmp_path: Path) -> None:
    Image.new("RGB", (4, 6), (255, 85, 0)).save(tmp_path / "l.png")
    with pytest.raises(BadFile, match="only for looking"):
        read_labels(tmp_path / "l.png", "cihp20")


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
