"""What is rendered of one person: the names of its files in MPV's layout, and the rows they give."""

from dataclasses import dataclass
from itertools import permutations

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.casting import Casting
from spg_vton.render.complexion import skin_tone
from spg_vton.render.garments import Garment
from spg_vton.render.palette import code_of

IMAGES, PARSES, KEYPOINTS, MASKS = "MPV_192_256", "all_parsing", "all_person_clothes_keypoints", "all_cloth_mask"
BODIES, FLOWS = "all_body_mask", "all_garment_flow"
#: Every folder of a set.
FOLDERS = (IMAGES, PARSES, KEYPOINTS, MASKS, BODIES, FLOWS)
NOISE_COLUMNS = ("poseA", "poseB", "clothes", "noisy", "kinds", "only_a", "only_b")
_FIRST_PHOTO, _CLOTH_PHOTO = 8, 2  # the numbers that shop photos of persons and clothes usually have


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What was rendered of one person; image paths are relative to the image folder.

    Attributes:
        truths: the photos again in the other garment, in the same order; empty in training.
        noise: kinds of noise (``NoiseKind``) of each photo: what the person's other photos lack.
        wrong_garment: the in-shop photo shows another garment than the person wears.
        maps: whether body masks and garment flow are written.
        traits: chosen kinds of things, for counting.
    """

    index: int
    split: str
    photos: tuple[str, ...]
    clothes: str
    other_clothes: str | None
    truths: tuple[str, ...]
    noise: tuple[tuple[str, ...], ...]
    wrong_garment: bool
    maps: bool
    poses: tuple[str, ...]
    tags: tuple[str, ...]
    traits: dict[str, str]

    def triples(self) -> list[tuple[str, str, str, str]]:
        """Rows (poseA, poseB, clothes, split): every ordered pair of photos."""
        return [(a, b, self.clothes, self.split) for a, b in permutations(self.photos, 2)]

    def unpaired(self) -> list[tuple[str, str, str, str, str]]:
        """Rows (poseA, poseB, other clothes, truth, split)."""
        if self.other_clothes is None:
            return []
        pairs = permutations(range(len(self.photos)), 2)
        return [(self.photos[a], self.photos[b], self.other_clothes, self.truths[b], self.split) for a, b in pairs]

    def noise_of_triples(self) -> list[tuple[str, ...]]:
        """Kinds of noise of each row of ``triples``."""
        of_all = (NoiseKind.CLOTH_MISMATCH.value,) if self.wrong_garment else ()
        return [of_all + a + b for a, b in permutations(self.noise, 2)]

    def noise_rows(self) -> list[tuple[str, ...]]:
        """Rows of ``NOISE_COLUMNS``, one a triple: all kinds, and those of what only photo A or only photo B shows."""
        photos = permutations(zip(self.photos, self.noise, strict=True), 2)
        return [
            (a, b, self.clothes, str(int(bool(kinds))), ";".join(kinds), ";".join(odd_a), ";".join(odd_b))
            for ((a, odd_a), (b, odd_b)), kinds in zip(photos, self.noise_of_triples(), strict=True)
        ]

    def files(self) -> list[str]:
        """Every file of the person, relative to the set's folder."""
        people = [*self.photos, *self.truths]
        clothes = [self.clothes] + ([self.other_clothes] if self.other_clothes else [])
        return (
            [f"{IMAGES}/{name}" for name in people + clothes]
            + [side_file(PARSES, name, ".png") for name in people]
            + [side_file(KEYPOINTS, name, "_keypoints.json") for name in people]
            + [side_file(MASKS, name, "_mask.png") for name in clothes]
            + [side_file(BODIES, name, "_body.png") for name in people if self.maps]
            + [side_file(FLOWS, name, "_flow.png") for name in people if self.maps]
        )


def side_file(folder: str, image: str, ending: str) -> str:
    """The companion of an image, relative to the set's folder."""
    return f"{folder}/{image.removesuffix('.jpg')}{ending}"


def _colour_code(garment: Garment) -> str:
    return code_of(garment.colours[0])


def _names(casting: Casting, listed: Garment, sku: str, prefix: str) -> tuple[str, ...]:
    """Photos carry the colour of the listed garment, so that a name does not give a wrong garment away."""
    return tuple(
        f"{prefix}{sku}/{sku}-{_colour_code(listed)}@{_FIRST_PHOTO + number}={take.tag}.jpg"
        for number, take in enumerate(casting.takes)
    )


def record_of(casting: Casting, maps: bool) -> PersonRecord:
    """Names and traits of one person's files, before they are rendered."""
    first, second = (f"SPG{casting.index:05d}{letter}" for letter in "AB")
    other, listed, worn = casting.unpaired, casting.listed, casting.garment
    return PersonRecord(
        index=casting.index,
        split=casting.split,
        photos=_names(casting, listed, first, ""),
        clothes=f"{first}/{first}-{_colour_code(listed)}@{_CLOTH_PHOTO}=cloth_front.jpg",
        other_clothes=f"{second}/{second}-{_colour_code(other)}@{_CLOTH_PHOTO}=cloth_front.jpg" if other else None,
        truths=_names(casting, other, second, "unpaired/") if other else (),
        noise=tuple(tuple(kind.value for kind in take.noise) for take in casting.takes),
        wrong_garment=casting.wrong_garment,
        maps=maps,
        poses=tuple(take.shot.pose.kind for take in casting.takes),
        tags=tuple(take.tag for take in casting.takes),
        traits={
            "garment": worn.kind,
            "fit": worn.fit,
            "style": worn.style,
            "sleeve": worn.sleeve,
            "neckline": worn.neckline,
            "pattern": worn.pattern,
            "fabric": worn.fabric,
            "sex": "female" if casting.identity.female else "male",
            "skin": skin_tone(casting.identity.skin),
            "lower": casting.identity.lower,
            "hair": casting.identity.hair_style,
            "attribute": ";".join(one.kind for one in casting.attributes) or "none",
        },
    )
