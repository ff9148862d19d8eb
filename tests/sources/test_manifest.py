"""The manifest refuses tables that break its models."""

from typing import Any

import pandas as pd
import pytest

from spg_vton.errors import DataError
from spg_vton.sources.manifest import Manifest, check_table, table

IMAGE = {"path": "p.jpg", "source": "x", "width": 2, "height": 3, "sha256": "0" * 64}
PERSON = {"image_id": "p", "kind": "person", **IMAGE}
CLOTH = {"image_id": "c", "kind": "cloth", **IMAGE}
TRIPLE = {"triple_id": "p|q|c", "source_id": "p", "target_id": None, "target_pose_id": "q", "cloth_id": "c"}
TRIPLE = {**TRIPLE, "split": "test", "paired": False}
POSE = {"image_id": "q", "keypoints": [1.0] * 54}


def test_a_round_trip_through_parquet(tmp_path: Any) -> None:
    manifest = Manifest.from_rows(images=[PERSON, CLOTH], triples=[TRIPLE], keypoints=[POSE])
    for name in ("images", "triples", "keypoints"):
        path = tmp_path / f"{name}.parquet"
        getattr(manifest, name).to_parquet(path)
        pd.testing.assert_frame_equal(
            check_table(name, pd.read_parquet(path)), getattr(manifest, name), check_like=True
        )
    assert manifest.triples["target_id"].isna().all()
    assert manifest.poses()["q"].shape == (18, 3)


def test_empty_tables_are_fine() -> None:
    assert len(Manifest.from_rows().images) == 0
    assert list(table("noise", []).columns) == ["triple_id", "noisy", "kinds", "score", "by"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("images", [{**PERSON, "kind": "dog"}]),
        ("images", [{**PERSON, "width": 0}]),
        ("images", [PERSON, PERSON]),
        ("images", [{**PERSON, "sha256": "0"}]),
        ("triples", [{**TRIPLE, "split": "val"}]),
        ("keypoints", [{**POSE, "keypoints": [1.0] * 53}]),
        ("parses", [{"image_id": "p", "path": "p.png", "label_set": "pascal7"}]),
        ("made_masks", [{"image_id": "c", "png": b""}] * 2),
        ("noise", [{"triple_id": "t", "noisy": True, "kinds": "", "score": 1.5, "by": "x"}]),
    ],
)
def test_bad_values_are_refused(name: str, rows: list[dict[str, object]]) -> None:
    with pytest.raises(DataError, match=rf"Manifest table `{name}`"):
        check_table(name, table(name, rows))


def test_unknown_and_missing_columns_are_refused() -> None:
    with pytest.raises(DataError, match="colour"):
        check_table("images", pd.DataFrame([{**PERSON, "colour": "red"}]))
    with pytest.raises(DataError, match="sha256"):
        check_table("images", pd.DataFrame([PERSON]).drop(columns="sha256"))


def test_triples_must_point_at_images() -> None:
    with pytest.raises(DataError, match=r"triples\.cloth_id to be a row of images, got 1.*\['c'\]"):
        Manifest.from_rows(images=[PERSON], triples=[TRIPLE])
