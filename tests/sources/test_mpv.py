"""MPV's lists: nested and flat files, try-on requests, rendered truths, and the real files where they are at hand."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from spg_vton.errors import DataError
from spg_vton.sources.ingest import IngestionError, ingest
from spg_vton.sources.mpv import MpvSource
from spg_vton.sources.mpv_layouts import image_id, product


@pytest.mark.parametrize(
    ("entry", "name", "sku"),
    [
        ("TW421/TW421-C11@12.1=cloth_front.jpg", "TW421/TW421-C11@12.1=cloth_front", "TW421"),
        ("1LJ21D005-G11@10=person_half_front.jpg", "1LJ21D005-G11@10=person_half_front", "1LJ21D005"),
        ("A-G11@10.1=person_keypoints.json", "A-G11@10.1=person", "A"),
        ("A-G11@10.1=person", "A-G11@10.1=person", "A"),
    ],
)
def test_names(entry: str, name: str, sku: str) -> None:
    assert image_id(entry) == name
    assert product(entry) == sku


def test_typos_and_bad_values_fail_before_any_data() -> None:
    with pytest.raises(ValidationError, match="layuot"):
        MpvSource(layuot="a")  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="label_set"):
        MpvSource(label_set="pascal7")  # type: ignore[arg-type]


def test_missing_root_layout_and_list_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a folder with MPV data"):
        ingest(MpvSource(), tmp_path / "none")
    with pytest.raises(DataError, match="no MPV arrangement recognised"):
        ingest(MpvSource(), tmp_path)
    with pytest.raises(DataError, match=r"expected a list mine\.txt"):
        ingest(MpvSource(layout="b", pairs_file="mine.txt"), tmp_path)


def test_side_files_may_lie_flat(tiny_a: Any, move: Any) -> None:
    first, _, cloth = tiny_a.product("AA111")
    for kind, entry, suffix in (
        ("parses", first, ".png"),
        ("keypoints", first, "_keypoints.json"),
        ("masks", cloth, "_mask.png"),
    ):
        path = tiny_a.side(kind, entry, suffix)
        move(path, path.parent.parent / path.name)
    warnings = ingest(MpvSource(), tiny_a.write()).report["warnings"]
    assert (warnings["missing_parses"], warnings["missing_keypoints"], warnings["missing_cloth_masks"]) == (0, 0, 0)


def test_detailed_may_be_nested_by_split(tmp_path: Path, tiny_a: Any, move: Any) -> None:
    entries = tiny_a.product("AA111", "train")
    root = tmp_path / "nested"
    for entry in entries:
        move(tiny_a.photo_path(entry), root / "images" / "train" / entry)
    (root / "data_pair.txt").write_text("\t".join((*entries, "train")))
    result = ingest(MpvSource(), root)
    assert result.report["layout"] == "detailed"
    assert set(result.manifest.images["path"]) == {f"images/train/{entry}" for entry in entries}


def test_a_space_separated_list_is_read(tiny_a: Any) -> None:
    tiny_a.product("AA111")
    tiny_a.rows = [row.replace("\t", "  ") for row in tiny_a.rows]
    assert ingest(MpvSource(), tiny_a.write()).report["rows"]["kept"] == 1


def test_label_set_is_carried(tiny_a: Any) -> None:
    tiny_a.product("AA111")
    manifest = ingest(MpvSource(label_set="lip20"), tiny_a.write()).manifest
    assert set(manifest.parses["label_set"]) == {"lip20"}


def test_rendered_truths(tiny_a: Any) -> None:
    first, second, _ = tiny_a.product("AA111", "test")
    other = tiny_a.cloth("BB222", "3=cloth_front")
    truth = tiny_a.person("AA111", "40=person_half_front")
    root = tiny_a.write()
    (root / "unpaired_truth.txt").write_text("\t".join((first, second, other, truth, "test")) + "\n")
    manifest = ingest(MpvSource(), root).manifest
    unpaired = manifest.triples.query("~paired")
    assert unpaired["target_id"].isna().all() and len(unpaired) == 1
    assert unpaired["target_pose_id"].tolist() == [second.removesuffix(".jpg")]
    assert manifest.unpaired_truth["triple_id"].tolist() == unpaired["triple_id"].tolist()
    assert manifest.unpaired_truth["image_id"].tolist() == [truth.removesuffix(".jpg")]
    assert truth.removesuffix(".jpg") in set(manifest.images["image_id"]) & set(manifest.parses["image_id"])


def test_another_products_cloth_makes_a_row_unpaired(tiny_a: Any) -> None:
    first, second, _ = tiny_a.product("AA111")
    tiny_a.rows = []
    tiny_a.row(first, second, tiny_a.cloth("BB222", "3=cloth_front"), "test")
    root = tiny_a.write()
    assert ingest(MpvSource(), root).report["triples"] == {"test_unpaired": 1}
    assert ingest(MpvSource(pair_across_products=True), root).report["triples"] == {"test_paired": 1}


def test_a_pose_file_without_a_person_drops_its_row(tiny_a: Any) -> None:
    first, second, cloth = tiny_a.product("AA111", "test")
    for name, text in (("empty", '{"people": []}'), ("good", None)):
        path = tiny_a.side("keypoints", f"P/{name}.jpg", "_keypoints.json")
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text or tiny_a.side("keypoints", second, "_keypoints.json").read_text())
        tiny_a.row(first, f"P/{name}_keypoints.json", cloth, "test")
    tiny_a.row(first, "P/gone_keypoints.json", cloth, "test")
    result = ingest(MpvSource(), tiny_a.write())
    assert result.report["rows"]["dropped"] == {"pose_unusable": 2}
    assert result.report["rejected_by_reason"] == {"no_person_in_keypoints": 1, "absent_file": 1}
    assert "P/good" in set(result.manifest.keypoints["image_id"]) - set(result.manifest.images["image_id"])


@pytest.fixture
def real() -> Path:
    folder = os.environ.get("SPG_VTON_REAL_DATA")
    if not folder:
        pytest.skip("SPG_VTON_REAL_DATA is not set: no real photos to read")
    return Path(folder) / "mpv"


def test_real_photos(real: Path) -> None:
    result = ingest(MpvSource(pairs_file="sample_pairs.txt"), real)
    assert result.report["rejected"] == []
    assert result.report["triples"] == {"test_unpaired": 5}
    assert (len(result.manifest.parses), len(result.manifest.cloth_masks), len(result.manifest.keypoints)) == (5, 5, 5)


def test_real_try_on_list(real: Path) -> None:
    manifest = ingest(MpvSource(pairs_file="demo.txt"), real).manifest
    assert manifest.triples["target_id"].isna().all() and not manifest.triples["paired"].any()
    assert len(manifest.triples) == 5 and len(manifest.keypoints) == 10
    assert manifest.triples["target_pose_id"].iloc[0] == "AD121D0G7-A11@10=person_half_front"


def test_real_list_without_its_photos_is_read_whole_and_fast(real: Path) -> None:
    start = time.perf_counter()
    with pytest.raises(IngestionError) as caught:
        ingest(MpvSource(), real)
    assert time.perf_counter() - start < 5
    report = caught.value.report
    assert report["rows"]["read"] == 14754 and report["rows"]["dropped"] == {"source_unusable": 14754}
    assert report["warnings"]["swapped_pairs"] == 14754 and report["rows"]["kept"] == 0
    assert {report["warnings"][f"leaked_{what}"] for what in ("photos", "garments", "products")} == {0}
    assert report["rejected_by_reason"] == {"absent_file": 21072}  # three garments of the list are in the samples
