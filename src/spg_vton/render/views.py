"""From which side a photo shows the person."""

from typing import Annotated

import numpy as np
from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

VIEWS = ("front", "quarter", "side", "back")
_Share = Annotated[float, Field(ge=0, le=1)]
_SUM_TOLERANCE = 1e-6


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Views:
    """Share of the photos that show a person from each side; the shares sum to 1.

    Attributes:
        front: facing the camera, within 18 degrees.
        quarter: turned by 22 to 55 degrees, either way.
        side: profile, 62 to 98 degrees.
        back: from behind, three-quarter back views included, 122 to 180 degrees.
    """

    front: _Share = 0.5
    quarter: _Share = 0.28
    side: _Share = 0.1
    back: _Share = 0.12

    @model_validator(mode="after")
    def _sum_is_one(self) -> "Views":
        total = self.front + self.quarter + self.side + self.back
        if abs(total - 1) > _SUM_TOLERANCE:
            raise ValueError(f"views: expected shares that sum to 1, got {total:.6f}; change one of {VIEWS}")
        return self

    def draw(self, rng: np.random.Generator) -> str:
        """One of ``VIEWS``, as often as its share says."""
        return str(rng.choice(VIEWS, p=np.array([self.front, self.quarter, self.side, self.back])))


def sample_yaw(view: str, rng: np.random.Generator) -> float:
    """Degrees about the vertical; 0 faces the camera, positive turns the person's front to image right."""
    sign = float(rng.choice((-1.0, 1.0)))
    match view:
        case "front":
            return float(np.clip(rng.normal(0, 7), -18, 18))
        case "quarter":
            return sign * float(rng.uniform(22, 55))
        case "side":
            return sign * float(rng.uniform(62, 98))
        case "back":
            straight = rng.random() < 0.6
            return sign * float(rng.uniform(160, 180) if straight else rng.uniform(122, 160))
    raise ValueError(f"view must be one of {VIEWS}, got {view!r}")
