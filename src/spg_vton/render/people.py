"""Identities: body shape, skin, hair, face and the clothes below the waist.

The shape is a weighted sum of targets: race × sex × age, build (muscle × weight), height, bust and small local changes.
"""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.body import Body
from spg_vton.render.lower_look import LowerLook, sample_lower_look
from spg_vton.render.mesh import Points

Colour = tuple[float, float, float]

#: From light to dark; races are drawn with the index that is typical of them.
SKINS: tuple[Colour, ...] = (
    (245, 214, 192), (232, 190, 160), (214, 165, 130), (180, 128, 95), (132, 88, 62), (92, 60, 44),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = (
    (28, 22, 20), (60, 40, 28), (105, 70, 42), (185, 145, 85), (120, 45, 25), (150, 150, 150),
)  # fmt: skip
IRISES: tuple[Colour, ...] = ((70, 45, 25), (60, 90, 120), (80, 100, 60))
RACES = ("african", "asian", "caucasian")
#: Typical index into SKINS of each race.
_SKIN_OF_RACE = np.array([4.5, 1.0, 0.6])


@dataclass(frozen=True, slots=True)
class Identity:
    """One person, whatever the pose and the upper garment.

    Attributes:
        shape: weight of each shape target that is not zero.
        hair_style: long, bob, bun, short or buzz.
        lower_look: lower clothes, shoes and socks.
        tucked: the upper garment is worn inside the waistband.
        phase: radians that shift the waves of hair and cloth, so that no two people share them.
    """

    shape: tuple[tuple[str, float], ...]
    female: bool
    skin: Colour
    hair: Colour
    hair_style: str
    lips: Colour
    iris: Colour
    beard: bool
    lower_look: LowerLook
    tucked: bool
    phase: float

    @property
    def lower(self) -> str:
        """Pants, shorts or skirt."""
        return self.lower_look.cut.kind


def _levels(value: float) -> dict[str, float]:
    """Spread a value of [0, 1] over the three levels of a target."""
    return {"min": max(0.0, 1 - 2 * value), "average": 1 - abs(2 * value - 1), "max": max(0.0, 2 * value - 1)}


def _macro_shape(rng: np.random.Generator, sexes: dict[str, float], ages: dict[str, float]) -> dict[str, float]:
    """Weights of the race, build, height and bust targets (race weights are in ``_race_shape``)."""
    muscles = _levels(float(np.clip(rng.normal(0.5, 0.15), 0.1, 0.95)))
    weights = _levels(float(np.clip(rng.normal(0.42, 0.16), 0.08, 0.95)))
    heights = _levels(float(np.clip(rng.normal(0.5, 0.2), 0.1, 0.9)))
    cups = _levels(float(rng.uniform()))
    shape: dict[str, float] = {}
    for sex, of_sex in sexes.items():
        for age, of_age in ages.items():
            for weight, of_weight in weights.items():
                for muscle, of_muscle in muscles.items():
                    share = of_sex * of_age * of_weight * of_muscle
                    shape[f"uni/{sex}-{age}-{muscle}muscle-{weight}weight"] = share
                build = f"height/{sex}-{age}-averagemuscle-{weight}weight"
                for level in ("min", "max"):
                    shape[f"{build}-{level}height"] = of_sex * of_age * of_weight * heights[level]
    for level in ("min", "max"):
        shape[f"breast/female-young-averagemuscle-averageweight-{level}cup"] = 0.8 * sexes["female"] * cups[level]
    return shape


def _local_shape(rng: np.random.Generator, names: tuple[str, ...]) -> dict[str, float]:
    """A third of the local targets, mildly; those of the trunk more mildly still."""
    shape: dict[str, float] = {}
    for name in names:
        if name.startswith("local/") and rng.random() < 0.35:
            damping = 0.4 if any(part in name for part in ("scale", "torso", "hip")) else 1.0
            shape[name] = damping * rng.uniform(0, 0.45)
    return shape


def _pick(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    return colours[int(rng.integers(len(colours)))]


def _blend(first: Colour, second: Colour, share: float) -> Colour:
    mixed = (1 - share) * np.array(first) + share * np.array(second)
    return float(mixed[0]), float(mixed[1]), float(mixed[2])


def sample_identity(body: Body, rng: np.random.Generator) -> Identity:
    """Draw a person; the same generator state gives the same person."""
    female = bool(rng.random() < 0.65)
    male_share = float(rng.uniform(0, 0.12) if female else rng.uniform(0.88, 1))
    old = float(rng.uniform(0, 0.5)) if rng.random() < 0.3 else 0.0
    sexes, ages = {"male": male_share, "female": 1 - male_share}, {"young": 1 - old, "old": old}
    races = rng.dirichlet([0.35] * len(RACES))
    shape = _macro_shape(rng, sexes, ages) | _local_shape(rng, body.target_names)
    for race, of_race in zip(RACES, races, strict=True):
        for sex, of_sex in sexes.items():
            for age, of_age in ages.items():
                shape[f"race/{race}-{sex}-{age}"] = float(of_race * of_sex * of_age)
    darkness = int(np.clip(round(float((_SKIN_OF_RACE * races).sum() + rng.normal(0, 0.5))), 0, len(SKINS) - 1))
    skin = _blend(SKINS[darkness], (255, 255, 255) if rng.random() < 0.5 else (0, 0, 0), float(rng.uniform(0, 0.04)))
    dark_hair = darkness >= 4
    hair = HAIRS[0] if dark_hair else HAIRS[int(rng.integers(len(HAIRS) if old > 0.3 else len(HAIRS) - 1))]
    styles, odds = (
        (("long", "bob", "bun", "short"), (0.5, 0.25, 0.15, 0.1)) if female else (("short", "buzz"), (0.8, 0.2))
    )
    return Identity(
        shape=tuple(sorted((name, weight) for name, weight in shape.items() if weight > 0)),
        female=female,
        skin=skin,
        hair=hair,
        hair_style=str(rng.choice(styles, p=odds)),
        lips=_blend((190, 70, 75) if female else (175, 105, 95), skin, 0.42),
        iris=_pick(rng, IRISES),
        beard=bool(not female and rng.random() < 0.33),
        lower_look=sample_lower_look(rng, female),
        tucked=bool(rng.random() < 0.25),
        phase=float(rng.uniform(0, 2 * np.pi)),
    )


def shape_points(body: Body, shape: tuple[tuple[str, float], ...]) -> Points:
    """The rest shape of a person: every vertex, decimetres."""
    index = {name: i for i, name in enumerate(body.target_names)}
    points = body.base.copy()
    for name, weight in shape:  # one by one: a matrix product may round differently with other thread counts
        points += weight * body.targets[index[name]].astype(np.float64)
    return points
