"""What to render, checked on construction."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.views import Views

#: Raise it with every change of the pictures, so that sets of different renderers are never mixed.
RENDERER_VERSION = 3
MOST_PHOTOS = 12
#: Of the odd people. A wrong garment in the shop's photo spoils all pairs of a person, the others those of one photo.
NOISE_SHARES: Mapping[NoiseKind, float] = {
    NoiseKind.GLASSES: 0.14,
    NoiseKind.BAG: 0.14,
    NoiseKind.HAT: 0.1,
    NoiseKind.SCARF: 0.09,
    NoiseKind.NECKLACE: 0.1,
    NoiseKind.GLOVES: 0.04,
    NoiseKind.COAT: 0.13,
    NoiseKind.UPPER_CLOTHES: 0.08,
    NoiseKind.BACKGROUND: 0.06,
    NoiseKind.CLOTH_MISMATCH: 0.12,
}

Key = TypeVar("Key")
PhotoCount = Annotated[int, Field(ge=2, le=MOST_PHOTOS)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class RenderConfig:
    """A set of rendered people.

    Attributes:
        persons: number of identities.
        photos_per_person: poses of each, in one garment; or the shares of people with so many, ``{2: 0.4, 3: 0.6}``.
        test_share: share of identities, with their garments, set aside for testing; evenly spread, the first is one.
        seed: of everything; person i is the same whatever the number of persons and workers.
        workers: processes; does not change the result.
        attribute_share: share of people who wear something extra in all their photos (glasses, hat, coat, socks …).
        noise_rate: share of train triples made odd on purpose, on average.
        noise_shares: how often each kind strikes an odd person, relative to the others; a kind left out never does.
        noisy_test: let the noise strike test triples too.
        whole_body_share: share of photos that show the whole body; the others end at about the thighs.
        supersampling: rendered pixels per photo pixel and axis.
        views: share of photos from each side.
        truth_maps: write body masks and garment flow too.
    """

    persons: Annotated[int, Field(ge=1, le=99_999)]
    photos_per_person: PhotoCount | dict[PhotoCount, Weight] = 3
    test_share: Share = 0.15
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    attribute_share: Share = 0.2
    noise_rate: Share = 0.0
    noise_shares: dict[NoiseKind, Weight] = Field(default_factory=lambda: dict(NOISE_SHARES))
    noisy_test: bool = False
    whole_body_share: Share = 0.2
    supersampling: Annotated[int, Field(ge=1, le=4)] = 2
    views: Views = Views()
    truth_maps: bool = True

    @model_validator(mode="after")
    def _shares_have_a_sum(self) -> "RenderConfig":
        for name in ("photos_per_person", "noise_shares"):
            shares = getattr(self, name)
            if isinstance(shares, dict) and not sum(shares.values()) > 0:
                raise ValueError(f"{name}: expected at least one positive share, got {shares}")
        return self

    @model_validator(mode="after")
    def _noise_can_be_reached(self) -> "RenderConfig":
        if self.noise_rate > self.noise_per_odd_person:
            raise ValueError(
                f"noise_rate {self.noise_rate} cannot be reached: with {self.photos_per_person} photos a person, one "
                f"of them odd, at most {self.noise_per_odd_person:.3f} of the triples are noisy; lower noise_rate"
            )
        return self

    @property
    def photo_shares(self) -> dict[int, float]:
        """Share of people with each number of photos; the shares sum to 1."""
        counts = self.photos_per_person
        return {counts: 1.0} if isinstance(counts, int) else normalised(counts)

    @property
    def noise_per_odd_person(self) -> float:
        """Share of noisy triples among the triples of people that have noise, on average.

        Of the K (K − 1) ordered pairs of photos a wrong garment spoils all, one odd photo 2 (K − 1).
        """
        mismatch = normalised(self.noise_shares).get(NoiseKind.CLOTH_MISMATCH, 0.0)
        pairs = sum(share * k * (k - 1) for k, share in self.photo_shares.items())
        of_one_photo = sum(share * 2 * (k - 1) for k, share in self.photo_shares.items())
        return mismatch + (1 - mismatch) * of_one_photo / pairs

    def fingerprint(self) -> str:
        """Hash of all that changes the files."""
        fields = dataclasses.asdict(self)
        del fields["workers"]
        fields["renderer"] = RENDERER_VERSION
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def normalised(shares: Mapping[Key, float]) -> dict[Key, float]:
    """The same shares with sum 1."""
    total = sum(shares.values())
    return {key: share / total for key, share in shares.items()}
