"""A copy of the project, in a folder with a space in its name, with the smallest settings that run everything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from spg_vton.weights import weights_folder

ROOT = Path(__file__).parents[2]
PARTS = (
    "conf",
    "pipelines",
    "src",
    "pyproject.toml",
    "dvc.yaml",
    ".dvc/config",
    ".dvcignore",
    ".telemetry",
    ".gitignore",
)

TINY = {
    "workers": 1,
    "rendering": {
        "persons": 6, "photos_per_person": 2, "test_share": 0.34, "seed": 3, "noise_rate": 0.0, "supersampling": 1,
        "workers": 1,
    },
    "annotation": {"sample": 2, "seed": 0},
    "model": {
        "height": 64, "width": 48, "generator_width": 4, "discriminator_width": 4, "matching_width": 4, "skips": True,
        "tail": "wide", "prealign": True, "tps_reach": 0.5, "gate": True,
    },
    "training": {
        "semantic": {"steps": 4, "learning_rate": 1e-3, "adversarial_from": 0.5},
        "synthesis": {"steps": 4, "learning_rate": 1e-3, "adversarial_from": 0.5},
        "joint": {"steps": 3, "learning_rate": 3e-4},
        "batch_size": 2, "r1_every": 2, "accelerator": "cpu", "threads": 1, "log_every": 1,
    },
    "evaluation": {"lpips_upsample": 2, "batch_size": 4, "sheet_rows": 2},
}  # fmt: skip


class Project:
    """A copied project and how to run its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m COMMAND`` in the project."""
        environment = os.environ | {
            "SPG_VTON_WEIGHTS": str(weights_folder()),
            "DO_NOT_TRACK": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        environment.pop("MLFLOW_TRACKING_URI", None)
        result = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and result.returncode:
            pytest.fail(f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}")
        return result

    def kedro(self, *arguments: str, **kwargs) -> subprocess.CompletedProcess[str]:
        """Run ``kedro run ARGUMENTS``."""
        return self.run("kedro", "run", *arguments, **kwargs)

    def path(self, name: str) -> Path:
        """A file of the project."""
        return self.folder / name

    def settings(self, **changed: dict) -> None:
        """Write ``conf/local/parameters.yml``: the tiny settings with changes."""
        self.path("conf/local/parameters.yml").write_text(yaml.safe_dump(TINY | changed, sort_keys=False))


def copy_project(folder: Path) -> Project:
    for part in PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc"))
        else:
            shutil.copy2(source, target)
    project = Project(folder)
    shutil.rmtree(project.path("conf/local"))
    project.path("conf/local").mkdir()
    project.settings()
    return project


@pytest.fixture(scope="session")
def make_project(tmp_path_factory):
    """Copy the project into a folder of its own."""
    return lambda: copy_project(tmp_path_factory.mktemp("copy") / "my project")


@pytest.fixture(scope="session")
def finished(make_project):
    """A project after one `kedro run`; tests must not change it."""
    project = make_project()
    result = project.kedro()
    project.log = result.stdout + result.stderr
    return project


@pytest.fixture
def fresh(make_project):
    """A project in which nothing has run."""
    return make_project()


@pytest.fixture
def continued(finished, tmp_path):
    """A copy of the finished project, free to change."""
    shutil.copytree(finished.folder, tmp_path / "my project")
    return Project(tmp_path / "my project")


@pytest.fixture(scope="session")
def mpv_root():
    """The real MPV samples, by the variable SPG_VTON_REAL_DATA alone."""
    folder = os.environ.get("SPG_VTON_REAL_DATA")
    if not folder:
        pytest.skip("SPG_VTON_REAL_DATA names no folder with real samples")
    return Path(folder).resolve() / "mpv"
