import numpy as np

from spg_vton.render.rasterizer import NOTHING, Canvas
from spg_vton.render.sensor import shrink

FRONT, BACK = np.array([[0, 1, 2]], np.int32), np.array([[0, 2, 1]], np.int32)
CORNERS = np.array([[1.0, 9.0], [9.0, 9.0], [1.0, 1.0]])  # counter-clockwise as seen, y down


def drawn(faces: np.ndarray, bias: float, two_sided: bool, behind: float) -> np.ndarray:
    """The canvas after a triangle of depth 0 was drawn over a wall of depth ``behind``."""
    canvas = Canvas.empty(10, 10)
    canvas.depth[:] = behind
    canvas.draw(canvas.fragments(CORNERS, np.zeros(3), faces, bias, two_sided), surface=4)
    return canvas.surface


def test_bias_brings_the_outer_side_nearer_but_not_the_inner():
    assert (drawn(FRONT, 0.2, two_sided=True, behind=0.1) == 4).sum() > 20
    assert (drawn(BACK, 0.2, two_sided=True, behind=0.1) == NOTHING).all()
    assert (drawn(BACK, 0.2, two_sided=True, behind=-0.1) == 4).sum() > 20
    assert (drawn(BACK, 0.0, two_sided=False, behind=-0.1) == NOTHING).all()


def test_shrinking_keeps_plain_colours_and_softens_edges():
    plain = np.full((12, 8, 3), 77.0, np.float32)
    edge = np.zeros((12, 8, 3), np.float32)
    edge[:, 3:] = 100
    for factor in (1, 2, 4):
        assert np.allclose(shrink(plain, factor), 77, atol=1e-4)
        assert shrink(plain, factor).shape == (12 // factor, 8 // factor, 3)
    row = shrink(edge, 2)[3, :, 0]
    assert row[0] == 0 and 40 < row[1] < 60 and row[3] == 100 and (np.diff(row) >= 0).all()
