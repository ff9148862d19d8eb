"""Who is photographed how: every random choice about one person, from its own seeds.

Each choice draws from ``default_rng([seed, kind, person, number])``, so that person i depends neither on the number of
people nor on the order of work, and another garment changes nothing else.
"""

import math
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from spg_vton.render.accessories import ACCESSORY_KINDS, Accessories, sample_accessory
from spg_vton.render.backdrop import WALLS, Backdrop
from spg_vton.render.body import load_body
from spg_vton.render.config import WRONG_GARMENT_SHARE, RenderConfig
from spg_vton.render.garments import Garment, sample_garment
from spg_vton.render.lower_look import LowerLook
from spg_vton.render.people import Identity, sample_identity
from spg_vton.render.poses import sample_pose
from spg_vton.render.scene import Shot
from spg_vton.render.surface import Light

WRONG_GARMENT, BACKGROUND = "wrong_garment", "background"


class Stream(IntEnum):
    """Independent streams of random numbers."""

    IDENTITY = 0
    GARMENT = 1
    POSE = 2
    STUDIO = 3
    NOISE = 4


class GarmentNumber(IntEnum):
    """A person's garments."""

    WORN = 0
    UNPAIRED = 1
    WRONG = 2


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One photo to render: the shot, its tag and what is odd about it."""

    shot: Shot
    tag: str
    extras: Accessories
    noise: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Casting:
    """One person's photos.

    Attributes:
        garment: what the person wears.
        listed: the garment of the in-shop photo, another one where the noise is a wrong garment.
        unpaired: a second garment of test identities, None in training.
    """

    index: int
    split: str
    identity: Identity
    garment: Garment
    listed: Garment
    unpaired: Garment | None
    takes: tuple[Take, ...]
    wrong_garment: bool


def _rng(config: RenderConfig, stream: Stream, person: int, number: int = 0) -> np.random.Generator:
    return np.random.default_rng([config.seed, int(stream), person, number])


def is_test(config: RenderConfig, person: int) -> bool:
    """Test identities are spread evenly: of the first n, ceil(n × test_share) are test."""

    def tests_before(count: int) -> int:
        return math.ceil(round(count * config.test_share, 9))

    return tests_before(person + 1) > tests_before(person)


def garment_of(config: RenderConfig, person: int, number: GarmentNumber) -> Garment:
    """One of a person's garments; it depends on nothing else about the person."""
    return sample_garment(_rng(config, Stream.GARMENT, person, number))


def _studio(config: RenderConfig, person: int) -> tuple[Light, Backdrop, float]:
    """Light, wall and zoom that a person's photos share."""
    rng = _rng(config, Stream.STUDIO, person)
    azimuth, elevation = np.radians(rng.uniform(-60, 20)), np.radians(rng.uniform(38, 55))
    x, z = np.sin(azimuth) * np.cos(elevation), np.cos(azimuth) * np.cos(elevation)
    key = (float(x), float(np.sin(elevation)), float(z))
    light = Light(key, ambient=float(rng.uniform(0.58, 0.66)), strength=float(rng.uniform(0.4, 0.5)))
    return light, Backdrop(WALLS[int(rng.integers(len(WALLS)))]), float(rng.uniform(1.4, 1.66))


def _takes(config: RenderConfig, person: int, look: LowerLook) -> list[Take]:
    light, backdrop, zoom = _studio(config, person)
    whole_front = max(0.0, (config.whole_body_share - config.views.back) / max(1 - config.views.back, 1e-9))
    takes = []
    for number in range(config.photos_per_person):
        rng = _rng(config, Stream.POSE, person, 1 + number)
        view = config.views.draw(rng)
        whole = view == "back" or bool(rng.random() < whole_front)
        tag = "person_whole_back" if view == "back" else "person_whole_front" if whole else "person_half_front"
        size = float(rng.uniform(0.97, 1.03)) * (1.0 if whole else zoom)
        pose = sample_pose(view, rng, pockets=look.cut.pockets, heel=look.shoe.heel)
        shot = Shot(pose, size, whole, light, backdrop, seed=int(rng.integers(2**31)))
        takes.append(Take(shot, tag, Accessories(), ()))
    return takes


def _spoil(take: Take, kind: str, rng: np.random.Generator) -> Take:
    """Make one photo odd."""
    if kind == BACKGROUND:
        backdrop = replace(take.shot.backdrop, clutter=int(rng.integers(2**31)))
        return replace(take, shot=replace(take.shot, backdrop=backdrop), noise=(kind,))
    return replace(take, extras=sample_accessory(kind, rng), noise=(kind,))


def cast(config: RenderConfig, person: int) -> Casting:
    """All choices about one person."""
    identity = sample_identity(load_body(), _rng(config, Stream.IDENTITY, person))
    test, takes = is_test(config, person), _takes(config, person, identity.lower_look)
    rng = _rng(config, Stream.NOISE, person)
    odd = rng.random() < config.noise_rate / config.noise_per_odd_person and (config.noisy_test or not test)
    wrong = bool(odd and rng.random() < WRONG_GARMENT_SHARE)
    if odd and not wrong:
        spoilt = int(rng.integers(len(takes)))
        takes[spoilt] = _spoil(takes[spoilt], str(rng.choice([*ACCESSORY_KINDS, BACKGROUND])), rng)
    worn = garment_of(config, person, GarmentNumber.WORN)
    return Casting(
        index=person,
        split="test" if test else "train",
        identity=identity,
        garment=worn,
        listed=garment_of(config, person, GarmentNumber.WRONG) if wrong else worn,
        unpaired=garment_of(config, person, GarmentNumber.UNPAIRED) if test else None,
        takes=tuple(takes),
        wrong_garment=wrong,
    )
