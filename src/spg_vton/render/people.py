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
from spg_vton.render.lower_look import LowerLook, sample_lower_look

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
        lower_look: lower clothes, shoes and socks.
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
    lower_look: LowerLook
    tucked: bool
    phase: float

    @property
    def lower(self) -> str:
        """Pants, shorts or skirt."""
        return self.lower_look.cut.kind


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
    return Identity(
        shape=shape,
        female=female,
        skin=skin,
        hair=hair,
        hair_style=style,
        hair_look=sample_look(rng, style, female),
        face=sample_face(rng, female, age, darkness, skin, hair),
        lower_look=sample_lower_look(rng, female),
        tucked=bool(rng.random() < 0.25),
        phase=float(rng.uniform(0, 2 * np.pi)),
    )
