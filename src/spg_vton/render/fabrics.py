"""Fabrics: the relief of yarn and weave, as brightness, along the cloth."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.flat_layout import SIZE, FlatLayout
from spg_vton.render.prints.plane import TILE, Plane, cloth_plane, phase, repeating_noise

_TILES = -(-SIZE // TILE)


@dataclass(frozen=True, slots=True)
class Fabric:
    """How a cloth looks from near.

    Attributes:
        grain: irregularity of yarn and surface, as a share of the brightness.
        relief: depth of the structure (ribs, cables, holes), as a share of the brightness.
        ribbing: width of knitted ribs, decimetres; 0 where there are none.
        sheen: strength of soft highlights.
    """

    grain: float
    relief: float = 0.0
    ribbing: float = 0.0
    sheen: float = 0.0


FABRICS: dict[str, Fabric] = {
    "jersey": Fabric(grain=0.016),
    "fine knit": Fabric(grain=0.02, relief=0.05, ribbing=0.07),
    "rib": Fabric(grain=0.015, relief=0.2, ribbing=0.14),
    "cable": Fabric(grain=0.035, relief=0.3, ribbing=0.16),
    "chunky": Fabric(grain=0.04, relief=0.26, ribbing=0.2),
    "denim": Fabric(grain=0.045, relief=0.2),
    "linen": Fabric(grain=0.028, relief=0.03),
    "satin": Fabric(grain=0.004, sheen=0.14),
    "fleece": Fabric(grain=0.028),
    "mesh": Fabric(grain=0.01, relief=0.4),
}
_CABLE_PITCH, _CABLE_TURN = 0.95, 0.75  # of a cable's column and of one of its crossings, decimetres
_MESH_PITCH = 0.15


def _ribs(plane: Plane, width: float) -> np.ndarray:
    """Rounded ribs along the body, -1 to 1."""
    return np.abs(np.sin(np.pi * plane.across / width)) ** 0.7 * 2 - 1


def _cables(plane: Plane, rib: float) -> np.ndarray:
    """Two strands that cross in turn, in columns with purl ribs between."""
    x = (phase(plane.across, _CABLE_PITCH) - 0.5) * _CABLE_PITCH
    wave = np.sin(2 * np.pi * plane.down / _CABLE_TURN)
    strands = [
        0.34 - np.abs(x - side * 0.11 * wave) * 3.2 + 0.1 * side * np.cos(2 * np.pi * plane.down / _CABLE_TURN)
        for side in (-1, 1)
    ]
    cable = np.clip(np.maximum(*strands) * 3.4, -1, 1)
    return np.where(np.abs(x) < 0.26, cable, 0.5 * _ribs(plane, rib) - 0.2)


def _stitches(plane: Plane, width: float) -> np.ndarray:
    """Rows of V-shaped stitches."""
    column = np.abs(phase(plane.across, width) - 0.5)
    return np.sin(2 * np.pi * (plane.down / (0.75 * width) - 0.9 * column)) * 0.7 + (0.5 - 2 * column) * 0.6


def _mesh(plane: Plane) -> np.ndarray:
    odd = np.mod(np.floor(plane.down / _MESH_PITCH), 2) / 2
    x, y = np.mod(plane.across / _MESH_PITCH + odd, 1) - 0.5, phase(plane.down, _MESH_PITCH) - 0.5
    return -np.clip(2.2 - 8 * np.hypot(x, y), 0, 1)


def _faded(plane: Plane, rng: np.random.Generator) -> np.ndarray:
    """Denim's wear: pale in patches and along the seams, darker beneath the arms."""
    patches = plane.repeat(repeating_noise(rng, 1.1))
    middle = np.exp(-((np.abs(plane.u) - 0.9) ** 2) - (plane.v - 3.0) ** 2 / 6)
    return 0.12 * patches + 0.45 * np.where(plane.on_arm, np.exp(-(plane.across**2) * 2), middle) - 0.2


def _structure(fabric: str, plane: Plane, rng: np.random.Generator) -> np.ndarray:
    """Height of the structure, about -1 to 1."""
    rib = FABRICS[fabric].ribbing
    match fabric:
        case "cable":
            return _cables(plane, rib)
        case "chunky":
            return _stitches(plane, rib)
        case "rib" | "fine knit":
            return _ribs(plane, rib)
        case "mesh":
            return _mesh(plane)
        case "denim":
            return np.sin(2 * np.pi * (plane.across + plane.down) / 0.06) * 0.2 + 1.6 * _faded(plane, rng)
        case "linen":
            return plane.repeat(0.6 * repeating_noise(rng, (0.02, 0.5))) + plane.repeat(
                0.6 * repeating_noise(rng, (0.5, 0.02))
            )
    return np.zeros_like(plane.u)


def _grain(fabric: str, plane: Plane, rng: np.random.Generator) -> np.ndarray:
    """Irregularity of deviation 1."""
    if fabric == "fleece":
        return 0.7 * plane.repeat(repeating_noise(rng, 0.09)) + 0.5 * plane.repeat(repeating_noise(rng, 0.03))
    if fabric in ("linen", "denim"):
        return plane.repeat(repeating_noise(rng, (0.02, 0.1)))
    return np.tile(repeating_noise(rng, 0.025), (_TILES, _TILES))[:SIZE, :SIZE]  # too fine to follow the cloth


def fabric_relief(
    fabric: str, layout: FlatLayout, side: int, sleeves: bool, rng: np.random.Generator
) -> Float[np.ndarray, "S S 1"]:
    """By how much a fabric's structure brightens or darkens each pixel of a panel, about 1."""
    plane, look = cloth_plane(layout, side, sleeves), FABRICS[fabric]
    relief = 1 + look.grain * _grain(fabric, plane, rng)
    if look.relief:
        relief += look.relief * 0.5 * _structure(fabric, plane, rng)
    if look.sheen:
        folds = plane.repeat(repeating_noise(rng, (1.6, 0.35)))
        relief += look.sheen * np.clip(folds, -0.6, 1.6)
    return np.clip(relief, 0.4, 1.6)[..., None].astype(np.float32)
