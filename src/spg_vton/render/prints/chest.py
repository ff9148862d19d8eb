"""Chest prints: lettering, emblems, small logos and framed pictures, on the front and sometimes the back."""

import cv2
import numpy as np

from spg_vton.render.flat_layout import SIZE, TEXELS
from spg_vton.render.prints.design import Print
from spg_vton.render.prints.emblems import BADGE_RING, EMBLEMS
from spg_vton.render.prints.images import landscape_colours
from spg_vton.render.prints.inks import DOT, Ink, coloured, inked, pasted
from spg_vton.render.prints.lettering import Mask, bent, crop, line, lines, stacked
from spg_vton.render.prints.motifs import draw
from spg_vton.render.prints.plane import OVERSAMPLING, Palette, Picture, Plane, plain

_TOP, _DEEP_TOP = 4.75, 4.0  # flat height of a print's upper edge below a high and a deep neckline, decimetres
_HIGH_NECKLINES = ("crew", "boat", "turtle", "mock")
_WIDTH, _LINE_HEIGHT = (2.3, (1.9, 2.7)), (0.8, (0.65, 1.1))  # usual, least and greatest of a print, decimetres
_LOGO_PLACE, _LOGO_SIZE = (0.8, 4.4), 0.25
_BACK_SCALE = 1.2


def _bows(upper: str, lower: str, face: str, inner: int) -> Mask:
    """Two words bent above and below a disc of ``inner`` pixels."""
    height = 0.3 * DOT
    longest = np.pi * 0.86 * inner
    over = bent(line(upper, face, longest, height), inner + 0.12 * DOT)
    under = bent(line(lower, face, longest, height), inner + 0.12 * DOT, below=True)
    size = max(len(over), len(under))
    over, under = (np.pad(bow, (size - len(bow)) // 2) for bow in (over, under))
    return np.maximum(over, under)


def _lettering_mask(design: Print) -> Mask:
    words = design.words
    width, height = (np.clip(size * design.scale, *span) * DOT for size, span in (_WIDTH, _LINE_HEIGHT))
    if design.arrangement == "arc":
        bow = crop(bent(line(words[0], design.face, width, 0.55 * height), 0.62 * width))
        return stacked([bow, *(line(word, design.face, 0.7 * width, height) for word in words[1:])])
    if design.arrangement == "college":
        rows = [line(words[0], design.face, width, 0.5 * height)]
        rows += [line(word, "slab", width, (1.6 if word.isdigit() else 0.5) * height) for word in words[1:]]
        return stacked(rows)
    return lines(words, design.face, width, height)


def _emblem(design: Print, inks: Palette, radius: float) -> Ink:
    """An emblem of ``radius`` decimetres, oversampled."""
    stamp = draw(EMBLEMS[design.emblem](), radius * OVERSAMPLING, inks)
    return np.concatenate([stamp.colour, stamp.cover[..., None]], axis=2)


def _emblem_print(design: Print, colours: Palette, rng: np.random.Generator) -> Ink:
    """An emblem alone, between two bent words, with a word below, or a badge with words in its ring."""
    radius = float(np.clip(0.95 * design.scale, 0.8, 1.2))
    emblem = _emblem(design, colours, radius)
    if design.emblem == "badge":
        inner, outer = (ratio * radius * DOT for ratio in BADGE_RING)
        top = bent(line(design.words[0], "sans", 2.2 * inner, outer - inner), inner)
        foot = bent(line(design.words[-1], "sans", 2.2 * inner, outer - inner), inner, below=True)
        for bow in (top, foot):
            emblem = pasted(emblem, inked(bow, colours[0]))
        return emblem
    way = rng.random()
    if way < 0.35:
        return emblem
    if way < 0.6 and len(design.words) > 1:
        return pasted(
            emblem, inked(_bows(design.words[0], design.words[-1], design.face, round(radius * DOT)), colours[1])
        )
    words = " ".join(design.words) if len(design.words) == 2 else design.words[0]
    mask = line(words, design.face, 2 * radius * DOT, 0.5 * DOT)
    foot, cut = inked(mask, colours[1]), crop(emblem)
    width = max(foot.shape[1], cut.shape[1])
    gap = np.zeros((round(0.1 * DOT), width, 4), np.float32)

    def centred(ink: Ink) -> Ink:
        left = (width - ink.shape[1]) // 2
        return np.pad(ink, ((0, 0), (left, width - ink.shape[1] - left), (0, 0)))

    return np.concatenate([centred(cut), gap, centred(foot)])


def _framed(design: Print, colours: Palette, rng: np.random.Generator) -> Ink:
    """A landscape in a frame, in the print's colours or in greys, on some with a line below."""
    width, height = (round(float(rng.uniform(*span)) * DOT) for span in ((1.7, 2.4), (1.5, 2.4)))
    y, x = np.mgrid[:height, :width].astype(np.float32) / DOT
    tones = colours
    if rng.random() < 0.4:
        tones = np.array([[225], [170], [245], [40], [90]], np.float32) * np.ones((1, 3), np.float32)
    picture = landscape_colours((x - width / 2 / DOT) * 1.8, (0.6 * height / DOT - y) * 1.8, tones, rng)
    picture += 0.06 * 255 * rng.standard_normal((height, width, 1)).astype(np.float32)
    frame = round(0.07 * DOT)
    ink = np.concatenate([np.clip(picture, 0, 255), np.ones((height, width, 1), np.float32)], axis=2)
    ink = np.pad(ink, ((frame, frame), (frame, frame), (0, 0)))
    rim = ink[..., 3] == 0
    ink[rim, :3], ink[rim, 3] = colours[1], 1.0
    if rng.random() < 0.5:
        text = inked(line(design.words[0], design.face, width, 0.32 * DOT), colours[1])
        left = (ink.shape[1] - text.shape[1]) // 2
        text = np.pad(text, ((round(0.12 * DOT), 0), (left, ink.shape[1] - text.shape[1] - left), (0, 0)))
        ink = np.concatenate([ink, text])
    return ink


def _stick(picture: Picture, ink: Ink, plane: Plane, u: float, top: float, scale: float = 1.0) -> Picture:
    """Reduce a print to texels and lay it on a panel, its middle at ``u`` and its upper edge at height ``top``."""
    height, width = (max(2, round(size * scale / OVERSAMPLING)) for size in ink.shape[:2])
    weighted = np.concatenate([ink[..., :3] * ink[..., 3:], ink[..., 3:]], axis=2).astype(np.float32)
    small = cv2.resize(weighted, (width, height), interpolation=cv2.INTER_AREA)
    row, column = round(plane.layout.row_of(top)), round(u * TEXELS + SIZE / 2 - width / 2)
    rows, columns = slice(max(row, 0), min(row + height, SIZE)), slice(max(column, 0), min(column + width, SIZE))
    part = small[rows.start - row : rows.stop - row, columns.start - column : columns.stop - column]
    picture[rows, columns] = picture[rows, columns] * (1 - part[..., 3:]) + part[..., :3]
    return picture


def paint_chest(
    pattern: str, neckline: str, design: Print, plane: Plane, colours: Palette, rng: np.random.Generator
) -> Picture:
    """A panel of the main colour with the print of ``pattern`` on it."""
    picture = plain(colours[0], plane.u)
    if not plane.is_front and (not design.on_back or pattern == "small logo"):
        return picture
    if pattern == "small logo":
        return _stick(picture, crop(_emblem(design, colours, _LOGO_SIZE)), plane, *_LOGO_PLACE)
    if pattern == "text":
        ink = coloured(_lettering_mask(design), design.effect, colours[1], colours[2], rng)
    else:
        ink = _emblem_print(design, colours, rng) if pattern == "emblem" else _framed(design, colours, rng)
    top = _TOP if neckline in _HIGH_NECKLINES or not plane.is_front else _DEEP_TOP
    return _stick(picture, crop(ink), plane, 0.0, top, 1.0 if plane.is_front else _BACK_SCALE)
