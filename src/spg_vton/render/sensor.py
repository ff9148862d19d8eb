"""From light to the photo's pixels: highlights, lens, sharpening and noise."""

import numpy as np
from jaxtyping import Float, UInt8
from scipy import ndimage

_NOISE_DARK, _NOISE_BRIGHT = 1.1, 0.4  # standard deviation of the sensor's noise in black and in white, of 255
_SHARPENING = 0.3  # of the difference from the mean of the 3×3 pixels around, as cameras add
_LENS = 1.0  # half width of the tent that a pixel sees, pixels; 0.75 hardly blurs
_SHOULDER, _WHITE = 222.0, 255.0  # from here on highlights are compressed, up to here


def expose(colours: Float[np.ndarray, "P 3"]) -> Float[np.ndarray, "P 3"]:
    """Compress highlights as film and cameras do, so that none burns out."""
    room = _WHITE - _SHOULDER
    over = np.maximum(colours - _SHOULDER, 0)
    return np.minimum(colours, _SHOULDER) + room * (1 - np.exp(-over / room))


def shrink(fine: Float[np.ndarray, "H W 3"], factor: int) -> Float[np.ndarray, "h w 3"]:
    """The picture at final size; a pixel weighs in a little of its neighbours' area, as a lens blurs."""
    middle, reach = (factor - 1) / 2, factor // 2
    steps = np.arange(-reach, factor + reach)
    weights = np.clip(_LENS * factor - np.abs(steps - middle), 0, None)
    for axis in (0, 1):
        size = fine.shape[axis] // factor
        padded = np.pad(fine, [(reach, reach) if side == axis else (0, 0) for side in range(3)], mode="edge")
        taken = (padded.take(range(k, k + size * factor, factor), axis) for k in range(len(steps)))
        fine = sum(weight * part for weight, part in zip(weights / weights.sum(), taken, strict=True))
    return fine


def develop(fine: Float[np.ndarray, "H W 3"], factor: int, rng: np.random.Generator) -> UInt8[np.ndarray, "h w 3"]:
    """The photo of a picture that is rendered ``factor`` times as large, 0 to 255."""
    picture = shrink(fine, factor)
    picture += _SHARPENING * (picture - ndimage.uniform_filter(picture, (3, 3, 1)))
    noise = _NOISE_DARK + (_NOISE_BRIGHT - _NOISE_DARK) * picture.mean(-1, keepdims=True) / 255
    picture += noise * rng.standard_normal(picture.shape, np.float32)
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)
