"""The true flow: from a photo's garment pixels to the in-shop photo."""

import dataclasses

import numpy as np
import pytest
from scipy import ndimage

from spg_vton.labels import Label
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.textures import make_texture

from .conftest import wear_once
from .test_garment import PLAIN

FLORAL = dataclasses.replace(
    PLAIN,
    pattern="bouquets",
    sleeve="long",
    colours=((30, 60, 130), (235, 190, 60), (200, 40, 45), (60, 120, 80), (240, 240, 236)),
)


def hue(colours: np.ndarray) -> np.ndarray:
    """Colours without their brightness."""
    return colours / (colours.sum(-1, keepdims=True) + 1)


@pytest.mark.parametrize(("view", "least"), [("front", 0.8), ("quarter", 0.6)])
def test_warping_the_inshop_photo_gives_the_worn_colours(view, least):
    photo, inshop = wear_once(FLORAL, view), photograph_inshop(FLORAL, make_texture(FLORAL))
    shown, garment = ~np.isnan(photo.flow[..., 0]), photo.labels == Label.UPPER_CLOTHES
    assert not (shown & ~garment).any()
    # Hair may hide the garment, but what is labelled garment lies mostly on the front.
    assert shown.sum() > least * garment.sum()
    inner = ndimage.binary_erosion(shown, iterations=2)
    x, y = photo.flow[inner].T
    warped = np.stack(
        [ndimage.map_coordinates(inshop.image[..., k].astype(float), [y, x], order=1) for k in range(3)], 1
    )
    worn = photo.image[inner].astype(float)
    assert np.median(np.abs(hue(warped) - hue(worn)).max(1)) < 0.02
    correlation = np.corrcoef(hue(warped).ravel(), hue(worn).ravel())[0, 1]
    shuffled = np.corrcoef(hue(warped[::-1]).ravel(), hue(worn).ravel())[0, 1]
    assert correlation > 0.9 > shuffled + 0.1


def test_flow_points_into_the_mask():
    photo, inshop = wear_once(FLORAL, "quarter"), photograph_inshop(FLORAL, make_texture(FLORAL))
    x, y = photo.flow[~np.isnan(photo.flow[..., 0])].round().astype(int).T
    assert ndimage.binary_dilation(inshop.mask)[y, x].all()


def test_left_stays_left():
    """Facing the camera, the photo's left half of the garment lies in the in-shop photo's left half."""
    photo = wear_once(FLORAL, "front")
    rows, columns = np.nonzero(~np.isnan(photo.flow[..., 0]))
    middle = columns.mean()
    left = columns < middle - 8
    right = columns > middle + 8
    assert (photo.flow[rows[left], columns[left], 0] < 96).all()
    assert (photo.flow[rows[right], columns[right], 0] > 96).all()


def test_the_back_is_not_in_the_inshop_photo():
    photo = wear_once(FLORAL, "back")
    garment = photo.labels == Label.UPPER_CLOTHES
    assert garment.sum() > 500
    assert (~np.isnan(photo.flow[..., 0])).sum() < 0.15 * garment.sum()  # a little of the front wraps around the side
