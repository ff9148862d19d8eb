"""Postures of one arm: where it points, or what its hand touches; all for the left arm."""

from dataclasses import dataclass, replace

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


_AHEAD: Triple = (0.0, 0.1, 1.0)
_BACKWARDS: Triple = (0.0, 0.0, -1.0)
HANG = Arm(upper=(0.2, -1, -0.06), lower=(0.1, -1, 0.22), fingers=(0.02, -1, 0.12), palm=(-1, -0.1, -0.35))
HIP = Arm(
    upper=(1.0, -0.35, -0.55), lower=(0, 0, 1), fingers=(-0.45, -0.55, 0.75), palm=(-0.9, -0.35, -0.2),
    touch=Touch("trunk", (1.45, 0.95, 0.25), 0.03),
)  # fmt: skip
FIST = replace(
    HIP,
    fingers=(-0.5, -0.4, -0.6),
    palm=(-0.5, 0.1, -0.85),
    touch=Touch("trunk", (1.5, 1.1, 0.1), 0.06, out=(1.0, 0.0, -0.1)),
)
POCKET = Arm(
    upper=(1.0, -0.5, -0.6), lower=(0, 0, 1), fingers=(-0.25, -1, 0.3), palm=(-0.5, -0.05, -1.0),
    touch=Touch("trunk", (1.5, -0.15, 0.8), -0.24), hidden=True,
)  # fmt: skip
THUMB = replace(
    POCKET, fingers=(-0.3, -1, 0.25), palm=(-0.8, 0, -0.7), touch=Touch("trunk", (1.55, 0.1, 0.55), 0.12), hidden=False
)
BEHIND = Arm(
    upper=(0.75, -0.7, -0.6), lower=(0, 0, -1), fingers=(-1, -0.35, 0.05), palm=(0, 0.05, -1),
    touch=Touch("trunk", (0.1, 1.0, -1.0), 0.25, out=_BACKWARDS),
)  # fmt: skip
BEHIND_OVER = replace(BEHIND, fingers=(-1, -0.1, 0), touch=Touch("trunk", (0.0, 1.35, -1.0), 0.6, out=_BACKWARDS))
HAIR = Arm(
    upper=(1, -0.05, 0.1), lower=(0, 1, 0), fingers=(-0.55, 0.75, -0.35), palm=(-0.8, -0.2, -0.2), shrug=10,
    touch=Touch("head", (0.75, 7.6, 0.2), -0.06),
)  # fmt: skip
NAPE = replace(HAIR, fingers=(-0.75, 0.25, -0.55), touch=Touch("head", (0.65, 7.0, -0.35), 0.02), shrug=12)
COLLAR = Arm(
    upper=(0.45, -1, 0.15), lower=(0, 1, 0), fingers=(-0.8, 0.6, -0.1), palm=(-0.2, 0.1, -1),
    touch=Touch("trunk", (0.5, 4.9, 0.9), 0.2, out=_AHEAD),
)  # fmt: skip
RAISED = Arm(upper=(0.75, 0.72, 0.12), lower=(-0.35, 1, 0.05), fingers=(-0.35, 0.9, 0.1), palm=(-0.3, 0, 1), shrug=20)
OVERHEAD = replace(RAISED, upper=(0.8, 0.7, 0.1), lower=(-0.95, 0.45, -0.1), fingers=(-1, 0, -0.1), palm=(0, -1, 0.1))
OUT = Arm(upper=(1, -0.15, 0.05), lower=(1, -0.1, 0.2), fingers=(1, -0.1, 0.2), palm=(0, -1, 0.2), shrug=4)
THIGH = Arm(
    upper=(0.7, -0.8, -0.3), lower=(0, 0, 1), fingers=(-0.35, -1, 0.25), palm=(-0.5, 0, -0.9),
    touch=Touch("trunk", (1.35, -0.85, 0.85), 0.14),
)  # fmt: skip
BENT = Arm(upper=(0.16, -1, -0.05), lower=(-0.5, -0.15, 1), fingers=(-0.5, -0.1, 0.9), palm=(-0.75, -0.5, -0.2))
OVER = Arm(
    upper=(0.5, -1, 0.3), lower=(0, 0, 1), fingers=(-1, 0.25, -0.15), palm=(0, -0.1, -1), shrug=2,
    touch=Touch("trunk", (-0.9, 2.8, 1.1), 1.05, out=_AHEAD),
)  # fmt: skip
UNDER = replace(
    OVER, fingers=(-1, 0.1, -0.15), palm=(0.1, 0, -1), touch=Touch("trunk", (-0.8, 2.95, 1.1), 0.4, out=_AHEAD)
)
HELD = Arm(
    upper=(0.9, -0.8, 0.0), lower=(0, 0, 1), fingers=(-0.5, -1, 0.1), palm=(-0.2, 0, -1),
    touch=Touch("trunk", (0.1, -0.1, 1.1), 0.3, out=_AHEAD),
)  # fmt: skip
HOLD = Arm(
    upper=(0.9, -0.8, 0.0), lower=(0, 0, 1), fingers=(-0.8, -0.55, -0.05), palm=(-0.2, -0.1, -1),
    touch=Touch("arm", (-4.35, 2.4, 1.45), 0.32, out=_AHEAD),
)  # fmt: skip
