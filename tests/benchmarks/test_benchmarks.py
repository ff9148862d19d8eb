"""The benchmarks run, and the page of results says what their files say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
from run_all import PAGE, RESULTS, page  # noqa: E402

STEP = ("bench_step.py", "--size", "tiny", "--threads", "1", "--blocks", "1", "--ordinary", "1")
PROFILE = ("bench_profile.py", "--size", "tiny", "--repeats", "1")


def measured(tmp_path, name, *options):
    out = tmp_path / "out.json"
    command = [sys.executable, ROOT / "benchmarks" / name, *options, "--out", out]
    subprocess.run(command, check=True, env=os.environ | {"CUDA_VISIBLE_DEVICES": ""})
    return json.loads(out.read_text())


def test_the_steps_benchmark_runs(tmp_path):
    values = measured(tmp_path, *STEP)
    ratio = values["1 thread, plain, ms a step"] / values["1 thread, project, ms a step"]
    assert values["1 thread, plain / project"] == pytest.approx(ratio)


def test_the_profile_gives_every_part_its_share(tmp_path):
    values = measured(tmp_path, *PROFILE)
    for kind in ("time", "FLOPs"):
        shares = {name: value for name, value in values.items() if name.startswith(f"{kind}, ")}
        assert sum(shares.values()) == pytest.approx(100)
        assert all(shares[f"{kind}, {name}, %"] > 0 for name in ("spm.g1", "tsm.g3", "cwm.gmm2", "d_local"))


def test_the_gpu_benchmark_says_where_there_is_no_gpu(tmp_path):
    assert measured(tmp_path, "bench_gpu.py")["not measured"] == "no CUDA device"


def test_the_page_is_written_from_the_results():
    assert PAGE.read_text() == page(json.loads(RESULTS.read_text()))
