"""The fit of a garment: its rest shape on a body, looser where its cut says so."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.body import Body
from spg_vton.render.cloth import WAISTBAND
from spg_vton.render.draping import around_axis, draped_radii
from spg_vton.render.flat_layout import JOIN, FlatLayout
from spg_vton.render.garments import Garment
from spg_vton.render.mesh import Points, inflate, vertex_normals
from spg_vton.render.silhouettes import SLEEVE_END

#: Canonical heights at which the ease of the trunk is given, from shoulder to ankle, decimetres.
_HEIGHTS = (5.2, 4.2, 3.2, 2.5, 1.3, 0.0, -6.6)
#: Distance between cloth and skin at these heights, decimetres.
_TRUNK_EASE = {
    "close": (0.06, 0.07, 0.07, 0.07, 0.08, 0.10, 0.25),
    "regular": (0.07, 0.13, 0.17, 0.20, 0.20, 0.16, 0.35),
    "boxy": (0.10, 0.28, 0.48, 0.58, 0.58, 0.52, 0.6),
    "flared": (0.06, 0.08, 0.13, 0.22, 0.48, 0.80, 2.00),
    "peplum": (0.06, 0.07, 0.06, 0.06, 0.55, 0.85, 2.20),
}
#: How much narrower a ring of cloth may be than the one above it, decimetres a decimetre.
_FALL = {"close": 1.6, "regular": 0.4, "boxy": 0.12, "flared": 0.6, "peplum": 2.0}
#: Ease along a sleeve, from the armhole to its end.
_SLEEVE_EASE = {
    "slim": (0.07, 0.08, 0.08, 0.08, 0.08),
    "regular": (0.09, 0.12, 0.14, 0.15, 0.16),
    "wide": (0.14, 0.22, 0.30, 0.37, 0.44),
    "bell": (0.08, 0.09, 0.14, 0.36, 0.72),
    "puff": (0.30, 0.42, 0.42, 0.30, 0.06),
}
_SHORT_OPENING = 0.07  # how much further a short sleeve's end stands off
_BAND_HEIGHT, _BAND_EASE = 0.7, 0.08  # of an elastic hem
#: Cloth that goes into a waistband: from how far above it stays at the body, over which height it widens, its ease.
_TUCK_ABOVE, _TUCK_HEIGHT, _TUCK_EASE = 0.06, 0.4, 0.02
#: Inside the waistband cloth goes below the skin, so that the band lies over it: how deep, and over which height.
_TUCK_DEPTH, _TUCK_DIVE = 0.25, 0.2
_TOP, _FADE = 4.75, 0.7  # canonical height below which cloth hangs, and over which that sets in
_SMOOTHING = 5
_CLEARANCE = 0.07  # least distance between cloth and body, decimetres
_FOLDS, _FOLD_SHARE = 7, 0.2  # waves around a wide hem, and their height relative to the ease
_MEETING = 0.8  # decimetres above the join over which the trunk takes the skirt's shape


@dataclass(frozen=True, slots=True, eq=False)
class Drape:
    """A garment's rest shape on one person.

    Attributes:
        shell: where each vertex of the garment's surface lies, decimetres.
        ease: distance between cloth and body there.
    """

    shell: Points
    ease: Float[np.ndarray, " V"]


def _trunk_ease(garment: Garment, height: np.ndarray, tuck: float | None) -> np.ndarray:
    ease = garment.ease * np.interp(-height, [-h for h in _HEIGHTS], _TRUNK_EASE[garment.fit])
    if garment.hem_shape == "banded" and garment.kind == "top":
        ease = np.where(height < garment.hem + _BAND_HEIGHT, _BAND_EASE, ease)
    if tuck is not None:
        ease = np.interp(height, [tuck, tuck + _TUCK_HEIGHT], [0, 1]) * (ease - _TUCK_EASE) + _TUCK_EASE
        inside = np.interp(height, [tuck - _TUCK_ABOVE - _TUCK_DIVE, tuck - _TUCK_ABOVE], [1, 0])
        ease = ease - inside * _TUCK_DEPTH
    return ease


def _ease(garment: Garment, layout: FlatLayout, count: int, tuck: float | None) -> Float[np.ndarray, " V"]:
    """Distance between cloth and body at each vertex, by the garment's profiles of trunk and sleeves."""
    height, along, arm = layout.canon[:count, 1], layout.canon[:count, 3], layout.canon[:count, 4]
    end = SLEEVE_END.get(garment.sleeve, 1.0)
    shape = np.array(_SLEEVE_EASE[garment.sleeve_shape])
    if end < 1:
        shape = shape + np.linspace(0, _SHORT_OPENING, len(shape)) * (garment.sleeve_shape != "puff")
    sleeve = np.interp(along / end, np.linspace(0.05, 1, len(shape)), shape)
    return (1 - arm) * _trunk_ease(garment, height, tuck) + arm * sleeve * garment.ease


def _waves(garment: Garment, angle: np.ndarray, height: np.ndarray, ease: np.ndarray) -> np.ndarray:
    """Folds of a wide hem: they grow downwards with the ease."""
    rng = np.random.default_rng(garment.grain)
    first, second = rng.uniform(0, 2 * np.pi, 2)
    wave = np.cos(_FOLDS * angle + first + 0.3 * height) + 0.6 * np.cos((_FOLDS + 4) * angle + second)
    return _FOLD_SHARE * np.clip(ease - 0.25, 0, 1.1) * wave


def _hung(
    body: Body, garment: Garment, layout: FlatLayout, shell: Points, ease: np.ndarray, tuck: float | None
) -> Points:
    """Let the trunk and the skirt hang; cloth below ``tuck`` (a canonical height) stays at the body."""
    count, used = len(shell), np.unique(layout.faces)
    height, arm = layout.canon[:count, 1], layout.canon[:count, 4]
    lowest = body.landmarks.hip if garment.legs else -np.inf
    trunk = used[(arm[used] < 0.5) & (height[used] < _TOP) & (height[used] > lowest)]
    height, of_skirt = height[trunk], layout.of_skirt[trunk]
    axis_z = float(shell[trunk, 2].mean())
    around = around_axis(shell[trunk], axis_z)
    known = np.where(of_skirt, height < JOIN, height > JOIN - 0.1)
    now, then = draped_radii(around, known, _FALL[garment.fit])
    own = around.radius * np.maximum(then / np.maximum(now, 0.1), 1)
    # Where trunk and skirt meet, both take the grid's radius.
    alike = np.where(of_skirt, 1, np.clip((JOIN + _MEETING - height) / _MEETING, 0, 1) * (not garment.legs))
    wanted = alike * then + (1 - alike) * own + _waves(garment, around.angle, height, ease[trunk])
    fade = np.clip((_TOP - height) / _FADE, 0, 1)
    if tuck is not None:
        fade *= np.clip((height - tuck) / _TUCK_HEIGHT - 0.5, 0, 1)
    factor = 1 + (wanted / np.maximum(around.radius, 1e-6) - 1) * fade
    hung = shell.copy()
    hung[trunk, 0] *= factor
    hung[trunk, 2] = axis_z + (shell[trunk, 2] - axis_z) * factor
    return hung


def drape(body: Body, points: Points, garment: Garment, layout: FlatLayout, tucked: bool) -> Drape:
    """Fit a garment to a person's rest shape ``points``."""
    tuck = body.landmarks.pelvis + WAISTBAND + _TUCK_ABOVE if tucked else None
    ease = _ease(garment, layout, len(points), tuck)
    shell = inflate(points, layout.faces, ease, body.tights_mean, smoothing=0)
    trunk = np.unique(body.tights)
    for _ in range(_SMOOTHING):
        shell[trunk] = 0.5 * shell[trunk] + 0.5 * (body.tights_mean @ shell)[trunk]
    # Smoothing thins limbs: keep clear of the skin.
    normals = vertex_normals(points, layout.faces)
    clear = ((shell - points) * normals).sum(1)
    shell += normals * np.clip(np.minimum(ease, _CLEARANCE) - clear, 0, None)[:, None]
    return Drape(shell=_hung(body, garment, layout, shell, ease, tuck), ease=ease)
