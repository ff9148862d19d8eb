"""The in-shop photo: the garment laid flat on white, its front over the inside of its back."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, UInt8
from PIL import Image
from scipy import ndimage

from spg_vton.render.body import Canon, load_body
from spg_vton.render.camera import HEIGHT, WIDTH
from spg_vton.render.flat_layout import BACK, FRONT, SIZE, TEXELS, FlatLayout, load_layout
from spg_vton.render.garments import Garment
from spg_vton.render.rasterizer import Canvas, interpolate
from spg_vton.render.silhouettes import BACK_DEPTH, NECK_WIDTH
from spg_vton.render.textures import Texture, distance_inside

WHITE = 255.0
_SHOULDER = (1.75, 5.4)  # flat place about which a sleeve turns, decimetres
_FILL = (0.86, 0.9)  # share of the photo's height and width that the garment may fill
_INNER_SHADE = 0.62
_COLLAR_BASE, _COLLAR_TOP, _COLLAR_WIDTH = 6.3, 7.75, 0.74  # flat decimetres, of a turtleneck


@dataclass(frozen=True, slots=True, eq=False)
class InshopPhoto:
    """A garment photographed alone, 256×192, with its true mask."""

    image: UInt8[np.ndarray, "256 192 3"]
    mask: Bool[np.ndarray, "256 192"]


def _back_inside(garment: Garment, texture: Texture, layout: FlatLayout) -> tuple[np.ndarray, np.ndarray]:
    """Colour of the back's inside, moved so that both shoulder seams coincide, and where the neck opening shows it."""
    x = NECK_WIDTH[garment.neckline]
    (front_u, front_v), (back_u, back_v) = (layout.panels[side].shoulder_at(x) for side in (FRONT, BACK))
    rows = np.arange(SIZE) - (back_v - front_v) * TEXELS
    # Seen from the front the back is mirrored.
    columns = SIZE - 1 - ((np.arange(SIZE) + 0.5 - SIZE / 2) * back_u / front_u * 1.04 + SIZE / 2)
    place = np.ix_(*(np.clip(index.astype(int), 0, SIZE - 1) for index in (rows, columns)))
    across, down = np.abs(layout.u) / front_u, (front_v - layout.v) / BACK_DEPTH.get(garment.neckline, 1.0)
    opening = (across < 1) & (down > 0) & (layout.v > front_v - 2) & (across**2 + down > 1)
    return texture.colour[BACK][place] * _INNER_SHADE, opening


def _collar(layout: FlatLayout) -> Bool[np.ndarray, "S S"]:
    """A turtleneck's tube, standing above the front panel."""
    widen = 0.16 * np.clip((_COLLAR_TOP - 0.7 - layout.v), 0, 1)
    top = _COLLAR_TOP - 0.05 * np.cos(2 * layout.u)
    return (np.abs(layout.u) < _COLLAR_WIDTH + widen) & (layout.v > _COLLAR_BASE) & (layout.v < top)


@cache
def _sleeve_weights() -> np.ndarray:
    """How far each vertex of the front panel follows the sleeve, 0 to 1."""
    arm = load_layout().cut.extend(load_body().canon[:, Canon.ARM].astype(np.float64))
    return arm * arm * (3 - 2 * arm)


def _lay_sleeves(layout: FlatLayout, drop: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the front panel lies with its sleeves turned down about the shoulders by ``drop`` degrees.

    Returns:
        Whether cloth lies at each pixel, and the row and the column of the panel that lies there.
    """
    start, weights = layout.pixels[FRONT], _sleeve_weights()
    side = np.sign(start[:, 0] - SIZE / 2)
    pivot = np.stack(
        [SIZE / 2 + side * _SHOULDER[0] * TEXELS, np.full(len(start), layout.row_of(_SHOULDER[1]))], axis=1
    )
    angle = np.radians(drop) * weights * side
    c, s = np.cos(angle), np.sin(angle)
    x, y = (start - pivot).T
    moved = pivot + np.stack([c * x - s * y, s * x + c * y], axis=1)
    canvas, faces = Canvas.empty(SIZE, SIZE), layout.cut.faces[FRONT]
    canvas.draw(canvas.fragments(moved, weights, faces, bias=0.0, two_sided=True), surface=0)
    source = interpolate(start.astype(np.float32), faces, canvas.face, canvas.bary)
    column, row = np.clip(source.astype(int), 0, SIZE - 1).T.reshape(2, SIZE, SIZE)
    return (canvas.surface == 0).reshape(SIZE, SIZE), row, column


def _flat_picture(garment: Garment, texture: Texture) -> tuple[np.ndarray, np.ndarray]:
    """Garment on white in panel pixels, and where it is."""
    layout = load_layout()
    lies, row, column = _lay_sleeves(layout, garment.sleeve_drop)
    front = lies & texture.cloth[FRONT][row, column]
    back, back_place = _back_inside(garment, texture, layout)
    behind = back_place & ~front
    collar = _collar(layout) & ~front if garment.neckline == "turtle" else np.zeros_like(front)
    everything = front | behind | collar
    slope_v, slope_u = np.gradient(ndimage.gaussian_filter(texture.folds[FRONT], 3))
    shade = 1 + np.clip((slope_u * 1.2 - slope_v) * 6, -0.11, 0.09)[row, column]
    shade *= 0.84 + 0.16 * np.clip(distance_inside(everything) / 10, 0, 1) ** 0.6
    shadow = np.roll(ndimage.gaussian_filter(everything.astype(np.float32), 7), (5, 3), (0, 1))
    picture = np.repeat(WHITE - 38 * shadow[..., None], 3, axis=2)
    picture[behind] = back[behind]
    picture[front] = texture.colour[FRONT][row[front], column[front]] * shade[front, None]
    ribs = 0.9 + 0.06 * np.sin(layout.u * 60) - 0.25 * np.abs(layout.u) ** 2
    picture[collar] = (np.array(garment.colours[0]) * (ribs * shade)[..., None])[collar]
    return picture, everything


def photograph_inshop(garment: Garment, texture: Texture) -> InshopPhoto:
    """Lay a garment flat so that it fills the photo."""
    picture, everything = _flat_picture(garment, texture)
    rows, columns = np.flatnonzero(everything.any(1)), np.flatnonzero(everything.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    scale = max((bottom - top) / (HEIGHT * _FILL[0]), (right - left) / (WIDTH * _FILL[1]))
    margin = SIZE // 2
    y, x = (top + bottom) / 2 + margin, (left + right) / 2 + margin
    box = (x - WIDTH * scale / 2, y - HEIGHT * scale / 2, x + WIDTH * scale / 2, y + HEIGHT * scale / 2)
    wide = np.pad(
        np.clip(picture, 0, 255).astype(np.uint8), ((margin, margin), (margin, margin), (0, 0)), constant_values=255
    )
    covered = np.pad(everything, margin).astype(np.uint8) * 255
    image = Image.fromarray(wide).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=box)
    mask = Image.fromarray(covered).resize((WIDTH, HEIGHT), Image.Resampling.BOX, box=box)
    return InshopPhoto(image=np.asarray(image), mask=np.asarray(mask) > 127)
