"""Reading the store: cheap, shared, picklable, and loud about a damaged folder."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from spg_vton.errors import DataError
from spg_vton.sources.manifest import Manifest
from spg_vton.store.dataset import Store
from spg_vton.store.pack import PackConfig, pack


@pytest.fixture
def folder(manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path) -> Path:
    pack(manifest, clean, root, tmp_path / "store", PackConfig(height=32, width=24, batch_rows=2))
    return tmp_path / "store"


def test_shapes_and_types(folder: Path) -> None:
    batch = Store.open(folder).batch([0, 1, 2])
    assert batch.source_image.shape == (3, 3, 32, 24) and batch.source_image.dtype == torch.uint8
    assert batch.cloth_mask.shape == (3, 1, 32, 24) and set(batch.cloth_mask.unique().tolist()) == {0, 1}
    assert batch.source_labels.shape == (3, 32, 24) and batch.source_labels.dtype == torch.uint8
    assert batch.target_keypoints.shape == (3, 18, 3) and batch.target_keypoints.dtype == torch.float32
    assert batch.noisy.dtype == torch.bool and batch.source_image.is_contiguous()


def test_batched_equals_single(folder: Path) -> None:
    store = Store.open(folder)
    together = store.batch([2, 0, 2])
    for position, row in enumerate((2, 0, 2)):
        alone = store.batch([row])
        for name in ("source_image", "target_image", "cloth", "cloth_mask", "source_labels", "target_keypoints"):
            torch.testing.assert_close(getattr(together, name)[position], getattr(alone, name)[0], rtol=0, atol=0)
        assert together.triple_ids[position] == alone.triple_ids[0]


def test_rows_with_and_without_target_together_have_none(folder: Path) -> None:
    store = Store.open(folder)
    assert store.batch(np.arange(len(store))).target_image is None


def test_selection(folder: Path) -> None:
    store = Store.open(folder)
    assert len(store) == 5
    assert store.select().tolist() == [0, 1, 2, 3, 4]
    assert store.select(split="train").tolist() == [0, 1]
    assert store.select(split="test", paired=True).tolist() == [2]
    assert store.select(paired=False).tolist() == [3, 4]
    assert store.select(truth=False).tolist() == [4]


def test_pictures_are_views_into_the_mapped_file(folder: Path) -> None:
    store = Store.open(folder)
    store.batch([0])
    for view in store._columns["persons", "image"].views:
        assert not view.flags.owndata and not view.flags.writeable


def test_a_batch_is_a_copy(folder: Path) -> None:
    store = Store.open(folder)
    before = store.batch([0]).source_image.clone()
    store.batch([0]).source_image.zero_()
    torch.testing.assert_close(store.batch([0]).source_image, before)


def test_a_pickled_store_is_small_and_reads_the_same(folder: Path) -> None:
    store = Store.open(folder)
    store.batch([0])
    data = pickle.dumps(store)
    assert len(data) < 1000
    torch.testing.assert_close(pickle.loads(data).batch([0]).source_image, store.batch([0]).source_image)


def _lose_meta(folder: Path) -> None:
    (folder / "store.json").unlink()


def _break_meta(folder: Path) -> None:
    (folder / "store.json").write_text('{"format": 1, "hei')


def _age_meta(folder: Path) -> None:
    meta = json.loads((folder / "store.json").read_text())
    (folder / "store.json").write_text(json.dumps({**meta, "format": 0}))


def _lose_a_key(folder: Path) -> None:
    (folder / "store.json").write_text('{"format": 1}')


def _resize(folder: Path) -> None:
    meta = json.loads((folder / "store.json").read_text())
    (folder / "store.json").write_text(json.dumps({**meta, "height": 64}))


def _truncate(folder: Path) -> None:
    path = folder / "persons.arrow"
    path.write_bytes(path.read_bytes()[:-100])


def _lose_a_table(folder: Path) -> None:
    (folder / "cloths.arrow").unlink()


def _garble(folder: Path) -> None:
    path = folder / "poses.arrow"
    path.write_bytes(b"\0" * path.stat().st_size)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_lose_meta, r"expected a packed store"),
        (_break_meta, r"expected JSON"),
        (_age_meta, r"expected store format 1, got 0"),
        (_lose_a_key, r"expected the keys"),
        (_resize, r"persons\.arrow: its columns differ"),
        (_truncate, r"persons\.arrow: expected \d+ bytes, got \d+"),
        (_lose_a_table, r"cloths\.arrow: expected \d+ bytes, got no file"),
        (_garble, r"poses\.arrow: expected an Arrow IPC file"),
    ],
)
def test_a_damaged_store_says_so_and_how_to_mend_it(folder: Path, damage: Callable[[Path], None], message: str) -> None:
    damage(folder)
    with pytest.raises(DataError, match=message) as caught:
        Store.open(folder)
    assert "Pack the data again" in str(caught.value)
