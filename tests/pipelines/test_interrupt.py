"""Ctrl-C and a kill in a real run: the next run goes on and ends as one never stopped."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from spg_vton.weights import weights_folder

pytestmark = pytest.mark.slow

LONG = {
    "semantic": {"steps": 4, "learning_rate": 1e-3}, "synthesis": {"steps": 150, "learning_rate": 1e-3},
    "joint": {"steps": 3, "learning_rate": 3e-4}, "batch_size": 2, "r1_every": 2, "accelerator": "cpu", "threads": 1,
    "log_every": 1, "checkpoint_seconds": 0.2,
}  # fmt: skip


def start(project):
    environment = os.environ | {"SPG_VTON_WEIGHTS": str(weights_folder()), "DO_NOT_TRACK": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "kedro", "run", "--pipelines", "training"],
        cwd=project.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def wait_for_a_checkpoint(project, process):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if list(project.path("data/06_models/state").glob("synthesis-*/step-*.pt")):
            return
        time.sleep(0.05)
    pytest.fail(f"no checkpoint appeared:\n{process.communicate()[0]}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_training_goes_on_to_the_same_weights(fresh, tmp_path, number):
    import shutil

    fresh.settings(training=LONG)
    for pipeline in ("rendering", "ingestion", "annotation", "noise_annotation", "packing"):
        fresh.kedro("--pipelines", pipeline)
    whole = type(fresh)(tmp_path / "never stopped")
    shutil.copytree(fresh.folder, whole.folder)
    process = start(fresh)
    wait_for_a_checkpoint(fresh, process)
    process.send_signal(number)
    log = process.communicate(timeout=60)[0]
    assert process.returncode != 0
    assert "Traceback" not in log
    if number == signal.SIGINT:
        assert "run again to go on" in log
    again = fresh.kedro("--pipelines", "training")
    assert "synthesis: resuming at step" in again.stdout
    assert "semantic: reusing the finished training" in again.stdout
    whole.kedro("--pipelines", "training")
    files = [project.path("data/06_models/spg_vton.safetensors") for project in (fresh, whole)]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_ctrl_c_closes_the_mlflow_run_as_killed(fresh):
    from mlflow.tracking import MlflowClient

    fresh.settings(training=LONG)
    for pipeline in ("rendering", "ingestion", "annotation", "noise_annotation", "packing"):
        fresh.kedro("--pipelines", pipeline)
    process = start(fresh)
    wait_for_a_checkpoint(fresh, process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    client = MlflowClient(f"sqlite:///{fresh.path('mlflow.db')}")
    experiment = client.get_experiment_by_name("spg-vton")
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert runs["train_synthesis"].info.status == "KILLED"
    assert json.dumps(runs["train_semantic"].info.status) == '"FINISHED"'
