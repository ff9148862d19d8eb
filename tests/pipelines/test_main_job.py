"""The main job on the smallest settings, in a real Kedro session, in a folder with a space in its name."""

import json

import pandas as pd
import pytest
from PIL import Image

REPORTS = "data/08_reporting"
LAMBDAS = ("focal", "coarse", "cycle", "try_on", "identity")
METHODS = {"spg_vton", "copy_source", "paste_unwarped", "mean_image"}


def read(project, name):
    return json.loads(project.path(f"{REPORTS}/{name}").read_text())


def test_metrics_are_flat_records_of_every_method_and_pairing(finished):
    records = read(finished, "metrics.json")
    assert {frozenset(record) for record in records} == {
        frozenset({"method", "metric", "value", "split", "pairing", "n", "protocol"})
    }
    found = {(record["method"], record["metric"], record["pairing"]) for record in records}
    for pairing in ("paired", "unpaired"):
        assert {(method, metric, pairing) for method in METHODS for metric in ("l1", "ssim", "lpips")} <= found
        assert {("spg_vton", "parsing_miou", pairing), ("spg_vton", "warped_mask_iou", pairing)} <= found
    assert {record["split"] for record in records} == {"test"}
    assert {record["n"] for record in records} == {3 * 2}  # three test persons, two ordered pairs each
    assert all("64×48" in record["protocol"] for record in records)


def test_the_summary_nests_the_same_numbers(finished):
    summary = read(finished, "metrics_summary.json")
    for record in read(finished, "metrics.json"):
        assert summary[record["pairing"]][record["method"]][record["metric"]] == record["value"]


def test_pictures_and_the_report_are_there(finished):
    sheet = Image.open(finished.path(f"{REPORTS}/contact_sheet.png"))
    assert sheet.width > 8 * 190 and sheet.height > 4 * 256
    page = finished.path(f"{REPORTS}/report.html").read_text()
    assert all(method in page for method in METHODS)
    assert "http://" not in page.replace("http://www.w3.org", "") and 'src="data:' in page
    assert "PCK@0.1" in page


def test_every_step_says_what_it_does(finished):
    for line in ("rendering people", "Checking persons", "Extracting poses", "Packing", "train semantic",
                 "train synthesis", "train joint", "evaluate"):  # fmt: skip
        assert line.lower() in finished.log.lower()
    assert "try_on_l1" in finished.log


def test_times_are_kept_for_each_stage(finished):
    seconds = read(finished, "stage_seconds.json")
    assert list(seconds) == ["rendering", "ingestion", "annotation", "noise_annotation", "packing", "train_semantic",
                             "train_synthesis", "train_joint", "evaluation"]  # fmt: skip
    assert all(value >= 0 for value in seconds.values()) and seconds["rendering"] > 0


def test_curves_hold_every_logged_step(finished):
    curve = pd.read_csv(finished.path(f"{REPORTS}/joint_curve.csv"))
    assert curve["step"].tolist() == [1, 2, 3]
    assert {"semantic_focal", "try_on_l1", "weighted.try_on_l1", "total", "discriminator.d1"} <= set(curve)


def test_mlflow_has_a_parent_and_a_child_for_each_tracked_stage(finished):
    from mlflow.tracking import MlflowClient

    client = MlflowClient(f"sqlite:///{finished.path('mlflow.db')}")
    experiment = client.get_experiment_by_name("spg-vton")
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    stages = {"train_semantic", "train_synthesis", "train_joint", "evaluation"}
    assert stages <= set(runs)
    (parent,) = (run for name, run in runs.items() if name not in stages)
    for stage in stages:
        run = runs[stage]
        assert run.info.status == "FINISHED"
        assert run.data.tags["mlflow.parentRunId"] == parent.info.run_id
        assert {f"lambdas.{name}" for name in ("focal", "coarse", "cycle", "try_on", "identity")} <= set(
            run.data.params
        )
    history = client.get_metric_history(runs["train_joint"].info.run_id, "try_on_l1")
    assert sorted(metric.step for metric in history) == [1, 2, 3]
    final = runs["evaluation"].data.metrics
    summary = read(finished, "metrics_summary.json")
    assert final["final.paired.spg_vton.lpips"] == pytest.approx(summary["paired"]["spg_vton"]["lpips"])
    names = {artifact.path for artifact in client.list_artifacts(runs["evaluation"].info.run_id)}
    assert {"contact_sheet.png", "report.html"} <= names


def test_model_files_say_what_they_are(finished):
    from safetensors import safe_open

    with safe_open(finished.path("data/06_models/spg_vton.safetensors"), framework="pt") as file:
        metadata = json.loads(file.metadata()["spg_vton"])
    assert metadata["stage"] == "joint"
    assert json.loads(metadata["model"])["generator_width"] == 4
    store = json.loads(finished.path("data/05_model_input/store/store.json").read_text())
    assert metadata["data_sha256"] == store["sha256"]


def test_running_again_trains_nothing_and_gives_the_same(continued):
    before = continued.path("data/06_models/spg_vton.safetensors").read_bytes()
    log = continued.kedro("--pipelines", "training").stdout
    assert log.count("reusing the finished training") == 3
    assert continued.path("data/06_models/spg_vton.safetensors").read_bytes() == before


def test_the_older_spelling_runs_one_pipeline(continued):
    metrics = continued.path(f"{REPORTS}/metrics.json")
    before = metrics.read_text()
    metrics.unlink()
    continued.kedro("--pipeline", "evaluation")
    assert metrics.read_text() == before


def test_try_on_writes_a_picture_for_each_test_triple(continued):
    continued.kedro("--pipelines", "try_on")
    pictures = list(continued.path("data/07_model_output/try_on").glob("*.png"))
    assert len(pictures) == 12 + 1  # paired and unpaired, and the sheet
    assert {Image.open(path).size for path in pictures if path.name != "contact_sheet.png"} == {(48, 64)}


def test_results_are_printed(finished):
    text = finished.run("spg_vton", "results").stdout
    assert all(method in text for method in METHODS)
    assert "report.html" in text and "contact_sheet.png" in text and "train_joint" in text


@pytest.mark.parametrize("change, message", [
    ("lambdas.focal=-1", "focal"), ("training.bach_size=3", "bach_size"), ("model.height=61", "height"),
])  # fmt: skip
def test_a_wrong_parameter_stops_before_anything_runs(continued, change, message):
    before = continued.path("data/06_models/spg_vton.safetensors").stat().st_mtime_ns
    result = continued.kedro("--pipelines", "training", "--params", change, check=False)
    assert result.returncode == 1
    assert message in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert continued.path("data/06_models/spg_vton.safetensors").stat().st_mtime_ns == before


def test_missing_data_stops_with_what_to_do(fresh):
    result = fresh.kedro("--pipelines", "ingestion", check=False)
    assert result.returncode == 1
    assert "kedro run --pipelines rendering" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
