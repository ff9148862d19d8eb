"""The registry is complete, and its pipelines are in data order."""

from pathlib import Path

import pytest
from kedro.framework.project import pipelines
from kedro.framework.startup import bootstrap_project

ROOT = Path(__file__).parents[2]
STAGES = [
    "rendering", "ingestion", "annotation", "noise_annotation", "packing", "train_semantic", "train_synthesis",
    "train_joint", "evaluation",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _project():
    bootstrap_project(ROOT)


def stages(name):
    return list(dict.fromkeys(next(iter(node.tags)) for node in pipelines[name].nodes))


def test_every_pipeline_is_registered():
    assert set(pipelines) == {*STAGES, "training", "main", "try_on", "__default__"}


def test_every_folder_is_a_registered_pipeline():
    folders = {path.parent.name for path in (ROOT / "pipelines").glob("*/pipeline.py")}
    assert folders <= set(pipelines)


def test_the_default_run_is_the_main_job_in_data_order():
    assert stages("__default__") == STAGES
    assert stages("main") == STAGES[1:]


@pytest.mark.parametrize("name", [*STAGES, "try_on"])
def test_each_stage_has_one_tag_of_its_own_name(name):
    assert pipelines[name].nodes
    assert {tag for node in pipelines[name].nodes for tag in node.tags} == {name}
