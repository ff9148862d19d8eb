import cv2
import numpy as np
import pytest

from spg_vton.errors import DataError
from spg_vton.render.flow_files import FLOW_PRECISION, encode_flow, read_flow


def a_flow() -> np.ndarray:
    rng = np.random.default_rng(3)
    flow = rng.uniform((0, 0), (191, 255), (256, 192, 2)).astype(np.float32)
    flow[rng.random((256, 192)) < 0.4] = np.nan
    return flow


def test_round_trip(tmp_path):
    flow, path = a_flow(), tmp_path / "flow.png"
    path.write_bytes(encode_flow(flow))
    read = read_flow(path)
    assert read.dtype == np.float32
    assert (np.isnan(read) == np.isnan(flow)).all() and np.isnan(flow).any()
    assert np.nanmax(np.abs(read - flow)) <= FLOW_PRECISION + 1e-4


def test_the_file_is_as_kitti_has_it(tmp_path):
    """Red and green hold 64 times the displacement (right, down) plus 2¹⁵, blue holds 1 where it is valid."""
    flow, path = np.full((8, 6, 2), np.nan, np.float32), tmp_path / "flow.png"
    flow[5, 2] = (4.5, 1.0)
    path.write_bytes(encode_flow(flow))
    blue, green, red = np.moveaxis(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), -1, 0)
    assert red.dtype == np.uint16
    assert (red[5, 2], green[5, 2], blue[5, 2]) == (2**15 + 160, 2**15 - 256, 1)
    assert red.sum() == red[5, 2] and green.sum() == green[5, 2] and blue.sum() == 1


def test_nothing_valid(tmp_path):
    (tmp_path / "flow.png").write_bytes(encode_flow(np.full((4, 4, 2), np.nan)))
    assert np.isnan(read_flow(tmp_path / "flow.png")).all()


def test_too_far_is_refused():
    with pytest.raises(ValueError, match="512 pixels, got 600"):
        encode_flow(np.full((1, 1, 2), 600.0))


def test_other_pictures_are_refused(tmp_path):
    cv2.imwrite(str(tmp_path / "grey.png"), np.zeros((4, 4), np.uint8))
    with pytest.raises(DataError, match=r"grey.png: expected a 16-bit PNG .* got uint8"):
        read_flow(tmp_path / "grey.png")
    with pytest.raises(DataError, match="nothing that decodes"):
        read_flow(tmp_path / "absent.png")
