"""The rules by which two person photos and a garment are found to differ (section IV-A), and their thresholds.

Every kind yields evidence x / (x + threshold) in [0, 1), so 0.5 means "at the threshold". Two regions' colours are
compared by the 2-Wasserstein distance of Gaussians with independent channels, √(‖μ₁ − μ₂‖² + ‖σ₁ − σ₂‖²), in ΔE.
"""

import numpy as np
from jaxtyping import Float
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from spg_vton.annotators.noise_features import ATTRIBUTES, PersonFeatures
from spg_vton.noise_kinds import NoiseKind

KINDS = (*ATTRIBUTES, NoiseKind.UPPER_CLOTHES, NoiseKind.BACKGROUND, NoiseKind.CLOTH_MISMATCH)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class NoiseConfig:
    """Thresholds. Shares are of the person's pixels, colours in ΔE.

    The defaults lie well apart from both clean and noisy rendered pairs; no marked real triples are public to test on.
    """

    hat: float = Field(default=0.004, gt=0, lt=1)
    glasses: float = Field(default=0.0008, gt=0, lt=1)
    scarf: float = Field(default=0.004, gt=0, lt=1)
    gloves: float = Field(default=0.001, gt=0, lt=1)
    coat: float = Field(default=0.02, gt=0, lt=1)
    absent: float = Field(default=0.25, ge=0, lt=1)  # an attribute lacks below this part of its own threshold
    upper_clothes: float = Field(default=16.0, gt=0)  # clothes of the two photos
    background: float = Field(default=8.0, gt=0)  # backgrounds of the two photos; a bag shows here if at all
    cloth_mismatch: float = Field(default=28.0, gt=0)  # in-shop photo against the nearer of the two photos
    min_pixels: int = Field(default=30, ge=1)  # a smaller region has no colour


def compare(
    source: PersonFeatures, target: PersonFeatures, cloth: Float[np.ndarray, "n 6"], config: NoiseConfig
) -> Float[np.ndarray, "n K"]:
    """Return the evidence in [0, 1) for every kind of ``KINDS``; what cannot be compared is 0."""
    thresholds = np.array([getattr(config, name) for name in KINDS])
    amounts = np.concatenate(
        [
            _attributes(source, target, thresholds[: len(ATTRIBUTES)], config.absent),
            _distance(source.clothes, target.clothes)[:, None],
            _distance(source.background, target.background)[:, None],
            np.fmin(_worn(source, cloth), _worn(target, cloth))[:, None],
        ],
        axis=1,
    )
    amounts = np.nan_to_num(amounts, nan=0.0)
    return amounts / (amounts + thresholds)


def _attributes(
    source: PersonFeatures, target: PersonFeatures, thresholds: Float[np.ndarray, " A"], absent: float
) -> Float[np.ndarray, "n A"]:
    """Return the share of what one photo shows and the other does not, else 0.

    What only the target shows cannot be inferred, from whichever side the source was taken. What only the source shows
    counts if the target's side would show it: glasses do not vanish by turning round.
    """
    missing = absent * thresholds
    appears = np.where(source.shares < missing, target.shares, 0.0)
    vanishes = np.where((target.shares < missing) & target.seen, source.shares, 0.0)
    return np.maximum(appears, vanishes)


def _worn(person: PersonFeatures, cloth: Float[np.ndarray, "n 6"]) -> Float[np.ndarray, " n"]:
    """Return the distance from the in-shop garment to the nearest of the garments worn; NaN if none is."""
    distances = _distance(person.garments, cloth[:, None])
    return np.fmin.reduce(distances, axis=1)


def _distance(first: Float[np.ndarray, "*n 6"], second: Float[np.ndarray, "*n 6"]) -> Float[np.ndarray, "*n"]:
    return np.sqrt(((first - second) ** 2).sum(-1))
