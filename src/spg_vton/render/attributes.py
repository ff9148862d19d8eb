"""What a person wears besides the usual in every photo, so that its mere presence is no sign of noise."""

from collections.abc import Mapping

import numpy as np

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.accessories import Accessory, sample_accessory
from spg_vton.render.config import normalised

#: How often each is worn, relative to the others.
ATTRIBUTE_SHARES: Mapping[str, float] = {
    NoiseKind.GLASSES: 0.2,
    NoiseKind.BAG: 0.1,
    NoiseKind.HAT: 0.1,
    NoiseKind.SCARF: 0.09,
    NoiseKind.NECKLACE: 0.16,
    NoiseKind.GLOVES: 0.05,
    NoiseKind.COAT: 0.12,
}


def sample_attribute(share: float, rng: np.random.Generator) -> tuple[Accessory, ...]:
    """One thing for a ``share`` of the people, nothing for the others."""
    if rng.random() >= share:
        return ()
    odds = normalised(ATTRIBUTE_SHARES)
    return (sample_accessory(str(rng.choice(list(odds), p=list(odds.values()))), rng),)
