"""The 20 semantic labels (CIHP's numbering, section III-A) and the groups of them the method uses.

Left and right are the person's own.
"""

from enum import IntEnum
from typing import Literal

import numpy as np


class Label(IntEnum):
    """A pixel's label in a semantic map."""

    BACKGROUND = 0
    HAT = 1
    HAIR = 2
    GLOVE = 3
    SUNGLASSES = 4
    UPPER_CLOTHES = 5
    DRESS = 6
    COAT = 7
    SOCKS = 8
    PANTS = 9
    TORSO_SKIN = 10
    SCARF = 11
    SKIRT = 12
    FACE = 13
    LEFT_ARM = 14
    RIGHT_ARM = 15
    LEFT_LEG = 16
    RIGHT_LEG = 17
    LEFT_SHOE = 18
    RIGHT_SHOE = 19


NUM_LABELS = len(Label)

CLOTHES = (Label.UPPER_CLOTHES, Label.DRESS, Label.COAT)
HEAD = (Label.FACE, Label.HAIR)
#: S'_s keeps these 15: all but head and clothes (Table I, input of G1).
REFERENCE = tuple(label for label in Label if label not in CLOTHES + HEAD)
#: Ŝ'_t keeps these 17: all but clothes (input of G2).
WITHOUT_CLOTHES = tuple(label for label in Label if label not in CLOTHES)

MIRRORED = {
    Label.LEFT_ARM: Label.RIGHT_ARM,
    Label.LEFT_LEG: Label.RIGHT_LEG,
    Label.LEFT_SHOE: Label.RIGHT_SHOE,
}

#: ``FLIP[label]`` is the label of the same pixel in the mirrored photo.
FLIP = np.arange(NUM_LABELS, dtype=np.uint8)
for _left, _right in MIRRORED.items():
    FLIP[_left], FLIP[_right] = _right, _left

#: RGB colours for looking at a map, (20, 3) uint8; never a carrier of labels.
PALETTE = np.array(
    [
        (0, 0, 0), (128, 0, 0), (255, 0, 0), (0, 85, 0), (170, 0, 51), (255, 85, 0), (0, 0, 85), (0, 119, 221),
        (85, 85, 0), (0, 85, 85), (85, 51, 0), (52, 86, 128), (0, 128, 0), (0, 0, 255), (51, 170, 221),
        (0, 255, 255), (85, 255, 170), (170, 255, 85), (255, 255, 0), (255, 170, 0),
    ],
    dtype=np.uint8,
)  # fmt: skip


LabelSet = Literal["cihp20", "lip20", "atr18", "acgpn14"]


def _lookup(changes: dict[int, int]) -> np.ndarray:
    """CIHP's numbering with some labels changed."""
    table = np.arange(NUM_LABELS, dtype=np.uint8)
    for source, ours in changes.items():
        table[source] = ours
    return table


#: From a source's label set to ours, by indexing: ``LABEL_SETS[name][map]``. A value past the table's end is an error.
LABEL_SETS: dict[str, np.ndarray] = {
    "cihp20": _lookup({}),
    "lip20": _lookup({10: Label.DRESS}),  # LIP's 10 is jumpsuits: clothes
    # ATR's belt (8) belongs to the trousers or the skirt that it holds; most are trousers. A bag (16) has no label.
    "atr18": np.array(
        [
            Label.BACKGROUND, Label.HAT, Label.HAIR, Label.SUNGLASSES, Label.UPPER_CLOTHES, Label.SKIRT, Label.PANTS,
            Label.DRESS, Label.PANTS, Label.LEFT_SHOE, Label.RIGHT_SHOE, Label.FACE, Label.LEFT_LEG, Label.RIGHT_LEG,
            Label.LEFT_ARM, Label.RIGHT_ARM, Label.BACKGROUND, Label.SCARF,
        ],
        np.uint8,
    ),
    # ACGPN's 2 and 3 do not occur and its 7 is noise; it knows no neck: those pixels are its background or face.
    "acgpn14": np.array(
        [
            Label.BACKGROUND, Label.HAIR, Label.BACKGROUND, Label.BACKGROUND, Label.UPPER_CLOTHES, Label.LEFT_SHOE,
            Label.RIGHT_SHOE, Label.BACKGROUND, Label.PANTS, Label.LEFT_LEG, Label.RIGHT_LEG, Label.LEFT_ARM,
            Label.FACE, Label.RIGHT_ARM,
        ],
        np.uint8,
    ),
}  # fmt: skip
