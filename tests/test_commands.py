"""The command: help everywhere, exit codes that a script can use, messages without a stack trace."""

import subprocess
import sys

import pytest


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "spg_vton", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", [[], ["render"], ["results"], ["weights"], ["weights", "fetch"]])
def test_help_is_everywhere(command):
    result = run(*command, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_an_unknown_command_is_a_usage_error():
    assert run("rendr").returncode == 2


def test_a_wrong_option_value_is_a_usage_error(tmp_path):
    result = run("render", "--persons", "0", "--out", str(tmp_path / "set"))
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_results_without_a_run_say_what_to_do(tmp_path):
    result = run("results", "--folder", str(tmp_path))
    assert result.returncode == 1
    assert "kedro run" in result.stderr and "Traceback" not in result.stderr


def test_render_writes_a_set(tmp_path):
    options = ["--persons", "2", "--photos-per-person", "2", "--supersampling", "1"]
    result = run("render", *options, "--out", str(tmp_path / "s"))
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "s" / "all_poseA_poseB_clothes.txt").is_file()
