"""Identities: body shape, skin, hair, face and the clothes below the waist.

Bodies are drawn in ``builds.py``, faces in ``faces.py``, skins in ``complexion.py``.
"""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.body import Body
from spg_vton.render.builds import RACES, sample_shape
from spg_vton.render.complexion import Colour, sample_darkness, sample_skin
from spg_vton.render.faces import Face, sample_face
from spg_vton.render.hair_look import HairLook, sample_colour, sample_look, sample_style

LOWER_COLOURS: tuple[Colour, ...] = (
    (40, 50, 85), (30, 30, 34), (90, 110, 150), (190, 175, 140), (110, 105, 100), (235, 232, 225),
)  # fmt: skip
SHOE_COLOURS: tuple[Colour, ...] = ((30, 30, 30), (235, 235, 235), (110, 70, 45), (180, 40, 50))
_FEMALE_SHARE = 0.7
_OLDER_SHARE, _OLDER = 0.18, (0.1, 0.75)  # how many are not young, and their age: 0 is young, 1 is old
_RACE_MIXING = 0.35  # parameter of the Dirichlet distribution: the smaller, the fewer mixed


@dataclass(frozen=True, slots=True)
class Identity:
    """One person, whatever the pose and the upper garment.

    Attributes:
        shape: weight of each shape target that is not zero; ``builds.shape_points`` makes the body from it.
        skin: its colour in neutral light.
        face: what is painted on the face.
        hair_style: one of ``hair_look.STYLES``.
        hair_look: how the style is worn.
        lower: pants, shorts or skirt.
        skirt_length: 0 ends above the knee, 1 below it.
        tucked: the upper garment is worn inside the waistband.
        phase: radians that shift the waves of hair and cloth, so that no two people share them.
    """

    shape: tuple[tuple[str, float], ...]
    female: bool
    skin: Colour
    hair: Colour
    hair_style: str
    hair_look: HairLook
    face: Face
    lower: str
    lower_colour: Colour
    skirt_length: float
    shoes: Colour
    tucked: bool
    phase: float


def _pick(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    return colours[int(rng.integers(len(colours)))]


def sample_identity(body: Body, rng: np.random.Generator) -> Identity:
    """Draw a person; the same generator state gives the same person."""
    female = bool(rng.random() < _FEMALE_SHARE)
    age = float(rng.uniform(*_OLDER)) if rng.random() < _OLDER_SHARE else 0.0
    races = rng.dirichlet([_RACE_MIXING] * len(RACES))
    shape = sample_shape(body, rng, female, age, races)
    darkness = sample_darkness(rng, races)
    skin = sample_skin(rng, darkness)
    hair = sample_colour(rng, darkness, age)
    style = sample_style(rng, female, darkness, age)
    lowers = ("pants", "pants", "skirt", "shorts") if female else ("pants", "pants", "shorts")
    return Identity(
        shape=shape,
        female=female,
        skin=skin,
        hair=hair,
        hair_style=style,
        hair_look=sample_look(rng, style, female),
        face=sample_face(rng, female, age, darkness, skin, hair),
        lower=str(rng.choice(lowers)),
        lower_colour=_pick(rng, LOWER_COLOURS),
        skirt_length=float(rng.uniform()),
        shoes=_pick(rng, SHOE_COLOURS),
        tucked=bool(rng.random() < 0.25),
        phase=float(rng.uniform(0, 2 * np.pi)),
    )
