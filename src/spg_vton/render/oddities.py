"""What makes a person's photos noisy: a kind that shows, on a photo that shows it (section IV-A)."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.accessories import Accessory
from spg_vton.render.config import normalised

_BEHIND = 100.0  # degrees turned away, from which on the front of the body does not show
_AWAY = (35.0, 145.0)  # degrees between which the left side, where bags hang, is turned away
_IN_FRONT = frozenset({NoiseKind.GLASSES, NoiseKind.NECKLACE})
_HIDDEN_UNDER = {NoiseKind.SCARF: NoiseKind.NECKLACE}


def _shows(kind: NoiseKind, yaw: float) -> bool:
    turned = (yaw + 180) % 360 - 180
    if kind == NoiseKind.BAG:
        return not _AWAY[0] < turned < _AWAY[1]
    return abs(turned) < _BEHIND or kind not in _IN_FRONT


def choose_oddity(
    shares: Mapping[NoiseKind, float], yaws: Sequence[float], worn: Iterable[Accessory], rng: np.random.Generator
) -> tuple[NoiseKind | None, int]:
    """Draw a kind of noise and the photo that it strikes.

    Args:
        shares: how often each kind strikes.
        yaws: of each photo, how far the person is turned away, degrees.
        worn: what the person wears in all photos: no noise.
        rng: the source of chance.

    Returns:
        The kind, None where none of ``shares`` would show, and the number of the photo (of no meaning where the
        in-shop photo is the odd one).
    """
    kinds = {one.kind for one in worn}
    kinds |= {under for over, under in _HIDDEN_UNDER.items() if over in kinds}
    photos = {kind: [i for i, yaw in enumerate(yaws) if _shows(kind, yaw)] for kind in shares if kind not in kinds}
    possible = {kind: shares[kind] for kind, where in photos.items() if where and shares[kind] > 0}
    if not possible:
        return None, 0
    kind = NoiseKind(rng.choice(list(possible), p=list(normalised(possible).values())))
    return kind, int(rng.choice(photos[kind]))
