"""The label vocabulary: the groups of the method and the tables from other numberings."""

import numpy as np
import pytest

from spg_vton.labels import CLOTHES, FLIP, HEAD, LABEL_SETS, NUM_LABELS, PALETTE, REFERENCE, WITHOUT_CLOTHES, Label


def test_groups_have_table_ones_sizes() -> None:
    assert NUM_LABELS == 20
    assert (len(REFERENCE), len(WITHOUT_CLOTHES)) == (15, 17)
    assert set(REFERENCE) | set(CLOTHES) | set(HEAD) == set(Label)
    assert not set(REFERENCE) & {2, 13, 5, 6, 7} and not set(WITHOUT_CLOTHES) & {5, 6, 7}


@pytest.mark.parametrize(
    ("name", "number"),
    [("HAIR", 2), ("SUNGLASSES", 4), ("UPPER_CLOTHES", 5), ("TORSO_SKIN", 10), ("LEFT_ARM", 14), ("RIGHT_SHOE", 19)],
)
def test_numbering_is_cihps(name: str, number: int) -> None:
    assert Label[name] == number


def test_flip_swaps_exactly_the_sided_labels() -> None:
    assert (FLIP[FLIP] == np.arange(20)).all()
    assert {int(i) for i in np.flatnonzero(np.arange(20) != FLIP)} == {14, 15, 16, 17, 18, 19}
    assert FLIP[Label.LEFT_ARM] == Label.RIGHT_ARM and FLIP[Label.RIGHT_SHOE] == Label.LEFT_SHOE


def test_lip_differs_by_jumpsuits_only() -> None:
    assert (LABEL_SETS["cihp20"] == np.arange(20)).all()
    assert np.flatnonzero(LABEL_SETS["lip20"] != LABEL_SETS["cihp20"]).tolist() == [10]
    assert LABEL_SETS["lip20"][10] == Label.DRESS


def test_palette_tells_labels_apart() -> None:
    assert PALETTE.shape == (20, 3) and len(np.unique(PALETTE, axis=0)) == 20


@pytest.mark.parametrize(
    ("name", "theirs", "ours"),
    [
        ("atr18", 4, Label.UPPER_CLOTHES), ("atr18", 7, Label.DRESS), ("atr18", 9, Label.LEFT_SHOE),
        ("atr18", 12, Label.LEFT_LEG), ("atr18", 15, Label.RIGHT_ARM), ("atr18", 16, Label.BACKGROUND),
        ("acgpn14", 1, Label.HAIR), ("acgpn14", 6, Label.RIGHT_SHOE), ("acgpn14", 11, Label.LEFT_ARM),
        ("acgpn14", 13, Label.RIGHT_ARM), ("acgpn14", 7, Label.BACKGROUND),
    ],
)  # fmt: skip
def test_other_numberings(name: str, theirs: int, ours: Label) -> None:
    assert LABEL_SETS[name][theirs] == ours
    assert len(LABEL_SETS[name]) == int(name[-2:])
