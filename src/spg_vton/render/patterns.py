"""Colours of a flat panel: stripes, checks, dots, flowers, blocks and prints."""

from functools import cache
from importlib import resources

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFont

from spg_vton.render.flat_layout import FRONT, SIZE, TEXELS, FlatLayout
from spg_vton.render.garments import Garment

Picture = Float[np.ndarray, "S S 3"]
_ARM_LENGTH = 2.6  # decimetres from shoulder to elbow, so that stripes keep their width on sleeves
_PRINT_HEIGHT = 3.7  # flat height of a print's middle, decimetres
_OVERSAMPLING = 2
_FLOWER_HEART = (250, 220, 90)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    source = resources.files("spg_vton.render") / "assets" / "DejaVuSans-Bold.ttf"
    with resources.as_file(source) as path:
        return ImageFont.truetype(str(path), size)


def _phase(value: np.ndarray, period: float) -> np.ndarray:
    """Where in its period each value lies, 0 to 1."""
    return np.mod(value / period, 1)


def _mix(picture: Picture, share: np.ndarray, colour: np.ndarray) -> Picture:
    return picture * (1 - share[..., None]) + colour * share[..., None]


def _text(garment: Garment) -> Image.Image:
    size = SIZE * _OVERSAMPLING
    image = Image.new("L", (size, size), 0)
    canvas, wanted = ImageDraw.Draw(image), 2.3 * TEXELS * _OVERSAMPLING
    trial = 40
    points = int(min(trial * wanted / canvas.textlength(garment.word, font=_font(trial)), 0.9 * TEXELS * _OVERSAMPLING))
    canvas.text((size / 2, size / 2), garment.word, 255, font=_font(points), anchor="mm")
    return image


def _logo(garment: Garment) -> Image.Image:
    size = SIZE * _OVERSAMPLING
    image = Image.new("L", (size, size), 0)
    canvas, radius = ImageDraw.Draw(image), 0.85 * TEXELS * _OVERSAMPLING
    canvas.regular_polygon((size / 2, size / 2, radius), garment.sides, fill=255)
    hole = 0.45 * radius
    canvas.ellipse([size / 2 - hole, size / 2 - hole, size / 2 + hole, size / 2 + hole], fill=0)
    return image


def _print(garment: Garment, layout: FlatLayout) -> Float[np.ndarray, "S S"]:
    """Coverage of the chest print, 0 to 1."""
    image = _text(garment) if garment.pattern == "text" else _logo(garment)
    small = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BOX), np.float32) / 255
    shift = round(layout.row_of(_PRINT_HEIGHT) - SIZE / 2)
    return np.roll(small, shift, axis=0)


def _flowers(picture: Picture, garment: Garment, layout: FlatLayout, rng: np.random.Generator) -> None:
    """Stamp five-petalled flowers at random places."""
    scale = garment.motif_scale
    reach = int(np.ceil(0.28 * scale * TEXELS))
    places = rng.uniform([-5.0, -1.5], [5.0, 7.0], (int(170 / scale), 2))
    for k, (u, v) in enumerate(places):
        row, column = round(layout.row_of(v)), round(u * TEXELS + SIZE / 2)
        top, left = max(row - reach, 0), max(column - reach, 0)
        window = (slice(top, max(row + reach, 0)), slice(left, max(column + reach, 0)))
        du, dv = layout.u[window] - u, layout.v[window] - v
        radius, angle = np.hypot(du, dv), np.arctan2(dv, du)
        patch = picture[window]
        patch[radius < (0.2 + 0.07 * np.cos(5 * angle + k)) * scale] = garment.colours[1 + k % 2]
        patch[radius < 0.06 * scale] = _FLOWER_HEART


def paint_pattern(garment: Garment, layout: FlatLayout, side: int, rng: np.random.Generator) -> Picture:
    """The colours of one panel, 0 to 255."""
    main, second, third = (np.array(colour, np.float32) for colour in garment.colours)
    canon = layout.panels[side].canon
    on_arm, scale = canon[..., 4] > 0.5, garment.motif_scale
    picture = np.broadcast_to(main, (SIZE, SIZE, 3)).copy()
    down = np.where(on_arm, -canon[..., 3] * _ARM_LENGTH, layout.v)
    across = np.where(on_arm, 0.7 * (layout.u + layout.v * np.sign(layout.u)), layout.u)
    match garment.pattern:
        case "horizontal stripes":
            picture[_phase(down, 0.55 * scale) < 0.45] = second
        case "vertical stripes":
            picture[_phase(across, 0.5 * scale) < 0.35] = second
        case "check":
            rows, columns = _phase(down, 0.8 * scale), _phase(across, 0.8 * scale)
            picture = _mix(picture, ((rows < 0.5).astype(np.float32) + (columns < 0.5)) / 2, second)
            picture[(rows < 0.07) | (columns < 0.07)] = third
        case "dots":
            pitch = 0.6 * scale
            odd = np.mod(np.floor(layout.v / pitch), 2)
            du, dv = np.mod(layout.u / pitch + odd / 2, 1) - 0.5, _phase(layout.v, pitch) - 0.5
            picture[du**2 + dv**2 < 0.07] = second
        case "raglan":
            picture[on_arm] = second
        case "blocks":
            picture[~on_arm & (layout.v < 2.2 + scale)] = second
            picture[~on_arm & (np.abs(layout.v - 2.2 - scale) < 0.12)] = third
        case "floral":
            _flowers(picture, garment, layout, rng)
        case "logo" | "text" if side == FRONT:
            picture = _mix(picture, _print(garment, layout), second)
    return picture
