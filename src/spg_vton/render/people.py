"""Identities: body shape, skin, hair, face and the clothes below the waist.

The shape is a weighted sum of targets: race × sex × age, build (muscle × weight), height, bust and small local changes.
"""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.body import Body
from spg_vton.render.hair_look import HairLook, sample_colour, sample_look, sample_style
from spg_vton.render.mesh import Points

Colour = tuple[float, float, float]

#: From light to dark; races are drawn with the index that is typical of them.
SKINS: tuple[Colour, ...] = (
    (245, 214, 192), (232, 190, 160), (214, 165, 130), (180, 128, 95), (132, 88, 62), (92, 60, 44),
)  # fmt: skip
IRISES: tuple[Colour, ...] = ((70, 45, 25), (60, 90, 120), (80, 100, 60))
LOWER_COLOURS: tuple[Colour, ...] = (
    (40, 50, 85), (30, 30, 34), (90, 110, 150), (190, 175, 140), (110, 105, 100), (235, 232, 225),
)  # fmt: skip
SHOE_COLOURS: tuple[Colour, ...] = ((30, 30, 30), (235, 235, 235), (110, 70, 45), (180, 40, 50))
RACES = ("african", "asian", "caucasian")
#: Typical index into SKINS of each race.
_SKIN_OF_RACE = np.array([4.5, 1.0, 0.6])


@dataclass(frozen=True, slots=True)
class Identity:
    """One person, whatever the pose and the upper garment.

    Attributes:
        shape: weight of each shape target that is not zero.
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
    lips: Colour
    iris: Colour
    beard: bool
    lower: str
    lower_colour: Colour
    skirt_length: float
    shoes: Colour
    tucked: bool
    phase: float


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
    dark = darkness / (len(SKINS) - 1)
    style = sample_style(rng, female, dark, old)
    lowers = ("pants", "pants", "skirt", "shorts") if female else ("pants", "pants", "shorts")
    return Identity(
        shape=tuple(sorted((name, weight) for name, weight in shape.items() if weight > 0)),
        female=female,
        skin=skin,
        hair=sample_colour(rng, dark, old),
        hair_style=style,
        hair_look=sample_look(rng, style, female),
        lips=_blend((190, 70, 75) if female else (175, 105, 95), skin, 0.42),
        iris=_pick(rng, IRISES),
        beard=bool(not female and rng.random() < 0.33),
        lower=str(rng.choice(lowers)),
        lower_colour=_pick(rng, LOWER_COLOURS),
        skirt_length=float(rng.uniform()),
        shoes=_pick(rng, SHOE_COLOURS),
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
