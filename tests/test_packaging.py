"""A wheel carries the library, the wiring and the assets, and runs without the source tree."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


def test_a_wheel_holds_everything_and_registers_its_pipelines(tmp_path):
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "spg_vton/pipelines/training/pipeline.py", "spg_vton/render/assets/body_pack.npz",
        "spg_vton/render/assets/LICENSE_body_pack.md", "spg_vton/report/report.html.j2",
    } <= names  # fmt: skip
    assert any(name.endswith("licenses/NOTICE") for name in names)
    subprocess.run([*pip, "install", "--no-deps", "--target", tmp_path / "site", wheel], check=True)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from kedro.framework.project import configure_project, pipelines;"
        "configure_project('spg_vton'); import spg_vton; print(spg_vton.__file__); print(sorted(pipelines))"
    )
    shown = subprocess.run(
        [sys.executable, "-P", "-c", code, tmp_path / "site"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(tmp_path) in shown.stdout and "train_joint" in shown.stdout and "__default__" in shown.stdout
