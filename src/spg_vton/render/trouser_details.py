"""What is sewn on trousers: waistband, belt, fly, pockets, seams, cuffs, washes and tears."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from spg_vton.render.cloth import Heights, Row, blend, near
from spg_vton.render.lower_look import LowerLook
from spg_vton.render.surface import Colours

_STITCH = (196.0, 150.0, 92.0)
_METAL = (186.0, 182.0, 172.0)
_LEG_RADIUS = 0.85  # turns angles around the leg into decimetres
_SIDE_SEAM = 1.85  # a little behind the outermost line
_LINE = 0.03  # half a seam's width, decimetres


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where points lie on trousers, canonical.

    Attributes:
        across: decimetres from the body's middle plane.
        y: height.
        z: to the front.
        sign: 1 on the person's left, -1 on the right.
        angle: around the leg; 0 in front, a quarter turn outside.
    """

    across: Row
    y: Row
    z: Row
    sign: Row
    angle: Row

    def around(self) -> Row:
        """Decimetres around the body: across at the hips, around the leg below."""
        return np.where(self.y > -0.5, self.across * self.sign * np.sign(self.z + 0.01), self.angle * _LEG_RADIUS)


def _tears(look: LowerLook, knee: float) -> list[tuple[float, float, float, float, float]]:
    """Each tear's side, height, angle, half height and half width."""
    if look.cut.name != "ripped jeans":
        return []
    rng = np.random.default_rng(look.seed)
    tears = []
    for side in (1.0, -1.0):
        tears.append((side, knee + rng.uniform(-0.15, 0.3), rng.normal(0, 0.15), rng.uniform(0.1, 0.26), 0.5))
        for _ in range(int(rng.integers(0, 3))):
            height, size = knee + rng.uniform(0.7, 2.2), rng.uniform(0.05, 0.14)
            tears.append((side, height, rng.normal(0, 0.35), size, rng.uniform(0.15, 0.32)))
    return tears


def _torn(look: LowerLook, knee: float, place: Place) -> Row:
    """1 in the middle of a tear, 0 at its edge, negative outside."""
    depth = np.full(len(place.y), -1.0)
    for side, height, angle, tall, wide in _tears(look, knee):
        ragged = 0.12 * np.sin(38 * place.angle + 9 * side) + 0.1 * np.sin(71 * place.angle)
        y, x = (place.y - height) / tall + ragged, (place.angle - angle) * _LEG_RADIUS / wide
        depth = np.where(place.sign == side, np.maximum(depth, 1 - y**2 - x**2), depth)
    return depth


def thread_cover(look: LowerLook, knee: float, place: Place) -> Bool[np.ndarray, " n"]:
    """Where cloth or loose threads are: everywhere but in tears."""
    if look.cut.name != "ripped jeans":
        return np.ones(len(place.y), bool)
    return (_torn(look, knee, place) < 0) | (np.mod(place.y * 13 + np.sin(3 * place.angle), 1) < 0.3)


def _washed(look: LowerLook, knee: float, heights: Heights, place: Place, colours: Colours) -> Colours:
    """Denim: lighter in front of the thigh, at the knee and on the seat, darker at the sides."""
    front = np.exp(-((place.angle / 0.65) ** 2)) * (place.z > 0)
    thigh = front * np.exp(-(((place.y - 0.55 * knee) / 1.5) ** 2))
    shin = 0.5 * front * np.exp(-(((place.y - knee - 0.1) / 0.7) ** 2))
    seat = 0.7 * np.exp(-(((place.across - 0.75) / 0.45) ** 2) - ((place.y - 0.1) / 0.7) ** 2) * (place.z < -0.3)
    light = np.array(look.colour, np.float32) * 0.55 + 110
    faded = np.clip(thigh + shin + seat, 0, 1) * (0.15 + 0.3 * (look.seed % 7) / 6)
    whiskers = np.clip(np.sin(8.5 * np.arctan2(place.y - heights.crotch, place.across) + look.seed % 5), 0, 1) ** 3
    whiskers *= np.exp(-(((place.y - heights.crotch - 0.5) / 0.4) ** 2)) * (place.z > 0)
    colours = blend(colours, np.clip(faded + 0.2 * whiskers, 0, 0.6), light)
    side = np.exp(-(((np.abs(place.angle) - 1.57) / 0.35) ** 2)) * (place.y < heights.crotch)
    return colours * (1 - 0.12 * side)[:, None]


def _pocket_line(look: LowerLook, heights: Heights, place: Place) -> Row:
    """Edges of front and back pockets and of the yoke."""
    front, back = place.z > 0.1, place.z < -0.2
    below = place.y < heights.band
    if look.cut.waist == "jeans":
        bow = np.hypot((place.across - 1.5) / 0.8, (place.y - heights.band) / 0.52) - 1
        line = near(bow, 0.055) * front
        yoke = place.y - (heights.band - 0.42 + 0.18 * place.across)
        tip = 0.16 * (1 - np.abs(place.across - 0.72) / 0.42)
        side = np.abs(place.across - 0.72) - 0.4
        patch = np.maximum(np.maximum(side, place.y - 0.72), -(place.y + 0.12 + tip))
        line = np.maximum(line, np.maximum(near(yoke, _LINE), near(patch, _LINE)) * back)
    else:
        slant = (place.across - 0.95) + 0.45 * (place.y - heights.band)
        line = near(slant, _LINE) * front * (place.y > heights.band - 0.95)
        welt = near(place.y - 0.62, 1.2 * _LINE) * (np.abs(place.across - 0.72) < 0.4)
        line = np.maximum(line, welt * back)
    return line * below


def _seams(heights: Heights, place: Place) -> Row:
    """Side seams, inseams and the middle seams of front and back."""
    leg = place.y < heights.crotch + 0.2
    side = np.where(leg, (place.angle - _SIDE_SEAM) * _LEG_RADIUS, np.where(place.across > 1.1, place.z + 0.1, 1.0))
    inner = np.where(leg, (np.abs(place.angle) - 1.57) * _LEG_RADIUS + (place.angle > 0), 1.0)
    middle = np.where(place.y < heights.band, place.across, 1.0)
    return np.maximum(np.maximum(near(side, _LINE), 0.7 * near(inner, _LINE)), near(middle, 0.7 * _LINE))


def _fly(heights: Heights, place: Place) -> Row:
    """The stitched curve beside the fly, on the person's left."""
    x, end = place.across * place.sign, heights.band - 0.95
    bow = 0.19 * np.sqrt(np.clip((place.y - end) / 0.25, 0, 1))
    return near(x - bow, _LINE) * (place.y > end) * (place.y < heights.band) * (place.z > 0)


def _waist(look: LowerLook, heights: Heights, place: Place, colours: Colours) -> Colours:
    """Waistband, button, loops and belt, or an elastic band with a cord."""
    band = place.y > heights.band
    if look.cut.waist == "elastic":
        ribs = np.sin(place.around() * (60 if look.fabric == "jersey" else 25))
        colours = colours * (1 - 0.1 * band * (1 + ribs))[:, None]
        if look.fabric == "jersey":
            cord = near(place.across - 0.1 - 0.04 * np.sin(5 * place.y), 0.045) * (place.y > heights.band - 0.75)
            colours = blend(colours, cord * ~band * (place.z > 0), (225, 222, 215))
        return colours * (1 - 0.25 * near(place.y - heights.band, _LINE))[:, None]
    colours = colours * (1 - 0.3 * near(place.y - heights.band, _LINE))[:, None]
    loops = (np.abs(place.across - 0.75) < 0.055) & (place.y > heights.band - 0.04)
    if look.belt is not None:
        leather = np.abs(place.y - heights.band - 0.2) < 0.15
        colours = blend(colours, 1.0 * leather, look.belt)
        frame = np.maximum(np.abs(place.across) / 0.2, np.abs(place.y - heights.band - 0.2) / 0.17)
        colours = blend(colours, ((frame < 1) & (frame > 0.62) & (place.z > 0)) * 1.0, _METAL)
    else:
        button = np.hypot(place.across, place.y - heights.band - 0.18) < 0.07
        metal = np.array(_METAL) if look.cut.waist == "jeans" else 0.6 * np.array(look.colour)
        colours = blend(colours, 1.0 * (button & (place.z > 0)), metal)
    return blend(colours, 0.85 * loops, np.array(look.colour, np.float32) * 0.8)


def detailed(look: LowerLook, heights: Heights, knee: float, place: Place, colours: Colours) -> Colours:
    """Cloth with everything that is sewn on it."""
    denim, tailored = look.fabric == "denim", look.cut.waist == "tailored"
    if denim:
        colours = _washed(look, knee, heights, place, colours)
    depth = 0.32 if denim else 0.2
    colours = colours * (1 - depth * _seams(heights, place))[:, None]
    if look.cut.waist in ("jeans", "tailored"):
        lines = np.maximum(_pocket_line(look, heights, place), 0.8 * _fly(heights, place))
        colours = colours * (1 - (0.3 if denim else 0.35) * lines)[:, None]
        if denim and sum(look.colour) > 150:  # stitches show on all but black denim
            colours = blend(colours, 0.4 * lines, _STITCH)
    if tailored:  # a pressed crease
        crease = near(place.angle * _LEG_RADIUS, 0.05) * (place.y < heights.crotch + 0.4)
        colours = colours * (1 + 0.13 * crease)[:, None]
    if look.pattern == "side stripe":
        stripe = (np.abs(place.angle - 1.57) * _LEG_RADIUS < 0.14) & (place.y < heights.crotch)
        stripe |= (np.abs(place.z - 0.12) < 0.14) & (place.across > 1.2) & (place.y >= heights.crotch)
        colours = blend(colours, 0.9 * stripe, (235, 235, 232))
    between = np.exp(-(((place.angle + 1.57) / 0.55) ** 2)) * (place.y < heights.crotch + 0.35)
    colours = colours * (1 - 0.32 * between)[:, None]  # little light falls between the legs
    return _hem(look, heights, knee, place, _waist(look, heights, place, colours))


def _hem(look: LowerLook, heights: Heights, knee: float, place: Place, colours: Colours) -> Colours:
    """Turned-up cuffs, ribbed cuffs, frayed or stitched hems, and the fringe of tears."""
    above = place.y - heights.hem
    if look.cuff:
        inner = np.array(look.colour, np.float32) * (0.6 if look.fabric == "denim" else 0.95)
        colours = blend(colours, 0.8 * (above < 0.28), inner + (88 if look.fabric == "denim" else 8))
        colours = colours * (1 - 0.35 * near(above - 0.29, 0.035))[:, None]
    elif look.cut.name == "joggers":
        colours = colours * (1 - (above < 0.42) * (0.1 + 0.08 * np.sin(place.angle * 40)))[:, None]
    elif look.cut.name == "denim shorts":
        frayed = (above < 0.1 + 0.05 * np.sin(61 * place.angle)) * 0.6
        colours = blend(colours, frayed, (214, 216, 216))
    else:
        colours = colours * (1 - 0.16 * near(above - 0.13, _LINE))[:, None]
    if look.cut.name == "ripped jeans":
        depth = _torn(look, knee, place)
        colours = blend(colours, np.clip((depth + 0.45) / 0.4, 0, 0.9), (222, 222, 220))
    return colours
