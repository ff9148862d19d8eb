"""Ingestion keeps what is usable, and for each bad input names the file, the reason and the count."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from spg_vton.errors import DataError
from spg_vton.labels import PALETTE
from spg_vton.sources.ingest import IngestionError, ingest
from spg_vton.sources.mpv import MpvSource


def _reasons(report: dict[str, Any]) -> dict[str, str]:
    return {entry["file"]: entry["reason"] for entry in report["rejected"]}


def test_a_good_set_is_kept_whole(tiny: Any, layout: str) -> None:
    first, second, cloth = tiny.product("AA111")
    tiny.row(second, first, cloth, "train")
    tiny.product("BB222", "test")
    result = ingest(MpvSource(), tiny.write(), workers=2)
    manifest, report = result.manifest, result.report
    assert report["layout"] == layout
    assert report["rows"] == {"read": 3, "kept": 3, "dropped": {}}
    assert report["triples"] == {"train_paired": 2, "test_paired": 1}
    assert report["images"] == {"person": 4, "cloth": 2}
    assert report["rejected"] == []
    assert report["warnings"]["swapped_pairs"] == 2
    assert len(manifest.parses) == len(manifest.keypoints) == 4 and len(manifest.cloth_masks) == 2
    triple = manifest.triples.iloc[0]
    names = [name.removesuffix(".jpg") for name in (first, second, cloth)]
    assert [triple.source_id, triple.target_id, triple.cloth_id] == names
    assert triple.triple_id == "|".join(names)
    image = manifest.images.set_index("image_id").loc[names[0]]
    assert (image.width, image.height) == (24, 32)
    assert image.sha256 == hashlib.sha256((tiny.root / image.path).read_bytes()).hexdigest()
    json.dumps(report)


def test_report_names_no_place_on_this_machine(tiny: Any) -> None:
    tiny.product("AA111")
    tiny.row("gone.jpg", "gone.jpg", "gone.jpg", "train")
    assert str(tiny.root.parent) not in json.dumps(ingest(MpvSource(), tiny.write()).report)


def test_bad_photos_drop_their_rows(tiny: Any, truncate: Any) -> None:
    tiny.product("AA111")
    broken, _, _ = tiny.product("BB222")
    _, absent, _ = tiny.product("CC333")
    truncate(tiny.photo_path(broken))
    tiny.photo_path(absent).unlink()
    report = ingest(MpvSource(), tiny.write()).report
    assert report["rows"] == {"read": 3, "kept": 1, "dropped": {"source_unusable": 1, "target_unusable": 1}}
    assert report["rejected_by_reason"] == {"undecodable_photo": 1, "absent_file": 1}
    reasons = {Path(name).name: reason for name, reason in _reasons(report).items()}
    assert reasons == {Path(broken).name: "undecodable_photo", Path(absent).name: "absent_file"}


def _wrong_size(path: Path) -> None:
    Image.new("L", (12, 16)).save(path)


def _out_of_range(path: Path) -> None:
    values = np.asarray(Image.open(path)).copy()
    values[0, 0] = 20
    Image.fromarray(values).save(path)


def _rendering(path: Path) -> None:
    Image.fromarray(PALETTE[np.asarray(Image.open(path))]).save(path)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(_wrong_size, "size_mismatch"), (_out_of_range, "label_out_of_range"), (_rendering, "colour_labels")],
)
def test_a_bad_label_map_is_rejected_and_counts_as_missing(tiny: Any, spoil: Any, reason: str) -> None:
    first, _, _ = tiny.product("AA111")
    path = tiny.side("parses", first, ".png")
    spoil(path)
    result = ingest(MpvSource(), tiny.write())
    assert _reasons(result.report) == {path.relative_to(tiny.root).as_posix(): reason}
    assert result.report["warnings"]["missing_parses"] == 1
    assert first.removesuffix(".jpg") not in set(result.manifest.parses["image_id"])
    assert len(result.manifest.triples) == 1


def test_a_palette_label_map_is_read_by_index(tiny_a: Any) -> None:
    first, _, _ = tiny_a.product("AA111")
    path = tiny_a.side("parses", first, ".png")
    image = Image.fromarray(np.asarray(Image.open(path)))
    image = image.convert("P")
    image.putpalette(PALETTE.reshape(-1).tolist())
    image.save(path)
    assert Image.open(path).mode == "P"
    report = ingest(MpvSource(), tiny_a.write()).report
    assert report["warnings"]["palette_parses"] == 1
    assert report["rejected"] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"people": []}', "no_person_in_keypoints"),
        ('{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}', "broken_keypoints"),
        ('{"people": [{"pose_keypo', "broken_keypoints"),
        ("[1, 2]", "broken_keypoints"),
        ('{"people": [{"pose_keypoints_2d": ["x"]}]}', "broken_keypoints"),
    ],
)
def test_bad_keypoints_are_rejected_and_count_as_missing(tiny: Any, text: str, reason: str) -> None:
    first, _, _ = tiny.product("AA111")
    path = tiny.side("keypoints", first, "_keypoints.json")
    path.write_text(text)
    report = ingest(MpvSource(), tiny.write()).report
    assert _reasons(report) == {path.relative_to(tiny.root).as_posix(): reason}
    assert report["warnings"]["missing_keypoints"] == 1
    assert report["rows"]["kept"] == 1


def test_missing_side_files_are_no_fault(tiny: Any) -> None:
    first = tiny.person("AA111", "1=person_half_front", parse=False)
    second = tiny.person("AA111", "2=person_half_front", pose=False)
    tiny.row(first, second, tiny.cloth("AA111", "3=cloth_front", mask=False), "train")
    report = ingest(MpvSource(), tiny.write()).report
    assert report["rejected"] == [] and report["rows"]["kept"] == 1
    warnings = report["warnings"]
    assert (warnings["missing_parses"], warnings["missing_keypoints"], warnings["missing_cloth_masks"]) == (1, 1, 1)


def test_bad_list_rows_are_named_by_line(tiny_a: Any) -> None:
    first, second, cloth = tiny_a.product("AA111")
    tiny_a.row(first, second, "train")
    tiny_a.row(first, second, cloth, "val")
    tiny_a.row(first, second, cloth, "train")
    tiny_a.row(second, first, cloth, "train")
    report = ingest(MpvSource(), tiny_a.write()).report
    name = "all_poseA_poseB_clothes.txt"
    expected = {f"{name}:2": "column_count", f"{name}:3": "unknown_split", f"{name}:4": "duplicate_row"}
    assert _reasons(report) == expected
    assert report["rows"]["read"] == 5 and report["rows"]["kept"] == 2
    assert report["rows"]["dropped"] == {"column_count": 1, "unknown_split": 1, "duplicate_row": 1}


def test_a_leak_costs_the_training_rows(tiny_a: Any) -> None:
    first, second, cloth = tiny_a.product("AA111", "train")
    tiny_a.row(second, first, cloth, "test")
    tiny_a.product("BB222", "train")
    third = tiny_a.person("BB222", "20=person_half_front")
    tiny_a.row(third, third, tiny_a.cloth("BB222", "21=cloth_front"), "test")
    tiny_a.product("CC333", "train")
    result = ingest(MpvSource(), tiny_a.write())
    assert result.report["rows"]["dropped"] == {"leak": 2}
    warnings = result.report["warnings"]
    assert (warnings["leaked_photos"], warnings["leaked_garments"], warnings["leaked_products"]) == (2, 1, 2)
    leaks = {Path(entry["file"]).name: entry["detail"] for entry in result.report["rejected"]}
    assert result.report["rejected_by_reason"] == {"leak": 6}
    for sku, what in (("AA111", "this photo is"), ("BB222", "another photo of its product BB222 is")):
        for tag in ("8=person_half_front", "9.1=person_whole_front", "12.1=cloth_front"):
            assert leaks[f"{sku}-C11@{tag}.jpg"].startswith(f"{what} in a test row too; the test split keeps it")
    assert result.report["triples"] == {"test_paired": 2, "train_paired": 1}
    train = result.manifest.triples.query("split == 'train'")
    assert train["source_id"].tolist() == ["CC333/CC333-C11@8=person_half_front"]


@pytest.mark.parametrize("same_photo", [True, False])
def test_a_garment_that_a_test_row_wears_leaks(tiny: Any, same_photo: bool) -> None:
    first, second, cloth = tiny.product("AA111", "train")
    tiny.product("BB222", "train")
    person = tiny.person("CC333", "1=person_half_front")
    tiny.row(person, person, cloth if same_photo else tiny.cloth("AA111", "30=cloth_front"), "test")
    result = ingest(MpvSource(), tiny.write())
    warnings = result.report["warnings"]
    leaked = (warnings["leaked_photos"], warnings["leaked_garments"], warnings["leaked_products"])
    assert leaked == (0, int(same_photo), 1)
    photos, garments = tiny.folders.persons, tiny.folders.cloths
    assert set(_reasons(result.report)) == {f"{photos}/{first}", f"{photos}/{second}", f"{garments}/{cloth}"}
    assert set(_reasons(result.report).values()) == {"leak"}
    assert result.report["rows"]["dropped"] == {"leak": 1}
    assert result.report["triples"] == {"train_paired": 1, "test_unpaired": 1}


def test_a_person_photo_that_is_another_rows_cloth_is_kept_once(tiny_a: Any) -> None:
    first, _, _ = tiny_a.product("AA111")
    other, second, _ = tiny_a.product("BB222")
    tiny_a.row(other, second, first, "train")
    result = ingest(MpvSource(), tiny_a.write())
    assert result.report["rows"] == {"read": 3, "kept": 2, "dropped": {"cloth_is_a_person": 1}}
    images = result.manifest.images.set_index("image_id")
    assert images.loc[first.removesuffix(".jpg"), "kind"] == "person" and len(images) == 6


def test_nothing_left_stops_with_the_report(tiny: Any) -> None:
    for number in range(4):
        tiny.row(*(tiny.entry(f"N{number}", tag) for tag in ("1=a", "2=b", "3=c")), "train")
    tiny.person("OTHER", "1=a")
    with pytest.raises(IngestionError, match=r"none of 4 rows is.*Put the photos under") as caught:
        ingest(MpvSource(), tiny.write())
    report = caught.value.report
    assert isinstance(caught.value, DataError)
    assert report["rejected_by_reason"] == {"absent_file": 12}
    assert report["rows"]["dropped"] == {"source_unusable": 4}
