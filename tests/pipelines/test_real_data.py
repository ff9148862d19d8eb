"""Real MPV photos through the same door; skipped where SPG_VTON_REAL_DATA names no folder."""

import json

import pytest
from PIL import Image

ROWS = 14_754


def report(project, name="ingestion_report"):
    return json.loads(project.path(f"data/08_reporting/{name}.json").read_text())


@pytest.fixture
def run(continued, mpv_root):
    def run(pipeline, pairs, check=True):
        return continued.kedro(
            "--env", "mpv", "--pipelines", pipeline, "--params", f"ingestion.pairs_file={pairs},annotation.sample=5",
            check=check, SPG_VTON_MPV_ROOT=str(mpv_root),
        )  # fmt: skip

    return run


def prepare(run, pairs):
    for pipeline in ("ingestion", "annotation", "noise_annotation", "packing"):
        run(pipeline, pairs)


def test_the_sample_pairs_go_through_to_the_store(continued, run):
    prepare(run, "sample_pairs.txt")
    found = report(continued)
    assert found["rows"] == {"read": 5, "kept": 5, "dropped": {}}
    assert found["images"] == {"person": 5, "cloth": 5}
    check = report(continued, "annotation_report")["check"]
    assert check["photos"] == 5 and check["median_px"] <= 3.5 and check["pck_01"] >= 0.85
    store = json.loads(continued.path("data/05_model_input/store/store.json").read_text())
    assert store["counts"]["persons"] == 5 and store["counts"]["cloths"] == 5


def test_the_whole_list_parses_and_the_run_stops_saying_what_to_do(continued, run):
    result = run("ingestion", "data_pair.txt", check=False)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "Put the photos under" in result.stderr
    found = report(continued)
    assert found["rows"]["read"] == ROWS and found["rows"]["kept"] == 0
    absent = [entry["file"] for entry in found["rejected"] if entry["reason"] == "absent_file"]
    assert len(absent) == len(set(absent)) == found["rejected_by_reason"]["absent_file"]
    assert found["warnings"]["swapped_pairs"] == ROWS


def test_the_demo_list_is_tried_on_without_target_photos(continued, run):
    prepare(run, "demo.txt")
    run("try_on", "demo.txt")
    pictures = sorted(continued.path("data/07_model_output/try_on").glob("*.png"))
    assert len(pictures) == 5 + 1
    assert {Image.open(path).size for path in pictures if path.name != "contact_sheet.png"} == {(48, 64)}


def test_without_truth_the_evaluation_says_what_can_run(continued, run):
    prepare(run, "demo.txt")
    result = run("evaluation", "demo.txt", check=False)
    assert result.returncode == 1 and "try_on" in result.stderr and "Traceback" not in result.stderr
