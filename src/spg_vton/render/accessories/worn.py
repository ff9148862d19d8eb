"""All that a person wears besides clothes, as surfaces and glazes to draw."""

import dataclasses
from collections.abc import Callable, Iterable

import numpy as np
from jaxtyping import Bool

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.accessories.bags import bag_surfaces
from spg_vton.render.accessories.coats import coat_surfaces
from spg_vton.render.accessories.glasses import CLEAR, frame_surfaces, lenses_surface
from spg_vton.render.accessories.gloves import glove_surface
from spg_vton.render.accessories.hats import hat_surfaces, is_under_hat
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.necklaces import necklace_surface
from spg_vton.render.accessories.scarves import scarf_surfaces
from spg_vton.render.accessories.wearer import Wearer
from spg_vton.render.body import Body, Canon, load_body
from spg_vton.render.glazing import Glaze
from spg_vton.render.mesh import Points
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Surface, Values

_COAT_THICKNESS = 0.4  # decimetres


def _surfaces(wearer: Wearer, one: Accessory) -> list[Surface]:
    match one.kind:
        case NoiseKind.GLASSES:
            lenses = [lenses_surface(wearer, one)] if one.style == "sun" else []
            return frame_surfaces(wearer, one) + lenses
        case NoiseKind.BAG:
            return bag_surfaces(wearer, one)
        case NoiseKind.HAT:
            return hat_surfaces(wearer, one)
        case NoiseKind.SCARF:
            return scarf_surfaces(wearer, one)
        case NoiseKind.GLOVES:
            return [glove_surface(wearer, one)]
        case NoiseKind.COAT:
            return coat_surfaces(wearer, one)
    return []


def accessory_surfaces(body: Body, points: Points, motion: Motion, extras: Iterable[Accessory]) -> list[Surface]:
    """Posed meshes of accessories; ``points`` is the person's rest shape."""
    wearer = Wearer(body, points, motion)
    return [surface for one in extras for surface in _surfaces(wearer, one)]


def accessory_glazes(body: Body, points: Points, motion: Motion, extras: Iterable[Accessory]) -> list[Glaze]:
    """Lenses and necklaces, laid over what is seen."""
    wearer = Wearer(body, points, motion)
    glazes = []
    for one in extras:
        if one.kind == NoiseKind.NECKLACE:
            glazes.append(Glaze(necklace_surface(wearer, one), opacity=1.0))
        elif one.kind == NoiseKind.GLASSES and one.style == "clear":
            glazes.append(Glaze(lenses_surface(wearer, one), opacity=CLEAR))
    return glazes


def arrange_hair(hair: list[Surface], extras: Iterable[Accessory]) -> list[Surface]:
    """Hair without the part that a hat presses flat, and long hair laid over a coat."""
    for one in extras:
        if one.kind == NoiseKind.HAT:
            hair = [_outside_hat(surface, one) for surface in hair]
        if one.kind == NoiseKind.COAT:
            hair = [part for surface in hair for part in _laid_over(surface)]
    return hair


def _within(surface: Surface, place: Callable[[Values], Bool[np.ndarray, " n"]], bias: float = 0.0) -> Surface:
    """The part of a surface in a place, drawn ``bias`` decimetres nearer."""

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        inside = place(values)
        return inside if surface.covers is None else inside & surface.covers(values)

    return dataclasses.replace(surface, covers=covers, bias=surface.bias + bias)


def _laid_over(surface: Surface) -> list[Surface]:
    """A hair surface whose part below the neck lies on what is worn there."""
    neck = load_body().landmarks.neck - 0.3
    above = _within(surface, lambda values: values[:, Canon.Y] >= neck)
    return [above, _within(surface, lambda values: values[:, Canon.Y] < neck, bias=_COAT_THICKNESS)]


def _outside_hat(surface: Surface, hat: Accessory) -> Surface:
    return _within(surface, lambda values: ~is_under_hat(hat, values))
