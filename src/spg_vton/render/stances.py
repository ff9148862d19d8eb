"""How a person stands: feet on the ground, pelvis over them, spine and head above."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spg_vton.render.body import SIDES

#: How often each way of standing is drawn, relative to the others.
STANCES: Mapping[str, float] = {
    "catalogue": 4.0,
    "contrapposto": 5.0,
    "wide": 0.8,
    "walk": 1.4,
    "stagger": 1.4,
    "lean": 0.8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Foot:
    """Where a foot stands.

    Attributes:
        out: decimetres from the body's middle plane to the ankle.
        ahead: decimetres in front of the hips.
        toe_out: degrees by which the toes point outwards.
        heel_up: degrees by which the heel is raised, toes on the ground.
    """

    out: float
    ahead: float
    toe_out: float
    heel_up: float = 0.0


@dataclass(frozen=True, slots=True)
class Stance:
    """Feet and pelvis.

    Attributes:
        kind: one of ``STANCES``.
        feet: by side.
        shift: decimetres by which the pelvis moves to the person's left.
        ahead: decimetres by which it moves forward.
        tilt: degrees by which its left side is higher.
        swing: degrees by which it turns to the person's left.
        nod: degrees by which it tips forward.
        straight: length of each leg from hip to ankle at most, relative to the stretched leg, by side.
    """

    kind: str
    feet: dict[str, Foot]
    shift: float = 0.0
    ahead: float = 0.0
    tilt: float = 0.0
    swing: float = 0.0
    nod: float = 0.0
    straight: float = 0.997


@dataclass(frozen=True, slots=True)
class Trunk:
    """Spine and head, degrees.

    Attributes:
        bend: forward bend of the chest against the pelvis.
        lean: sideways bend of the chest, left shoulder up.
        twist: turn of the chest to the person's left.
        head_turn: turn of the head to the person's left, against the chest.
        head_tilt: tilt of the head towards the right shoulder, against the chest.
        head_nod: nod of the head, against the chest; positive looks down.
    """

    bend: float
    lean: float
    twist: float
    head_turn: float
    head_tilt: float
    head_nod: float


def _catalogue(rng: np.random.Generator) -> Stance:
    out = rng.uniform(0.8, 1.25)
    feet = {side: Foot(out, rng.normal(0, 0.1), rng.uniform(2, 14)) for side in SIDES}
    return Stance("catalogue", feet, shift=rng.normal(0, 0.08), tilt=rng.normal(0, 1.2), swing=rng.normal(0, 2))


def _contrapposto(rng: np.random.Generator) -> Stance:
    """Weight on one leg: that hip is out and up, the other knee relaxed."""
    side, sign = (("l", 1), ("r", -1))[int(rng.integers(2))]
    other = SIDES[1 - SIDES.index(side)]
    free = Foot(rng.uniform(1.0, 1.7), rng.uniform(0.1, 0.9), rng.uniform(8, 28), heel_up=_sometimes(rng, 0.2, 12, 30))
    feet = {side: Foot(rng.uniform(0.55, 0.9), rng.normal(0, 0.08), rng.uniform(0, 12)), other: free}
    return Stance(
        "contrapposto",
        feet,
        shift=sign * rng.uniform(0.25, 0.6),
        tilt=sign * rng.uniform(2.5, 7),
        swing=sign * rng.uniform(-2, 7),
    )


def _wide(rng: np.random.Generator) -> Stance:
    out = rng.uniform(1.6, 2.2)
    feet = {side: Foot(out + rng.normal(0, 0.05), rng.normal(0, 0.12), rng.uniform(6, 20)) for side in SIDES}
    return Stance("wide", feet, shift=rng.normal(0, 0.2), tilt=rng.normal(0, 1.5), swing=rng.normal(0, 3))


def _walk(rng: np.random.Generator) -> Stance:
    front, sign = (("l", 1), ("r", -1))[int(rng.integers(2))]
    back = SIDES[1 - SIDES.index(front)]
    stride = rng.uniform(1.1, 2.0)
    feet = {
        front: Foot(rng.uniform(0.5, 0.7), stride, rng.uniform(0, 8)),
        back: Foot(rng.uniform(0.5, 0.7), -stride, rng.uniform(0, 8), heel_up=rng.uniform(18, 38)),
    }
    return Stance("walk", feet, ahead=rng.uniform(0, 0.3), swing=-sign * rng.uniform(3, 8), tilt=rng.normal(0, 1.5))


def _stagger(rng: np.random.Generator) -> Stance:
    """One foot before the other on a narrow track."""
    front = str(rng.choice(SIDES))
    back = SIDES[1 - SIDES.index(front)]
    feet = {
        front: Foot(rng.uniform(0.5, 0.75), rng.uniform(0.5, 1.1), rng.uniform(0, 12)),
        back: Foot(rng.uniform(0.5, 0.75), rng.uniform(-0.6, -0.1), rng.uniform(8, 24)),
    }
    sign = 1 if back == "l" else -1
    return Stance("stagger", feet, shift=sign * rng.uniform(0, 0.25), tilt=sign * rng.uniform(0, 4))


def _lean(rng: np.random.Generator) -> Stance:
    """Weight back on one leg, the other stretched ahead."""
    side, sign = (("l", 1), ("r", -1))[int(rng.integers(2))]
    other = SIDES[1 - SIDES.index(side)]
    feet = {
        side: Foot(rng.uniform(0.7, 1.0), rng.uniform(-0.5, -0.2), rng.uniform(8, 20)),
        other: Foot(rng.uniform(0.9, 1.5), rng.uniform(0.9, 1.5), rng.uniform(4, 20)),
    }
    return Stance(
        "lean", feet, shift=sign * rng.uniform(0.2, 0.5), ahead=rng.uniform(-0.4, -0.1), tilt=sign * rng.uniform(1, 5),
        swing=sign * rng.uniform(0, 10), nod=rng.uniform(-4, 2),
    )  # fmt: skip


def _sometimes(rng: np.random.Generator, share: float, low: float, high: float) -> float:
    """A number between both in this share of cases, else 0; always two draws."""
    happens, value = rng.random() < share, float(rng.uniform(low, high))
    return value if happens else 0.0


_SAMPLERS = {
    "catalogue": _catalogue,
    "contrapposto": _contrapposto,
    "wide": _wide,
    "walk": _walk,
    "stagger": _stagger,
    "lean": _lean,
}


def sample_stance(rng: np.random.Generator) -> Stance:
    """Draw feet and pelvis."""
    odds = np.array(list(STANCES.values()))
    return _SAMPLERS[str(rng.choice(list(STANCES), p=odds / odds.sum()))](rng)


def sample_trunk(view: str, stance: Stance, rng: np.random.Generator) -> Trunk:
    """Draw spine and head: shoulders against the pelvis' tilt, the head upright and often towards the camera."""
    counter = -stance.tilt * float(rng.uniform(1.2, 2.0))
    over = _sometimes(rng, 0.45 if view == "back" else 0.12 if view == "side" else 0.0, 45, 72)
    side = float(rng.choice((-1.0, 1.0)))
    lean = float(np.clip(counter + rng.normal(0, 1.5), -14, 14))
    return Trunk(
        bend=float(rng.normal(1, 2.5)),
        lean=lean,
        twist=float(np.clip(-0.7 * stance.swing + rng.normal(0, 4) + 0.22 * side * over, -22, 22)),
        head_turn=float(side * over) if over else float(np.clip(rng.normal(0, 13), -40, 40)),
        head_tilt=float(np.clip(-0.6 * (lean + stance.tilt) + rng.normal(0, 4), -16, 16)),
        head_nod=float(np.clip(rng.normal(0, 5), -12, 14)),
    )
