"""What a person wears besides the usual in every photo, so that its mere presence is no sign of noise."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.accessories import DRESS, SOCKS, Accessory, sample_accessory
from spg_vton.render.config import normalised
from spg_vton.render.people import Identity

#: How often each is worn, relative to the others, by those that it suits.
ATTRIBUTE_SHARES: Mapping[str, float] = {
    NoiseKind.GLASSES: 0.2,
    NoiseKind.BAG: 0.1,
    NoiseKind.HAT: 0.1,
    NoiseKind.SCARF: 0.09,
    NoiseKind.NECKLACE: 0.16,
    NoiseKind.GLOVES: 0.05,
    NoiseKind.COAT: 0.12,
    SOCKS: 0.3,
    DRESS: 0.12,
}


def _suits(kind: str, identity: Identity) -> bool:
    """Socks show on bare legs only; the dress is a woman's."""
    return (kind != SOCKS or identity.lower in ("shorts", "skirt")) and (kind != DRESS or identity.female)


def sample_attribute(identity: Identity, share: float, rng: np.random.Generator) -> tuple[Accessory, ...]:
    """One thing for a ``share`` of the people, nothing for the others."""
    if rng.random() >= share:
        return ()
    suiting = normalised({kind: odds for kind, odds in ATTRIBUTE_SHARES.items() if _suits(kind, identity)})
    return (sample_accessory(str(rng.choice(list(suiting), p=list(suiting.values()))), rng),)


def suited(identity: Identity, attributes: tuple[Accessory, ...]) -> Identity:
    """The identity with lower clothes that go with what is worn: under a dress, nothing that shows."""
    if any(one.kind == DRESS for one in attributes):
        return replace(identity, lower="skirt", skirt_length=0.0, tucked=True)
    return identity
