"""From surfaces to pixels: what is seen where, its colour, shadows and label."""

import numpy as np
from jaxtyping import Float, UInt8
from numba import njit

from spg_vton.labels import NUM_LABELS, Label
from spg_vton.render.camera import HEIGHT, WIDTH, Camera
from spg_vton.render.glazing import Glaze, lay_glaze
from spg_vton.render.light import Light
from spg_vton.render.rasterizer import Canvas
from spg_vton.render.shadows import below_hem, key_light_left, occlusion
from spg_vton.render.surface import Surface, draw, visible

_SKIN = (Label.TORSO_SKIN, Label.FACE, Label.LEFT_ARM, Label.RIGHT_ARM, Label.LEFT_LEG, Label.RIGHT_LEG)
_DARKEST = 0.42  # factor of the deepest shadow; light that bounces between cloth and skin reaches everywhere
#: Power of shadows on skin for red, green and blue.
_SKIN_SHADOW = np.array((0.8, 1.05, 1.15), np.float32)


def paint(
    surfaces: list[Surface],
    glazes: list[Glaze],
    camera: Camera,
    light: Light,
    supersampling: int,
    rng: np.random.Generator,
) -> tuple[Canvas, Float[np.ndarray, "P 3"], UInt8[np.ndarray, " P"]]:
    """Draw all surfaces, then colour each rendered pixel once: canvas, colours and labels."""
    canvas = Canvas.empty(HEIGHT * supersampling, WIDTH * supersampling)
    grain = rng.standard_normal(canvas.depth.size, np.float32)
    places = [camera.project(surface.points, supersampling) for surface in surfaces]
    for number, (surface, place) in enumerate(zip(surfaces, places, strict=True)):
        draw(canvas, surface, number, *place)
    colours, labels = np.zeros((canvas.depth.size, 3), np.float32), np.zeros(canvas.depth.size, np.uint8)
    for number, (surface, (xy, _)) in enumerate(zip(surfaces, places, strict=True)):
        pixel, seen = visible(canvas, surface, number, xy, grain, light)
        if len(pixel):
            of_pixel, labels[pixel] = surface.paint(seen)
            colours[pixel] = np.clip(of_pixel, 0, 255)
    for glaze in glazes:
        lay_glaze(canvas, glaze, camera.project(glaze.surface.points, supersampling), grain, light, colours, labels)
    return canvas, colours, labels


def shadowed(
    canvas: Canvas, labels: UInt8[np.ndarray, " P"], depth: Float[np.ndarray, "256 192"], camera: Camera, light: Light,
    supersampling: int,
) -> Float[np.ndarray, "P 3"]:  # fmt: skip
    """Factor by which shadows dim each rendered pixel; on skin they are warm."""
    left = occlusion(depth, canvas.depth, supersampling)
    left *= key_light_left(depth, canvas.depth, supersampling, camera.scale, light.key)
    left *= below_hem(np.isin(labels, (Label.UPPER_CLOTHES, Label.DRESS)), canvas.depth, canvas.width, supersampling)
    factors = np.repeat(np.maximum(left, _DARKEST)[:, None], 3, axis=1)
    skin = np.isin(labels, _SKIN)
    factors[skin] **= _SKIN_SHADOW
    return factors


@njit(cache=True)
def majority(labels: UInt8[np.ndarray, "h w"], block: int) -> UInt8[np.ndarray, "H W"]:
    """The most frequent label of each block × block square; ties go to the higher label, so never to the background."""
    height, width = labels.shape[0] // block, labels.shape[1] // block
    out = np.zeros((height, width), np.uint8)
    for r in range(height):
        for c in range(width):
            count = np.zeros(NUM_LABELS, np.int64)
            for y in range(block):
                for x in range(block):
                    count[labels[r * block + y, c * block + x]] += 1
            best = 0
            for label in range(1, NUM_LABELS):
                if count[label] > 0 and count[label] >= count[best]:
                    best = label
            out[r, c] = best
    return out
