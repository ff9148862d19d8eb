"""Packing writes exactly what the pictures hold, leaves out what is incomplete and says why."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from spg_vton.errors import DataError
from spg_vton.sources.manifest import Manifest, table
from spg_vton.sources.pictures import encode_mask
from spg_vton.store.dataset import Store
from spg_vton.store.mapped import open_table
from spg_vton.store.pack import PackConfig, pack

SMALL = PackConfig(height=32, width=24, batch_rows=2)


def _ids(folder: Path, name: str) -> list[str]:
    """Every row's image_id, in stored order."""
    return open_table(folder, name).read_all().column("image_id").to_pylist()


def test_same_size_is_stored_bit_for_bit(manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path) -> None:
    pack(manifest, clean, root, tmp_path / "store", SMALL)
    store = Store.open(tmp_path / "store")
    batch = store.batch(store.select(split="train"))
    assert batch.triple_ids == ("p0|p1|c0", "p1|p0|c0")
    assert batch.target_image is not None and batch.target_labels is not None
    for sample, (source, target) in enumerate((("p0", "p1"), ("p1", "p0"))):
        for image, name in ((batch.source_image, source), (batch.target_image, target), (batch.cloth, "c0")):
            expected = np.asarray(Image.open(root / f"{name}.png"))
            np.testing.assert_array_equal(image[sample].permute(1, 2, 0).numpy(), expected)
        np.testing.assert_array_equal(batch.source_labels[sample], np.asarray(Image.open(root / f"{source}_parse.png")))
        np.testing.assert_array_equal(batch.target_labels[sample], np.asarray(Image.open(root / f"{target}_parse.png")))
        np.testing.assert_allclose(batch.source_keypoints[sample], manifest.poses()[source], atol=1e-5)
        np.testing.assert_allclose(batch.target_keypoints[sample], manifest.poses()[target], atol=1e-5)
    np.testing.assert_array_equal(batch.cloth_mask[0, 0], np.asarray(Image.open(root / "c0_mask.png")) // 255)


def test_incomplete_triples_are_left_out_and_counted(
    manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path
) -> None:
    meta = pack(manifest, clean, root, tmp_path / "store", SMALL)
    assert meta["left_out"] == {"no_source_parse": 1, "no_target_keypoints": 1}
    assert meta["counts"]["triples"] == 5
    assert meta["counts"]["without_target"] == 1
    assert "bare" not in _ids(tmp_path / "store", "persons")


def test_truth_becomes_the_target(manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path) -> None:
    pack(manifest, clean, root, tmp_path / "store", SMALL)
    store = Store.open(tmp_path / "store")
    rows = store.select(paired=False, truth=True)
    persons, poses = (_ids(store.folder, name) for name in ("persons", "poses"))
    assert [persons[i] for i in store.indices(rows, "target")] == ["truth"]
    assert [poses[i] for i in store.indices(rows, "pose")] == ["p1"]
    alone = store.batch(store.select(paired=False, truth=False))
    assert alone.target_image is None and alone.target_labels is None
    np.testing.assert_allclose(alone.target_keypoints[0], manifest.poses()["alone"], atol=1e-5)


def test_noise_marks_are_stored(manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path) -> None:
    noise = pd.DataFrame(
        [{"triple_id": "p0|p1|c0", "noisy": True, "kinds": "hat", "score": 0.75, "by": "rules"}],
    )
    pack(manifest, noise, root, tmp_path / "store", SMALL)
    store = Store.open(tmp_path / "store")
    assert store.batch([0, 1]).noisy.tolist() == [True, False]
    assert store.select(split="train", noise="drop").tolist() == [1]


def test_a_made_mask_is_stored(manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path) -> None:
    drawn = np.zeros((32, 24), bool)
    drawn[2:20, 3:9] = True
    made = table("made_masks", [{"image_id": "c0", "png": encode_mask(drawn)}])
    given = manifest.cloth_masks.query("image_id != 'c0'")
    meta = pack(replace(manifest, cloth_masks=given, made_masks=made), clean, root, tmp_path / "store", SMALL)
    assert meta["counts"]["triples"] == 5
    np.testing.assert_array_equal(Store.open(tmp_path / "store").batch([0]).cloth_mask[0, 0], drawn)


def test_a_cloth_without_a_mask_costs_its_triples(
    manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path
) -> None:
    given = manifest.cloth_masks.query("image_id != 'c0'")
    meta = pack(replace(manifest, cloth_masks=given), clean, root, tmp_path / "store", SMALL)
    assert meta["left_out"] == {"no_garment_mask": 3, "no_source_parse": 1, "no_target_keypoints": 1}
    assert _ids(tmp_path / "store", "cloths") == ["c1"]


def test_batches_and_workers_change_nothing(
    manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path
) -> None:
    one = pack(manifest, clean, root, tmp_path / "one", SMALL, workers=1)
    two = pack(manifest, clean, root, tmp_path / "two", SMALL, workers=2)
    assert one == two
    pack(manifest, clean, root, tmp_path / "big", PackConfig(height=32, width=24, batch_rows=64))
    small, big = (Store.open(tmp_path / name).batch([0, 1, 2]) for name in ("one", "big"))
    np.testing.assert_array_equal(small.source_image, big.source_image)
    np.testing.assert_array_equal(small.target_keypoints, big.target_keypoints)


def test_an_older_store_is_replaced_and_nothing_is_left_beside(
    manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path
) -> None:
    pack(manifest, clean, root, tmp_path / "out" / "store", SMALL)
    pack(manifest, clean, root, tmp_path / "out" / "store", PackConfig(height=64, width=48, batch_rows=3))
    assert json.loads((tmp_path / "out" / "store" / "store.json").read_text())["height"] == 64
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["store"]


def test_nothing_complete_stops(manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none of 7 triples is complete.*no_source_parse"):
        pack(replace(manifest, parses=manifest.parses[:0]), clean, root, tmp_path / "store", SMALL)
    assert not (tmp_path / "store").exists()


def test_label_map_of_another_size_stops(manifest: Manifest, clean: pd.DataFrame, root: Path, tmp_path: Path) -> None:
    Image.new("L", (10, 10)).save(root / "p0_parse.png")
    with pytest.raises(DataError, match=r"p0_parse\.png: expected the photo's size 24×32, got 10×10"):
        pack(manifest, clean, root, tmp_path / "store", SMALL)
    assert not (tmp_path / "store").exists()
