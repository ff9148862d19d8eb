"""The embedded default as users run it: it must beat every method without learning, clear of chance."""

import json

import pytest

pytestmark = pytest.mark.slow

TRIVIAL = {"copy_source", "paste_unwarped", "mean_image"}


@pytest.fixture(scope="module")
def project(make_project):
    project = make_project()
    project.path("conf/local/parameters.yml").unlink()
    project.kedro()
    return project


def read(project, name):
    return json.loads(project.path(f"data/08_reporting/{name}").read_text())


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("pairing", ["paired", "unpaired"])
@pytest.mark.parametrize("metric", ["lpips", "l1"])
def test_the_model_beats_every_trivial_method(project, metric, pairing):
    rows = [row for row in read(project, "comparisons.json") if (row["metric"], row["pairing"]) == (metric, pairing)]
    assert {row["other"] for row in rows} == TRIVIAL
    for row in rows:
        assert row["n"] >= 40
        assert row["high"] < 0, row


@pytest.mark.parametrize("pairing", ["paired", "unpaired"])
def test_the_warp_beats_no_warp(project, pairing):
    summary = read(project, "metrics_summary.json")[pairing]
    assert summary["spg_vton"]["warped_mask_iou"] >= summary["paste_unwarped"]["warped_mask_iou"] + 0.10


def test_the_pose_network_was_run_on_a_sample(project):
    check = read(project, "annotation_report.json")["check"]
    assert check["photos"] >= 20 and check["true"] > 200
    assert 0 < check["median_px"] < 10
