"""What arms do: hang, swing, rest on the hip or in a pocket, fold, touch hair or collar, rise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from spg_vton.render.body import SIDES
from spg_vton.render.hands import Curl, sample_curl
from spg_vton.render.stances import Stance

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Touch:
    """A place on the body that a hand goes to, on the left of the template (decimetres) unless x is negative.

    Attributes:
        part: ``trunk``, ``head`` or ``arm`` (the other one).
        place: canonical position, for the left hand.
        gap: decimetres between the palm and that place, along the outward normal; negative is inside.
        out: the outward direction, for the left hand and relative to the chest; the surface's normal if None.
    """

    part: str
    place: Triple
    gap: float
    out: Triple | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm, for the left; directions relative to the chest.

    Attributes:
        upper: direction of the upper arm; where the hand touches something, where the elbow points.
        lower: direction of the forearm; unused where the hand touches something.
        fingers: where the fingers point.
        palm: where the palm faces.
        shrug: degrees by which the shoulder is raised.
        touch: what the hand touches, if anything.
        hidden: whether the hand is inside a pocket, so that it may pierce the clothes.
    """

    upper: Triple
    lower: Triple
    fingers: Triple
    palm: Triple
    shrug: float = 0.0
    touch: Touch | None = None
    hidden: bool = False


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

_AHEAD: Triple = (0.0, 0.1, 1.0)
_BACKWARDS: Triple = (0.0, 0.0, -1.0)
_HANG = Arm(upper=(0.2, -1, -0.06), lower=(0.1, -1, 0.22), fingers=(0.02, -1, 0.12), palm=(-1, -0.1, -0.35))
_HIP = Arm(
    upper=(1.0, -0.35, -0.55), lower=(0, 0, 1), fingers=(-0.45, -0.55, 0.75), palm=(-0.9, -0.35, -0.2),
    touch=Touch("trunk", (1.45, 0.95, 0.25), 0.03),
)  # fmt: skip
_FIST = replace(
    _HIP,
    fingers=(-0.5, -0.4, -0.6),
    palm=(-0.5, 0.1, -0.85),
    touch=Touch("trunk", (1.5, 1.1, 0.1), 0.25, out=(1.0, 0.0, -0.1)),
)
_POCKET = Arm(
    upper=(1.0, -0.5, -0.6), lower=(0, 0, 1), fingers=(-0.25, -1, 0.3), palm=(-0.5, -0.05, -1.0),
    touch=Touch("trunk", (1.5, -0.15, 0.8), -0.24), hidden=True,
)  # fmt: skip
_THUMB = replace(
    _POCKET, fingers=(-0.3, -1, 0.25), palm=(-0.8, 0, -0.7), touch=Touch("trunk", (1.55, 0.1, 0.55), 0.12), hidden=False
)
_BEHIND = Arm(
    upper=(0.75, -0.7, -0.6), lower=(0, 0, -1), fingers=(-1, -0.35, 0.05), palm=(0, 0.05, -1),
    touch=Touch("trunk", (0.1, 1.0, -1.0), 0.25, out=_BACKWARDS),
)  # fmt: skip
_BEHIND_OVER = replace(_BEHIND, fingers=(-1, -0.1, 0), touch=Touch("trunk", (0.0, 1.35, -1.0), 0.6, out=_BACKWARDS))
_HAIR = Arm(
    upper=(1, -0.05, 0.1), lower=(0, 1, 0), fingers=(-0.55, 0.75, -0.35), palm=(-0.8, -0.2, -0.2), shrug=10,
    touch=Touch("head", (0.75, 7.6, 0.2), -0.06),
)  # fmt: skip
_NAPE = replace(_HAIR, fingers=(-0.75, 0.25, -0.55), touch=Touch("head", (0.65, 7.0, -0.35), 0.02), shrug=12)
_COLLAR = Arm(
    upper=(0.45, -1, 0.15), lower=(0, 1, 0), fingers=(-0.8, 0.6, -0.1), palm=(-0.2, 0.1, -1),
    touch=Touch("trunk", (0.5, 4.9, 0.9), 0.2, out=_AHEAD),
)  # fmt: skip
_RAISED = Arm(upper=(0.75, 0.72, 0.12), lower=(-0.35, 1, 0.05), fingers=(-0.35, 0.9, 0.1), palm=(-0.3, 0, 1), shrug=20)
_OVERHEAD = replace(_RAISED, upper=(0.8, 0.7, 0.1), lower=(-0.95, 0.45, -0.1), fingers=(-1, 0, -0.1), palm=(0, -1, 0.1))
_OUT = Arm(upper=(1, -0.15, 0.05), lower=(1, -0.1, 0.2), fingers=(1, -0.1, 0.2), palm=(0, -1, 0.2), shrug=4)
_THIGH = Arm(
    upper=(0.7, -0.8, -0.3), lower=(0, 0, 1), fingers=(-0.35, -1, 0.25), palm=(-0.5, 0, -0.9),
    touch=Touch("trunk", (1.35, -0.85, 0.85), 0.14),
)  # fmt: skip
_BENT = Arm(upper=(0.16, -1, -0.05), lower=(-0.5, -0.15, 1), fingers=(-0.5, -0.1, 0.9), palm=(-0.75, -0.5, -0.2))
_OVER = Arm(
    upper=(0.5, -1, 0.3), lower=(0, 0, 1), fingers=(-1, 0.25, -0.15), palm=(0, -0.1, -1), shrug=2,
    touch=Touch("trunk", (-0.9, 2.8, 1.1), 1.05, out=_AHEAD),
)  # fmt: skip
_UNDER = replace(
    _OVER, fingers=(-1, 0.1, -0.15), palm=(0.1, 0, -1), touch=Touch("trunk", (-0.8, 2.95, 1.1), 0.4, out=_AHEAD)
)
_HELD = Arm(
    upper=(0.9, -0.8, 0.0), lower=(0, 0, 1), fingers=(-0.5, -1, 0.1), palm=(-0.2, 0, -1),
    touch=Touch("trunk", (0.1, -0.1, 1.1), 0.3, out=_AHEAD),
)  # fmt: skip
_HOLD = Arm(
    upper=(0.9, -0.8, 0.0), lower=(0, 0, 1), fingers=(-0.8, -0.55, -0.05), palm=(-0.2, -0.1, -1),
    touch=Touch("arm", (-4.35, 2.4, 1.45), 0.32, out=_AHEAD),
)  # fmt: skip
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
    x, y, _ = _HANG.lower
    forward = swing + bend + 0.25 * max(swing, 0.0)
    turned = float(rng.uniform(-0.35, 0.5))  # from the thumb's side to the back of the hand in front
    return replace(
        _HANG, upper=(out, -1, _HANG.upper[2] + swing), lower=(x, y, forward), fingers=(_HANG.fingers[0], -1, forward),
        palm=(-1, -0.1, _HANG.palm[2] - turned),
    )  # fmt: skip


def _pair(gesture: str, rng: np.random.Generator) -> tuple[Arm | None, Arm | None]:
    """The acting arm and the other one; None hangs."""
    second = bool(rng.random() < 0.5)
    match gesture:
        case "hip":
            return (_FIST if second else _HIP), (_POCKET if rng.random() < 0.12 else None)
        case "hips":
            return (_FIST, _FIST) if second else (_HIP, _HIP)
        case "pocket":
            return _POCKET, None
        case "pockets":
            return _POCKET, _POCKET
        case "thumb":
            return _THUMB, (_THUMB if second else None)
        case "crossed":
            return _UNDER, _OVER
        case "behind":
            return _BEHIND, (_BEHIND_OVER if second else None)
        case "hair":
            return (_NAPE if second else _HAIR), (_HIP if rng.random() < 0.25 else None)
        case "collar":
            return _COLLAR, None
        case "raised":
            return (_OUT if second else _RAISED), None
        case "both_raised":
            return (_OVERHEAD, _OVERHEAD) if second else (_RAISED, _RAISED)
        case "clasped":
            return _HELD, _HOLD
        case "thigh":
            return _THIGH, (_THIGH if second else None)
        case "bent":
            return _BENT, (_BENT if second else None)
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
            rng, mean=_FIST_CURL if arm is _FIST else _FLAT_CURL if arm in (_HIP, _UNDER, _OVER) else _RELAXED_CURL
        )
    return gesture, arms, curls
