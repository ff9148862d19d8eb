"""What to render, checked on construction."""

import dataclasses
import hashlib
import json
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from spg_vton.render.views import Views

#: One odd photo of K spoils 2/K of a person's ordered pairs; a wrong garment, drawn this often, spoils all.
WRONG_GARMENT_SHARE = 0.125
#: Raise it with every change of the pictures, so that sets of different renderers are never mixed.
RENDERER_VERSION = 2


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class RenderConfig:
    """A set of rendered people.

    Attributes:
        persons: number of identities.
        photos_per_person: poses of each, in one garment.
        test_share: share of identities, with their garments, set aside for testing; evenly spread, the first is one.
        seed: of everything; person i is the same whatever the number of persons and workers.
        workers: processes; does not change the result.
        noise_rate: share of train triples made odd on purpose, on average.
        noisy_test: let the noise strike test triples too.
        whole_body_share: share of photos that show the whole body; the others end at about the thighs.
        supersampling: rendered pixels per photo pixel and axis.
        views: share of photos from each side.
    """

    persons: Annotated[int, Field(ge=1, le=99_999)]
    photos_per_person: Annotated[int, Field(ge=2, le=12)] = 3
    test_share: Annotated[float, Field(ge=0, le=1)] = 0.15
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    noise_rate: Annotated[float, Field(ge=0, le=1)] = 0.0
    noisy_test: bool = False
    whole_body_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    supersampling: Annotated[int, Field(ge=1, le=4)] = 2
    views: Views = Views()

    @model_validator(mode="after")
    def _noise_can_be_reached(self) -> "RenderConfig":
        if self.noise_rate > self.noise_per_odd_person:
            raise ValueError(
                f"noise_rate {self.noise_rate} cannot be reached: with {self.photos_per_person} photos a person, one "
                f"of them odd, at most {self.noise_per_odd_person:.3f} of the triples are noisy; lower noise_rate"
            )
        return self

    @property
    def noise_per_odd_person(self) -> float:
        """Expected share of noisy triples of a person that has noise."""
        return WRONG_GARMENT_SHARE + (1 - WRONG_GARMENT_SHARE) * 2 / self.photos_per_person

    def fingerprint(self) -> str:
        """Hash of all that changes the files."""
        fields = dataclasses.asdict(self)
        del fields["workers"]
        fields["renderer"] = RENDERER_VERSION
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
