"""Who is photographed how: every random choice about one person, from its own seeds.

Each choice draws from ``default_rng([seed, kind, person, number])``, so that person i depends neither on the number of
people nor on the order of work, and another garment changes nothing else.
"""

import math
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.accessories import Accessory, sample_accessory
from spg_vton.render.attributes import sample_attribute
from spg_vton.render.backdrop import Backdrop, sample_backdrop
from spg_vton.render.body import load_body
from spg_vton.render.camera import sample_offset
from spg_vton.render.config import RenderConfig
from spg_vton.render.garments import Garment, sample_garment
from spg_vton.render.light import Light, sample_light
from spg_vton.render.lower_look import LowerLook
from spg_vton.render.oddities import choose_oddity
from spg_vton.render.people import Identity, sample_identity
from spg_vton.render.poses import sample_pose
from spg_vton.render.scene import Shot

_GOLDEN = (math.sqrt(5) - 1) / 2  # its multiples, modulo 1, fill the unit interval evenly
#: Least sum of the differences of red, green and blue by which another garment shows on a photo.
_UNLIKE, _TRIES = 150, 20
_ZOOM = 0.08  # standard deviation of the size in half photos, as ``camera.HALF_LENGTH`` varies


class Stream(IntEnum):
    """Independent streams of random numbers."""

    IDENTITY = 0
    GARMENT = 1
    POSE = 2
    STUDIO = 3
    NOISE = 4
    ATTRIBUTE = 5


class GarmentNumber(IntEnum):
    """A person's garments."""

    WORN = 0
    UNPAIRED = 1
    WRONG = 2


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One photo to render.

    Attributes:
        tag: the view, as MPV's file names tell it.
        extras: what is worn besides clothes.
        noise: what the person's other photos lack.
    """

    shot: Shot
    tag: str
    extras: tuple[Accessory, ...]
    noise: tuple[NoiseKind, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Casting:
    """One person's photos.

    Attributes:
        garment: what the person wears.
        listed: the garment of the in-shop photo, another one where the noise is a wrong garment.
        other: the garment of a photo whose noise is other upper clothes, None where there is none.
        unpaired: a second garment of test identities, None in training.
        attributes: what the person wears besides clothes in all photos.
    """

    index: int
    split: str
    identity: Identity
    garment: Garment
    listed: Garment
    other: Garment | None
    unpaired: Garment | None
    attributes: tuple[Accessory, ...]
    takes: tuple[Take, ...]

    @property
    def wrong_garment(self) -> bool:
        """Whether the in-shop photo shows another garment than the person wears."""
        return self.listed != self.garment

    def worn_in(self, take: Take) -> Garment:
        """The upper garment in a photo."""
        return self.other if self.other and NoiseKind.UPPER_CLOTHES in take.noise else self.garment


def _rng(config: RenderConfig, stream: Stream, person: int, number: int = 0) -> np.random.Generator:
    return np.random.default_rng([config.seed, int(stream), person, number])


def is_test(config: RenderConfig, person: int) -> bool:
    """Test identities are spread evenly: of the first n, ceil(n × test_share) are test."""

    def tests_before(count: int) -> int:
        return math.ceil(round(count * config.test_share, 9))

    return tests_before(person + 1) > tests_before(person)


def identity_of(config: RenderConfig, person: int) -> Identity:
    """Who a person is."""
    return sample_identity(load_body(), _rng(config, Stream.IDENTITY, person))


def garment_of(config: RenderConfig, person: int, number: GarmentNumber) -> Garment:
    """One of a person's garments; it depends on nothing else about the person but the sex."""
    return sample_garment(_rng(config, Stream.GARMENT, person, number), identity_of(config, person).female)


def _unlike(config: RenderConfig, person: int, worn: Garment) -> Garment:
    """A garment that nobody takes for the one worn."""
    female = identity_of(config, person).female
    candidates = (
        sample_garment(_rng(config, Stream.GARMENT, person, GarmentNumber.WRONG + attempt), female)
        for attempt in range(_TRIES)
    )
    return next(
        (one for one in candidates if np.abs(np.subtract(one.colours[0], worn.colours[0])).sum() > _UNLIKE),
        garment_of(config, person, GarmentNumber.WRONG),
    )


def photo_count(config: RenderConfig, person: int) -> int:
    """How many photos a person has; among the first n people each number comes as close to its share as can be."""
    counts = sorted(config.photo_shares)
    reached = np.cumsum([config.photo_shares[count] for count in counts])
    place = (0.5 + _GOLDEN * person) % 1.0
    return counts[min(int(np.searchsorted(reached, place, side="right")), len(counts) - 1)]


def _studio(config: RenderConfig, person: int) -> tuple[Light, Backdrop, float]:
    """Light, wall and zoom that a person's photos share."""
    rng = _rng(config, Stream.STUDIO, person)
    zoom = float(np.clip(rng.normal(1, _ZOOM), 1 - 2 * _ZOOM, 1 + 2 * _ZOOM))
    return sample_light(rng), sample_backdrop(rng), zoom


def _takes(config: RenderConfig, person: int, look: LowerLook) -> list[Take]:
    light, backdrop, zoom = _studio(config, person)
    whole_front = max(0.0, (config.whole_body_share - config.views.back) / max(1 - config.views.back, 1e-9))
    takes = []
    for number in range(photo_count(config, person)):
        rng = _rng(config, Stream.POSE, person, 1 + number)
        view = config.views.draw(rng)
        whole = view == "back" or bool(rng.random() < whole_front)
        tag = "person_whole_back" if view == "back" else "person_whole_front" if whole else "person_half_front"
        size = float(rng.uniform(0.97, 1.03)) * (1.0 if whole else zoom)
        pose = sample_pose(view, rng, pockets=look.cut.pockets, heel=look.shoe.heel)
        offset = sample_offset(rng, whole)
        shot = Shot(pose, size, whole, light, backdrop, int(rng.integers(2**31)), offset)
        takes.append(Take(shot, tag, extras=()))
    return takes


def _spoil(take: Take, kind: NoiseKind, rng: np.random.Generator) -> Take:
    """Make one photo odd."""
    take = replace(take, noise=(kind,))
    if kind == NoiseKind.BACKGROUND:
        backdrop = replace(take.shot.backdrop, clutter=int(rng.integers(2**31)))
        return replace(take, shot=replace(take.shot, backdrop=backdrop))
    if kind == NoiseKind.UPPER_CLOTHES:
        return take
    return replace(take, extras=(*take.extras, sample_accessory(kind, rng)))


def _is_odd(config: RenderConfig, person: int, rng: np.random.Generator) -> bool:
    struck = rng.random() < config.noise_rate / config.noise_per_odd_person
    return struck and (config.noisy_test or not is_test(config, person))


def cast(config: RenderConfig, person: int) -> Casting:
    """All choices about one person."""
    identity = identity_of(config, person)
    attributes = sample_attribute(config.attribute_share, _rng(config, Stream.ATTRIBUTE, person))
    takes = [replace(take, extras=attributes) for take in _takes(config, person, identity.lower_look)]
    worn = listed = garment_of(config, person, GarmentNumber.WORN)
    other, rng = None, _rng(config, Stream.NOISE, person)
    if _is_odd(config, person, rng):
        kind, spoilt = choose_oddity(config.noise_shares, [take.shot.pose.yaw for take in takes], attributes, rng)
        if kind == NoiseKind.CLOTH_MISMATCH:
            listed = _unlike(config, person, worn)
        elif kind is not None:
            takes[spoilt] = _spoil(takes[spoilt], kind, rng)
            other = _unlike(config, person, worn) if kind == NoiseKind.UPPER_CLOTHES else None
    test = is_test(config, person)
    return Casting(
        index=person,
        split="test" if test else "train",
        identity=identity,
        garment=worn,
        listed=listed,
        other=other,
        unpaired=garment_of(config, person, GarmentNumber.UNPAIRED) if test else None,
        attributes=attributes,
        takes=tuple(takes),
    )
