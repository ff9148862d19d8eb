"""DeepFashion, VITON and VITON-HD, own photos: the list, the files found, what is rejected."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from spg_vton.errors import DataError
from spg_vton.sources.config import SourceConfig
from spg_vton.sources.deepfashion import DeepFashionSource
from spg_vton.sources.ingest import IngestionError, ingest
from spg_vton.sources.own import OwnSource
from spg_vton.sources.viton import VitonSource

RED = (200, 30, 60)
_A, _B, _C = (
    f"fashionWOMENTees_Tanksid000000{number}01_{view}.jpg"
    for number, view in ((1, "1front"), (1, "2side"), (2, "3back"))
)


def deepfashion(draw, root: Path, rows: list[str]) -> Path:
    for name in (_A, _B, _C):
        draw.photo(root / "deepfashion" / "img" / name, RED)
    (root / "deepfashion" / "fasion-pairs-test.csv").write_text("\n".join(["from,to", *rows]))
    x = [10, 10, -1, *range(15)]
    lines = [f"{name}: {list(range(18))}: {x}" for name in (_A, _B, _C)]
    (root / "deepfashion" / "fasion-annotation-test.csv").write_text(
        "\n".join(["name:keypoints_y:keypoints_x", *lines])
    )
    for name in ("T1-C11@2=cloth_front.jpg", "T2-C11@2=cloth_front.jpg", "R1-C11@2=cloth_front.jpg"):
        draw.photo(root / "mpv" / "MPV_192_256" / name[:2] / name, RED)
    listed = [f"{sku}/p.jpg\t{sku}/q.jpg\t{sku}/{sku}-C11@2=cloth_front.jpg\t{split}"
              for sku, split in (("T1", "test"), ("T2", "test"), ("R1", "train"))]  # fmt: skip
    (root / "mpv" / "all_poseA_poseB_clothes.txt").write_text("\n".join(listed))
    return root


def test_deepfashion_pairs_take_test_garments_only(draw, tmp_path):
    root = deepfashion(draw, tmp_path, [f"{_A},{_B}", f"{_B},{_A}", f"{_C},{_A}"])
    manifest = ingest(DeepFashionSource(), root).manifest
    triples = manifest.triples
    assert len(triples) == 3 and set(triples["split"]) == {"test"} and not triples["paired"].any()
    assert triples["target_id"].isna().all()
    assert all("T1-" in name or "T2-" in name for name in triples["cloth_id"])
    pose = manifest.poses()[f"deepfashion/{_A.removesuffix('.jpg')}"]
    assert pose[0].tolist() == [10, 0, 1] and pose[2].tolist() == [0, 0, 0] and pose[3].tolist() == [0, 3, 1]


def test_deepfashion_garments_depend_on_the_seed_alone(draw, tmp_path):
    root = deepfashion(draw, tmp_path, [f"{a},{b}" for a in (_A, _B, _C) for b in (_A, _B, _C) if a != b])
    drawn = [list(DeepFashionSource(seed=seed).listing(root).rows) for seed in (0, 0, 1, 2, 3)]
    assert drawn[0] == drawn[1]
    assert any(drawn[0] != other for other in drawn[2:])
    assert len(DeepFashionSource(pairs=4).listing(root).rows) == 4


def test_deepfashion_names_a_garment_of_its_own(draw, tmp_path):
    root = deepfashion(draw, tmp_path, [])
    lines = ["from,to,garment", f"{_A},{_B},R1-C11@2=cloth_front.jpg"]
    (root / "deepfashion" / "fasion-pairs-test.csv").write_text("\n".join(lines))
    (row,) = DeepFashionSource().listing(root).rows
    assert row.cloth == "mpv/R1-C11@2=cloth_front"


def test_deepfashion_reports_bad_lines_and_goes_on(draw, tmp_path):
    root = deepfashion(draw, tmp_path, [f"{_A},{_B}", f"{_A}", f"{_A},nobody.jpg", f"{_A},{_B}"])
    poses = root / "deepfashion" / "fasion-annotation-test.csv"
    poses.write_text(poses.read_text().replace(f"{_C}: [0,", f"{_C}: [zero,"))
    report = ingest(DeepFashionSource(), root).report
    # The garment is drawn a row, so equal pairs may meet different garments.
    assert report["rejected_by_reason"]["column_count"] == 1
    assert report["rejected_by_reason"]["absent_file"] >= 1
    assert report["rows"]["kept"] in (1, 2)


def test_deepfashion_says_what_is_missing(draw, tmp_path):
    (tmp_path / "deepfashion").mkdir()
    with pytest.raises(DataError, match="fasion-pairs"):
        DeepFashionSource().listing(tmp_path)
    root = deepfashion(draw, tmp_path / "r", [f"{_A},{_B}"])
    shutil.rmtree(root / "mpv")
    with pytest.raises(DataError, match="garments"):
        DeepFashionSource().listing(root)


def viton(draw, root: Path, layout: str) -> Path:
    folders = {"viton": ("image-parse", "pose"), "viton_hd": ("image-parse-v3", "openpose_json")}[layout]
    for split, numbers in (("train", (1, 2)), ("test", (3, 4))):
        pairs = []
        for number in numbers:
            person, cloth = (f"0{number}_0", f"0{number}_1") if layout == "viton" else (f"0{number}_00",) * 2
            draw.photo(root / split / "image" / f"{person}.jpg", RED)
            draw.photo(root / split / "cloth" / f"{cloth}.jpg", RED)
            values = np.zeros((32, 24), np.uint8)
            values[4:28, 6:18] = 255
            draw.save(root / split / "cloth-mask" / f"{cloth}.jpg", values)
            draw.label_map(root / split / folders[0] / f"{person}.png")
            draw.keypoints(root / split / folders[1] / f"{person}_keypoints.json")
            pairs.append((person, cloth))
        cloths = [cloth for _, cloth in (pairs if split == "train" else pairs[::-1])]
        lines = [f"{person}.jpg {cloth}.jpg" for (person, _), cloth in zip(pairs, cloths, strict=True)]
        (root / f"{split}_pairs.txt").write_text("\r\n".join(lines))
    return root


@pytest.mark.parametrize("layout", ["viton", "viton_hd"])
def test_viton_is_single_pose(layout, draw, tmp_path):
    result = ingest(VitonSource(), viton(draw, tmp_path, layout))
    triples, report = result.manifest.triples, result.report
    assert report["triples"] == {"train_paired": 2, "test_unpaired": 2, "test_paired": 2}
    paired = triples[triples["paired"]]
    assert (paired["source_id"] == paired["target_id"]).all() and (
        paired["source_id"] == paired["target_pose_id"]
    ).all()
    assert report["warnings"]["missing_parses"] == report["warnings"]["missing_keypoints"] == 0
    assert report["warnings"]["missing_cloth_masks"] == 0
    assert set(result.manifest.parses["label_set"]) == {"lip20"}


@pytest.mark.parametrize("rows, expected", [("listed", {"test_unpaired": 2}), ("worn", {"test_paired": 2})])
def test_viton_test_rows(rows, expected, draw, tmp_path):
    report = ingest(VitonSource(test_rows=rows), viton(draw, tmp_path, "viton_hd")).report
    assert {name: count for name, count in report["triples"].items() if name.startswith("test")} == expected


def test_viton_keeps_test_garments_out_of_training(draw, tmp_path):
    root = viton(draw, tmp_path, "viton")
    for folder in ("image", "cloth"):
        shutil.copyfile(root / "test" / folder / f"03_{int(folder == 'cloth')}.jpg",
                        root / "train" / folder / f"03_{int(folder == 'cloth')}.jpg")  # fmt: skip
    (root / "train_pairs.txt").write_text("01_0.jpg 01_1.jpg\n03_0.jpg 03_1.jpg\n")
    report = ingest(VitonSource(), root).report
    assert report["rows"]["dropped"]["leak"] == 1 and report["triples"]["train_paired"] == 1


def own(draw, root: Path) -> Path:
    for name in ("anna.jpg", "ben.png"):
        draw.photo(root / "persons" / name, RED)
    for name in ("shirt.jpg", "dress.jpg", "coat.jpg"):
        draw.photo(root / "clothes" / name, RED)
    return root


def test_own_photos_need_nothing_else(draw, tmp_path):
    result = ingest(OwnSource(), own(draw, tmp_path))
    assert len(result.manifest.triples) == 6
    assert (result.manifest.triples["source_id"] == result.manifest.triples["target_pose_id"]).all()
    assert len(ingest(OwnSource(most=4), tmp_path).manifest.triples) == 4


def test_own_poses_are_files_or_photos(draw, tmp_path):
    root = own(draw, tmp_path)
    draw.keypoints(root / "poses" / "wave.json")
    draw.photo(root / "poses" / "walk.jpg", RED)
    manifest = ingest(OwnSource(), root).manifest
    assert len(manifest.triples) == 12
    assert set(manifest.triples["target_pose_id"]) == {"poses/wave", "poses/walk"}
    assert "poses/wave" in manifest.poses() and "poses/walk" not in manifest.poses()


def test_own_pairs_may_be_listed(draw, tmp_path):
    root = own(draw, tmp_path)
    draw.keypoints(root / "poses" / "wave.json")
    lines = [
        "person,cloth,pose",
        "anna.jpg,shirt.jpg,wave.json",
        "ben,dress,anna",
        "ben,dress",
        "carl,dress",
        "a,b,c,d",
    ]
    (root / "pairs.csv").write_text("\n".join(lines))
    result = ingest(OwnSource(), root)
    assert result.report["rows"]["kept"] == 3 and result.report["rows"]["read"] == 5
    assert result.report["rejected_by_reason"] == {"absent_file": 1, "column_count": 1}
    assert set(result.manifest.triples["target_pose_id"]) == {"poses/wave", "persons/anna", "persons/ben"}


def test_own_photos_missing(draw, tmp_path):
    (tmp_path / "persons").mkdir()
    with pytest.raises(DataError, match="persons/"):
        OwnSource().listing(tmp_path)


def test_links_that_leave_the_root_are_refused(draw, tmp_path):
    root = own(draw, tmp_path / "root")
    draw.photo(tmp_path / "secret.jpg", RED)
    (root / "persons" / "ben.png").unlink()
    (root / "persons" / "ben.jpg").symlink_to(tmp_path / "secret.jpg")
    report = ingest(OwnSource(), root).report
    assert report["rejected_by_reason"] == {"outside_root": 1} and report["rows"]["kept"] == 3
    (root / "persons" / "ben.jpg").unlink()
    (root / "persons" / "ben.jpg").symlink_to(root / "persons" / "anna.jpg")
    assert ingest(OwnSource(), root).report["rows"]["kept"] == 6


def test_a_list_cannot_reach_out_of_the_root(draw, tmp_path):
    root = viton(draw, tmp_path / "root", "viton")
    draw.photo(tmp_path / "secret_0.jpg", RED)
    (root / "test_pairs.txt").write_text("../../../secret_0.jpg ../../../secret_1.jpg\n")
    (root / "train_pairs.txt").unlink()
    with pytest.raises(IngestionError, match="absent_file"):
        ingest(VitonSource(), root)


@pytest.mark.parametrize(
    "settings, kind",
    [
        ({}, "mpv"),
        ({"format": "deepfashion"}, "deepfashion"),
        ({"format": "viton"}, "viton"),
        ({"format": "own"}, "own"),
    ],
)
def test_the_format_names_the_source(settings, kind):
    assert SourceConfig.model_validate(settings).root.format == kind


@pytest.mark.parametrize("settings", [{"format": "vton"}, {"format": "own", "layout": "a"}, {"pair": 3}])
def test_unknown_formats_and_settings_are_refused(settings):
    with pytest.raises(ValidationError):
        SourceConfig.model_validate(settings)


@pytest.mark.skipif("SPG_VTON_REAL_DATA" not in os.environ, reason="SPG_VTON_REAL_DATA is not set")
def test_real_deepfashion_pairs_load():
    root = Path(os.environ["SPG_VTON_REAL_DATA"])
    result = ingest(DeepFashionSource(), root, workers=2)
    assert result.report["rows"]["kept"] == result.report["rows"]["read"] == 40
    assert result.report["warnings"]["missing_keypoints"] == 0
    assert not result.report["rejected"]
    pose = result.manifest.poses()["deepfashion/fashionWOMENBlouses_Shirtsid0000074003_1front"]
    assert pose[0].tolist() == [130, 39, 1] and pose[9].tolist() == [0, 0, 0]
