"""Rotations, frames and the two-bone limb: the small geometry that posing needs.

Convention: x to the person's left, y up, z to the front; matrices act on column vectors.
"""

import math

import numpy as np
from jaxtyping import Float

Vector = Float[np.ndarray, " 3"]
Rotation = Float[np.ndarray, "3 3"]

_TINY = 1e-9
_SHORTEST, _LONGEST = 0.25, 0.999  # of a limb's length, between its ends: fully bent, and never quite locked


def turn(axis: str, degrees: float) -> Rotation:
    """Rotation about the axis ``x``, ``y`` or ``z``."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    match axis:
        case "x":
            return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
        case "y":
            return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
        case "z":
            return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    raise ValueError(f"axis must be x, y or z, got {axis!r}")


def unit_vector(vector: Vector) -> Vector:
    """The vector scaled to length 1."""
    return vector / (math.sqrt(vector @ vector) + _TINY)


def cross(a: Vector, b: Vector) -> Vector:
    """Cross product; numpy's own is slow for single vectors."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def rotation_about(axis: Vector, degrees: float) -> Rotation:
    """Rotation about any axis, right-handed."""
    x, y, z = unit_vector(axis)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = math.radians(degrees)
    return np.eye(3) + math.sin(angle) * skew + (1 - math.cos(angle)) * skew @ skew


def rotation_between(source: Vector, target: Vector) -> Rotation:
    """The shortest rotation that takes one direction to another."""
    a, b = unit_vector(source), unit_vector(target)
    x, y, z = cross(a, b)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + skew + skew @ skew / (1 + a @ b + _TINY)


def frame_of(direction: Vector, side: Vector) -> Rotation:
    """Columns: the direction, the part of ``side`` across it, and their cross product."""
    first = unit_vector(direction)
    second = unit_vector(side - (side @ first) * first)
    return np.stack([first, second, cross(first, second)], axis=1)


def degrees_between(a: Vector, b: Vector) -> float:
    """Angle between two directions, 0 to 180."""
    return math.degrees(math.acos(float(np.clip(unit_vector(a) @ unit_vector(b), -1, 1))))


def twist_between(axis: Vector, source: Vector, target: Vector) -> float:
    """Degrees by which ``source`` turns about ``axis`` to lie in the plane of axis and target; -180 to 180."""
    along = unit_vector(axis)
    a, b = source - (source @ along) * along, target - (target @ along) * along
    return math.degrees(math.atan2(cross(a, b) @ along, a @ b))


def bent_towards(direction: Vector, limit_of: Vector, degrees: float) -> Vector:
    """``direction``, or the nearest one to it within so many degrees of ``limit_of``."""
    angle = degrees_between(limit_of, direction)
    if angle <= degrees:
        return unit_vector(direction)
    return rotation_about(cross(limit_of, direction), degrees) @ unit_vector(limit_of)


def two_bones(start: Vector, end: Vector, lengths: tuple[float, float], pole: Vector) -> tuple[Vector, Vector]:
    """Bend a limb of two bones so that it reaches from ``start`` to ``end``, its middle joint towards ``pole``.

    Returns:
        The directions of both bones. What lies too near or too far is reached for, not reached.
    """
    upper, lower = lengths
    span = end - start
    reach = float(np.clip(math.sqrt(span @ span), _SHORTEST * (upper + lower), _LONGEST * (upper + lower)))
    along = unit_vector(span)
    across = unit_vector(pole - (pole @ along) * along)
    ahead = (upper**2 - lower**2 + reach**2) / (2 * reach)
    middle = ahead * along + math.sqrt(max(upper**2 - ahead**2, 0.0)) * across
    return unit_vector(middle), unit_vector(reach * along - middle)
