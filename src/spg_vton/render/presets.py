"""Sets by name: their sizes, from a test's to that of MPV.

MPV (section IV-A) has 35,687 person photos, 13,524 garments and 62,780 triples, of which 52,236 train. ``mpv`` gives
every one of its 13,524 people an own garment and so many photos that photos and triples come within 0.1 % of that.
Test people are photographed in a second garment too, for the unpaired truth: some 2,300 garments and 6,000 photos more.
"""

from collections.abc import Mapping
from typing import Any

#: Share of MPV's training triples that its authors found noisy.
_MPV_NOISE = 0.1673

#: Fields of ``RenderConfig`` by the set's name.
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "tiny": {"persons": 4, "photos_per_person": 2, "test_share": 0.25, "supersampling": 1},
    "demo": {"persons": 320, "photos_per_person": 3, "test_share": 0.13, "noise_rate": _MPV_NOISE},
    "small": {"persons": 2_000, "photos_per_person": 3, "test_share": 0.15, "noise_rate": _MPV_NOISE},
    "mpv": {
        "persons": 13_524,
        "photos_per_person": {2: 0.404, 3: 0.553, 4: 0.043},
        "test_share": 0.168,
        "noise_rate": _MPV_NOISE,
    },
}
