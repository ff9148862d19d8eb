"""`devices: 2` under Kedro: the node starts the processes, and everything downstream finds what it finds with one."""

import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from spg_vton.models.model_file import read_model
from spg_vton.weights import weights_folder

pytestmark = pytest.mark.slow

TWO = {
    "semantic": {"steps": 40, "learning_rate": 1e-3}, "synthesis": {"steps": 3}, "joint": {"steps": 3}, "devices": 2,
    "batch_size": 2, "r1_every": 2, "accelerator": "cpu", "threads": 1, "log_every": 1, "checkpoint_steps": 5,
}  # fmt: skip


def test_two_processes_under_kedro(fresh):
    fresh.settings(training=TWO)
    for pipeline in ("rendering", "ingestion", "annotation", "noise_annotation", "packing"):
        fresh.kedro("--pipelines", pipeline)
    environment = os.environ | {"SPG_VTON_WEIGHTS": str(weights_folder()), "DO_NOT_TRACK": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "kedro", "run", "--pipelines", "training"], cwd=fresh.folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(fresh.folder.glob("data/06_models/state/semantic-*/step-*.pt")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    log = process.communicate(timeout=120)[0]
    assert process.returncode != 0 and "run again to go on" in log
    again = fresh.kedro("--pipelines", "training")
    assert "semantic: resuming at step" in again.stdout + again.stderr
    model = read_model(fresh.path("data/06_models/spg_vton.safetensors"))
    assert model.metadata["stage"] == "joint"
    curve = pd.read_csv(fresh.path("data/08_reporting/semantic_curve.csv"))
    assert list(curve["step"]) == list(range(1, 41)) and curve["total"].iloc[-1] < curve["total"].iloc[0]
