"""What arms do: hang, swing, rest on the hip or in a pocket, fold, touch hair or collar, rise."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from spg_vton.render.arm_postures import (
    BEHIND,
    BEHIND_OVER,
    BENT,
    COLLAR,
    FIST,
    HAIR,
    HANG,
    HELD,
    HIP,
    HOLD,
    NAPE,
    OUT,
    OVER,
    OVERHEAD,
    POCKET,
    RAISED,
    THIGH,
    THUMB,
    UNDER,
    Arm,
    Triple,
)
from spg_vton.render.body import SIDES
from spg_vton.render.hands import Curl, sample_curl
from spg_vton.render.stances import Stance

#: How often each gesture is drawn, relative to the others, in views from the front and from behind.
FRONT_GESTURES: Mapping[str, float] = {
    "hang": 5.0,
    "hip": 1.7,
    "hips": 0.9,
    "pocket": 1.6,
    "pockets": 1.0,
    "thumb": 0.7,
    "crossed": 0.5,
    "behind": 0.7,
    "hair": 0.6,
    "collar": 0.4,
    "raised": 0.35,
    "both_raised": 0.2,
    "clasped": 0.6,
    "thigh": 0.6,
    "bent": 0.6,
}  # fmt: skip
BACK_GESTURES: Mapping[str, float] = {
    "hang": 6.0,
    "hip": 1.6,
    "hips": 0.7,
    "pocket": 0.9,
    "pockets": 0.5,
    "behind": 0.7,
    "hair": 0.4,
    "raised": 0.2,
    "both_raised": 0.2,
    "bent": 0.3,
}  # fmt: skip

#: Mean bend of the fingers, degrees.
_FIST_CURL, _FLAT_CURL, _RELAXED_CURL = 75.0, 4.0, 12.0
#: Jitter of directions and of touched places (decimetres).
_DIRECTION_JITTER, _PLACE_JITTER = 0.07, 0.09


def _vary(arm: Arm, rng: np.random.Generator) -> Arm:
    """The same gesture, a little different each time."""
    upper, lower, fingers, palm = (
        _moved(of, rng, _DIRECTION_JITTER) for of in (arm.upper, arm.lower, arm.fingers, arm.palm)
    )
    touch = arm.touch and replace(arm.touch, place=_moved(arm.touch.place, rng, _PLACE_JITTER))
    return replace(arm, upper=upper, lower=lower, fingers=fingers, palm=palm, touch=touch)


def _moved(triple: Triple, rng: np.random.Generator, spread: float) -> Triple:
    x, y, z = np.array(triple) + rng.normal(0, spread, 3)
    return float(x), float(y), float(z)


def _hanging(stance: Stance, side: str, rng: np.random.Generator) -> Arm:
    """Arms hang; in walking they swing against the legs."""
    bend, out = rng.uniform(0.02, 0.4), rng.uniform(0.1, 0.3)
    swing = 0.28 * (-stance.feet[side].ahead) if stance.kind == "walk" else rng.normal(0, 0.07)
    x, y, _ = HANG.lower
    forward = swing + bend + 0.25 * max(swing, 0.0)
    turned = float(rng.uniform(-0.35, 0.5))  # from the thumb's side to the back of the hand in front
    return replace(
        HANG, upper=(out, -1, HANG.upper[2] + swing), lower=(x, y, forward), fingers=(HANG.fingers[0], -1, forward),
        palm=(-1, -0.1, HANG.palm[2] - turned),
    )  # fmt: skip


def _pair(gesture: str, rng: np.random.Generator) -> tuple[Arm | None, Arm | None]:
    """The acting arm and the other one; None hangs."""
    second = bool(rng.random() < 0.5)
    match gesture:
        case "hip":
            return (FIST if second else HIP), (POCKET if rng.random() < 0.12 else None)
        case "hips":
            return (FIST, FIST) if second else (HIP, HIP)
        case "pocket":
            return POCKET, None
        case "pockets":
            return POCKET, POCKET
        case "thumb":
            return THUMB, (THUMB if second else None)
        case "crossed":
            return UNDER, OVER
        case "behind":
            return BEHIND, (BEHIND_OVER if second else None)
        case "hair":
            return (NAPE if second else HAIR), (HIP if rng.random() < 0.25 else None)
        case "collar":
            return COLLAR, None
        case "raised":
            return (OUT if second else RAISED), None
        case "both_raised":
            return (OVERHEAD, OVERHEAD) if second else (RAISED, RAISED)
        case "clasped":
            return HELD, HOLD
        case "thigh":
            return THIGH, (THIGH if second else None)
        case "bent":
            return BENT, (BENT if second else None)
    return None, None


def sample_arms(
    view: str, stance: Stance, rng: np.random.Generator, pockets: bool
) -> tuple[str, dict[str, Arm], dict[str, Curl]]:
    """Draw the gesture, both arms (in the order in which they are posed) and the fingers."""
    odds = dict(BACK_GESTURES if view == "back" else FRONT_GESTURES)
    if not pockets:
        odds = {name: share for name, share in odds.items() if name not in ("pocket", "pockets", "thumb")}
    shares = np.array(list(odds.values()))
    gesture = str(rng.choice(list(odds), p=shares / shares.sum()))
    first = str(rng.choice(SIDES))
    sides = (first, SIDES[1 - SIDES.index(first)])
    arms, curls = {}, {}
    for side, arm in zip(sides, _pair(gesture, rng), strict=True):
        if arm is not None and arm.hidden and not pockets:
            arm = None
        arms[side] = _vary(arm if arm is not None else _hanging(stance, side, rng), rng)
        curls[side] = sample_curl(
            rng, mean=_FIST_CURL if arm is FIST else _FLAT_CURL if arm in (HIP, UNDER, OVER) else _RELAXED_CURL
        )
    return gesture, arms, curls
