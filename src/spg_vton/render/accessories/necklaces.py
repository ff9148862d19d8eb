"""Necklaces: a chain, a chain with a pendant, or beads, on skin and cloth alike; the label beneath stays."""

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit
from spg_vton.render.accessories.wearer import Fit, Wearer
from spg_vton.render.body import Canon
from spg_vton.render.glazing import KEEP
from spg_vton.render.surface import Surface, Values, Visible

_FIT, _BIAS = Fit(trunk=0.12, arm=0.12, smoothing=1), 0.44  # in front of any upper garment, behind hair and arms
_NAPE = 6.2  # canonical height at which the chain leaves the front, decimetres
_HALF = 0.72  # and how far from the middle


def _lowest(one: Accessory) -> float:
    """Canonical height of the chain's lowest point."""
    return {"chain": 5.0 - 0.3 * one.size, "pendant": 4.8 - 1.2 * one.size, "beads": 5.1 - 0.3 * one.size}[one.style]


def _above(one: Accessory, x: np.ndarray, y: np.ndarray) -> Float[np.ndarray, " n"]:
    """Signed distance from the chain's line, positive inside the loop; decimetres."""
    low = _lowest(one)
    power = 1.5 if one.style == "pendant" else 1.9
    u = np.abs(x) / _HALF
    line = low + (_NAPE - low) * u**power
    steep = (_NAPE - low) * power * u ** (power - 1) / _HALF
    return (y - line) / np.sqrt(1 + steep**2)


def necklace_surface(wearer: Wearer, one: Accessory) -> Surface:
    """The visible front part."""
    low = _lowest(one)
    shell, canon = wearer.shell(_FIT)
    half = {"chain": 0.05, "pendant": 0.034, "beads": 0.1}[one.style]
    pendant = (0.0, low - 0.13, 0.13)
    metal = as_colour(one.colour)

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        front = (z > 0.05) & (y < _NAPE) & (values[:, Canon.ARM] < 0.3)
        on = np.abs(_above(one, x, y)) < half
        if one.style == "beads":
            on &= np.abs(np.mod(5.5 * _along(x, y), 1) - 0.5) < 0.44
        if one.style == "pendant":
            on |= (x - pendant[0]) ** 2 + (0.8 * (y - pendant[1])) ** 2 < pendant[2] ** 2
        return front & on

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y = seen.values[:, Canon.X], seen.values[:, Canon.Y]
        links = 0.95 + 0.15 * np.sin(2 * np.pi * 7 * _along(x, y)) * (one.style != "beads")
        round_ = np.clip(_above(one, x, y) / half, -1, 1) * (one.style != "pendant")
        colours = lit(metal * links[:, None], seen, np.stack([np.zeros_like(x), 0.6 * round_], axis=1), gloss=0.3)
        return colours, np.full(len(x), KEEP)

    return Surface(shell, wearer.body.tights, canon, paint, covers, _BIAS)


def _along(x: np.ndarray, y: np.ndarray) -> Float[np.ndarray, " n"]:
    """A length that grows along the chain, decimetres."""
    return np.hypot(x, y - _NAPE)
