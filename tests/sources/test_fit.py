"""Fitting: photos, labels, masks and points land in the same place, also where the aspect ratio differs."""

import numpy as np
import pytest

from spg_vton.sources.fit import Fit


def test_same_size_changes_nothing(rng: np.random.Generator) -> None:
    fit = Fit.of((32, 24), (32, 24))
    photo = rng.integers(0, 256, (32, 24, 3), dtype=np.uint8)
    labels = rng.integers(0, 20, (32, 24), dtype=np.uint8)
    pose = rng.uniform(0, 20, (18, 3)).astype(np.float32)
    np.testing.assert_array_equal(fit.photo(photo), photo)
    np.testing.assert_array_equal(fit.labels(labels), labels)
    np.testing.assert_allclose(fit.pose(pose), pose, atol=1e-5)


def test_halving_averages_area(rng: np.random.Generator) -> None:
    photo = rng.integers(0, 256, (8, 6, 3), dtype=np.uint8)
    expected = photo.reshape(4, 2, 3, 2, 3).astype(float).mean((1, 3))
    assert np.abs(Fit.of((8, 6), (4, 3)).photo(photo) - expected).max() <= 0.5


def test_the_larger_share_wins() -> None:
    labels = np.zeros((8, 6), np.uint8)
    labels[0:2, 0:2] = [[5, 5], [5, 0]]
    labels[2:4, 0:2] = [[0, 13], [0, 0]]
    small = Fit.of((8, 6), (4, 3)).labels(labels)
    assert small[0, 0] == 5 and small[1, 0] == 0
    assert small.dtype == np.uint8


def test_no_label_is_invented(rng: np.random.Generator) -> None:
    labels = rng.choice(np.array([0, 2, 13, 19], np.uint8), (37, 29))
    for frame in ((16, 12), (64, 48), (20, 48)):
        assert set(np.unique(Fit.of((37, 29), frame).labels(labels))) <= {0, 2, 13, 19}


@pytest.mark.parametrize("photo_size", [(64, 48), (40, 60), (70, 20), (17, 23)])
@pytest.mark.parametrize("frame", [(32, 24), (128, 96)])
def test_points_follow_the_picture(photo_size: tuple[int, int], frame: tuple[int, int]) -> None:
    h, w = photo_size
    photo = np.full((h, w, 3), 255, np.uint8)
    labels = np.zeros((h, w), np.uint8)
    box = (slice(h // 4, h // 2), slice(w // 4, w // 2))
    photo[box] = 0
    labels[box] = 5
    pose = np.zeros((18, 3), np.float32)
    pose[3] = ((w // 4 + w // 2 - 1) / 2, (h // 4 + h // 2 - 1) / 2, 0.5)  # the box's centre
    fit = Fit.of(photo_size, frame)
    ink = (255.0 - fit.photo(photo)[..., 0]) / 255
    rows, columns = np.indices(frame)
    centre = np.array([(columns * ink).sum(), (rows * ink).sum()]) / ink.sum()
    np.testing.assert_allclose(fit.pose(pose)[3, :2], centre, atol=0.05)
    voted = fit.labels(labels) == 5
    np.testing.assert_allclose([columns[voted].mean(), rows[voted].mean()], centre, atol=0.75)
    assert (fit.pose(pose)[[0, 17]] == 0).all() and fit.pose(pose)[3, 2] == 0.5


def test_letterbox_is_white_background_and_centred() -> None:
    fit = Fit.of((32, 32), (64, 32))
    photo = fit.photo(np.zeros((32, 32, 3), np.uint8))
    assert (photo[:16] == 255).all() and (photo[16:48] == 0).all() and (photo[48:] == 255).all()
    labels = fit.labels(np.full((32, 32), 5, np.uint8))
    assert (labels[:16] == 0).all() and (labels[16:48] == 5).all() and (labels[48:] == 0).all()
    assert fit.mask(np.ones((32, 32), bool)).max() == 1


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
