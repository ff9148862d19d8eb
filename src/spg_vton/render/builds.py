"""Builds: the distribution of body shapes, that of shop models with a tail of everybody else.

A shape is a weighted sum of the pack's targets (race × sex × age, muscle × weight, height, bust, local changes) and of
the proportions defined here, which the pack lacks.
"""

from functools import cache

import numpy as np

from spg_vton.render.body import Body, Canon
from spg_vton.render.mesh import Points

Shape = dict[str, float]

RACES = ("african", "asian", "caucasian")
_MODEL_SHARE = 0.8  # of people who are built like a shop model; the others are like people in the street
#: Mean and standard deviation of muscle, weight and height, each on the pack's scale of 0 to 1.
_MODEL_BUILD = {True: ((0.42, 0.08), (0.2, 0.07), (0.62, 0.13)), False: ((0.55, 0.1), (0.3, 0.08), (0.6, 0.13))}
_STREET_BUILD = {True: ((0.45, 0.13), (0.5, 0.17), (0.45, 0.18)), False: ((0.52, 0.15), (0.5, 0.17), (0.45, 0.18))}
#: Range of each proportion, decimetres: shorter collar bones, lower shoulders, narrower waist and seat, longer legs.
_PROPORTIONS = {
    True: {
        "shoulders": (-0.06, 0.06),
        "slope": (0.04, 0.14),
        "waist": (0.0, 0.2),
        "seat": (0.04, 0.16),
        "legs": (0.0, 0.5),
    },
    False: {
        "shoulders": (0.0, 0.16),
        "slope": (0.04, 0.14),
        "waist": (0.0, 0.1),
        "seat": (0.0, 0.1),
        "legs": (-0.1, 0.3),
    },
}
_LOCAL_ODDS, _LOCAL_MOST, _TRUNK_DAMPING = 0.35, 0.5, 0.4
#: Range of local targets that shop models have more of, by sex; what works against them is left out.
_FINE = {
    True: {
        "neck-scale-horiz-decr": (0.0, 0.3), "neck-scale-depth-decr": (0.1, 0.35),
        "head-oval": (0.1, 0.5), "chin-width-decr": (0.0, 0.4),
        "nose-volume-decr": (0.0, 0.3), "mouth-lowerlip-volume-incr": (0.0, 0.4),
    },
    False: {"neck-scale-horiz-decr": (0.0, 0.4), "neck-scale-depth-decr": (0.0, 0.3), "head-oval": (0.0, 0.4)},
}  # fmt: skip
_COARSE = {
    True: ("head-square", "head-rectangular", "head-fat-incr", "chin-width-incr", "chin-prominent-incr", "neck-scale",
           "chin-height-incr", "nose-hump-incr", "nose-volume-incr", "head-scale-horiz-incr", "torso-vshape-incr"),
    False: ("neck-scale", "head-fat-incr", "head-triangular"),
}  # fmt: skip


def _ramp(values: np.ndarray, start: float, end: float) -> np.ndarray:
    """0 at ``start``, 1 at ``end``, smooth between."""
    share = np.clip((values - start) / (end - start), 0, 1)
    return share * share * (3 - 2 * share)


@cache
def _fields(body: Body) -> dict[str, Points]:
    """Displacement of every vertex by one decimetre of each proportion."""
    marks, template = body.landmarks, body.template
    x, y = template[:, 0], template[:, 1]
    side, nothing = np.sign(x), np.zeros(len(x))
    arm = _ramp(body.canon[:, Canon.ARM].astype(np.float64), 0.0, 0.6)
    girdle = np.maximum(arm, _ramp(np.abs(x), 0.5, 1.5) * _ramp(y, marks.shoulder - 2.2, marks.shoulder - 0.4))
    girdle *= 1 - _ramp(y, marks.neck - 0.1, marks.neck + 0.5) * (np.abs(x) < 1)
    below_hip = _ramp(-y, -marks.hip, -marks.ankle) * (arm < 0.5)
    around_hip = np.exp(-(((y - marks.hip) / 1.3) ** 2)) * np.clip(np.abs(x), 0, 1) * (arm < 0.5)
    waist = np.exp(-(((y - marks.pelvis - 1.3) / 1.1) ** 2)) * np.clip(np.abs(x), 0, 1) * (arm < 0.5)
    return {
        "shoulders": np.stack([-side * girdle, nothing, nothing], axis=1),
        "slope": np.stack([nothing, -girdle, nothing], axis=1),
        "legs": np.stack([nothing, -below_hip, nothing], axis=1),
        "waist": np.stack([-side * waist, nothing, nothing], axis=1),
        "seat": np.stack([-side * around_hip, nothing, nothing], axis=1),
    }


def _levels(value: float) -> Shape:
    """Spread a value of [0, 1] over the three levels of a target."""
    return {"min": max(0.0, 1 - 2 * value), "average": 1 - abs(2 * value - 1), "max": max(0.0, 2 * value - 1)}


def _macro_shape(rng: np.random.Generator, female: bool, sexes: Shape, ages: Shape, model: bool) -> Shape:
    """Weights of the build, height and bust targets."""
    build = (_MODEL_BUILD if model else _STREET_BUILD)[female]
    muscles, weights, heights = (_levels(float(np.clip(rng.normal(*trait), 0.08, 0.92))) for trait in build)
    cups = _levels(float(rng.uniform(0.1, 0.6 if model else 1.0)))
    shape: Shape = {}
    for sex, of_sex in sexes.items():
        for age, of_age in ages.items():
            for weight, of_weight in weights.items():
                for muscle, of_muscle in muscles.items():
                    share = of_sex * of_age * of_weight * of_muscle
                    shape[f"uni/{sex}-{age}-{muscle}muscle-{weight}weight"] = share
                height = f"height/{sex}-{age}-averagemuscle-{weight}weight"
                for level in ("min", "max"):
                    shape[f"{height}-{level}height"] = of_sex * of_age * of_weight * heights[level]
    for level in ("min", "max"):
        shape[f"breast/female-young-averagemuscle-averageweight-{level}cup"] = 0.8 * sexes["female"] * cups[level]
    return shape


def _local_shape(rng: np.random.Generator, names: tuple[str, ...], female: bool) -> Shape:
    """Some of the local targets, mildly; those of the trunk more mildly still; and what models have more of."""
    shape: Shape = {}
    for name in names:
        drawn, weight = rng.random() < _LOCAL_ODDS, float(rng.uniform(0, _LOCAL_MOST))
        if name.startswith("local/") and drawn and not any(part in name for part in _COARSE[female]):
            trunk = any(part in name for part in ("scale", "torso", "hip"))
            shape[name] = (_TRUNK_DAMPING if trunk else 1.0) * weight
    for name, limits in _FINE[female].items():
        shape[f"local/{name}"] = float(rng.uniform(*limits))
    return shape


def sample_shape(
    body: Body, rng: np.random.Generator, female: bool, age: float, races: np.ndarray
) -> tuple[tuple[str, float], ...]:
    """Draw a build.

    Args:
        body: shared topology.
        rng: source of chance.
        female: sex.
        age: 0 is young, 1 is old.
        races: share of each of ``RACES``.

    Returns:
        The weight of each target and proportion that is not zero, sorted by name.
    """
    male_share = float(rng.uniform(0, 0.06) if female else rng.uniform(0.9, 1))
    sexes, ages = {"male": male_share, "female": 1 - male_share}, {"young": 1 - age, "old": age}
    model = bool(rng.random() < _MODEL_SHARE)
    shape = _macro_shape(rng, female, sexes, ages, model) | _local_shape(rng, body.target_names, female)
    for race, of_race in zip(RACES, races, strict=True):
        for sex, of_sex in sexes.items():
            for of_age_name, of_age in ages.items():
                shape[f"race/{race}-{sex}-{of_age_name}"] = float(of_race * of_sex * of_age)
    for name, (least, most) in _PROPORTIONS[female].items():
        shape[name] = float(rng.uniform(least, most)) * (1.0 if model else 0.6)
    return tuple(sorted((name, weight) for name, weight in shape.items() if weight != 0))


def shape_points(body: Body, shape: tuple[tuple[str, float], ...]) -> Points:
    """The rest shape of a person: every vertex, decimetres."""
    index, own = {name: i for i, name in enumerate(body.target_names)}, _fields(body)
    points = body.base.copy()
    for name, weight in shape:  # one by one: a matrix product may round differently with other thread counts
        field = own[name] if name in own else body.targets[index[name]].astype(np.float64)
        points += weight * field
    return points
