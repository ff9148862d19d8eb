"""DVC runs the main job from a clean clone, and only what changed after that."""

import json
import subprocess

import pytest

pytestmark = pytest.mark.slow

SUMMARY = "data/08_reporting/metrics_summary.json"


@pytest.fixture(scope="module")
def repository(make_project):
    project = make_project()
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "-m", "start"],
    ):
        subprocess.run(["git", *command], cwd=project.folder, check=True)
    project.log = project.run("dvc", "repro").stdout
    return project


def stages_run(log):
    return [line.split("'")[1] for line in log.splitlines() if line.startswith("Running stage")]


def test_a_clean_clone_runs_every_stage_and_gives_what_kedro_gives(repository, finished):
    assert stages_run(repository.log) == [
        "rendering", "ingestion", "annotation", "noise_annotation", "packing", "train_semantic", "train_synthesis",
        "train_joint", "evaluation",
    ]  # fmt: skip
    ours, kedros = (json.loads(project.path(SUMMARY).read_text()) for project in (repository, finished))
    assert ours == kedros


def test_again_nothing_has_changed(repository):
    log = repository.run("dvc", "repro").stdout
    assert not stages_run(log)
    assert "up to date" in log


def test_metrics_and_plots_are_known_to_dvc(repository):
    shown = json.loads(repository.run("dvc", "metrics", "show", "--json").stdout)
    assert SUMMARY in json.dumps(shown)
    assert repository.run("dvc", "plots", "show", "--json").returncode == 0


def test_stages_share_one_parent_in_mlflow(repository):
    from mlflow.tracking import MlflowClient

    client = MlflowClient(f"sqlite:///{repository.path('mlflow.db')}")
    experiment = client.get_experiment_by_name("spg-vton")
    runs = client.search_runs([experiment.experiment_id])
    children = {run.info.run_name: run for run in runs if "mlflow.parentRunId" in run.data.tags}
    assert set(children) == {"train_semantic", "train_synthesis", "train_joint", "evaluation"}
    assert len({run.data.tags["mlflow.parentRunId"] for run in children.values()}) == 1
    assert {run.data.tags["dvc_stage"] for run in children.values()} == set(children)


def test_a_changed_lambda_reruns_the_training_and_what_follows(repository):
    file = repository.path("conf/base/parameters_training.yml")
    file.write_text(file.read_text().replace("cycle: 20.0", "cycle: 5.0"))
    before = repository.path(SUMMARY).read_text()
    log = repository.run("dvc", "repro").stdout
    assert stages_run(log) == ["train_semantic", "train_synthesis", "train_joint", "evaluation"]
    assert repository.path(SUMMARY).read_text() != before


def test_a_changed_report_reruns_the_evaluation_alone(repository):
    template = repository.path("src/spg_vton/report/report.html.j2")
    template.write_text(template.read_text().replace("evaluation report", "report of the evaluation"))
    assert stages_run(repository.run("dvc", "repro").stdout) == ["evaluation"]


def test_real_data_are_versioned_by_the_same_stages(repository, mpv_root):
    """With the environment named in conf/dvc.yml, DVC runs ingestion on the real folder, and no rendering."""
    repository.path("conf/dvc.yml").write_text(f"env: mpv\nraw: {mpv_root}\n")
    repository.path("conf/mpv/parameters.yml").write_text(
        "ingestion: {name: mpv, layout: auto, pairs_file: sample_pairs.txt}\nannotation: {sample: 0}\n"
    )
    log = repository.run("dvc", "repro", "packing", SPG_VTON_MPV_ROOT=str(mpv_root)).stdout
    assert stages_run(log) == ["ingestion", "annotation", "noise_annotation", "packing"]
    store = json.loads(repository.path("data/05_model_input/store/store.json").read_text())
    assert store["counts"]["persons"] == 5
