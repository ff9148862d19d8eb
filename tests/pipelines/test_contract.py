"""dvc.yaml, the catalog and the pipelines say the same, both ways."""

import ast
from pathlib import Path

import grimp
import pytest
import yaml
from kedro.framework.project import pipelines
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project

ROOT = Path(__file__).parents[2]
DVC = yaml.safe_load((ROOT / "dvc.yaml").read_text())
STAGES = DVC["stages"]
VARIABLES = yaml.safe_load((ROOT / "conf" / "dvc.yml").read_text())
#: Parameters that change how fast a result comes, not the result.
PACE = {"workers"}
#: Parts of the library that change what a run says, not what comes out.
WORDS = {"errors", "progress", "orchestration"}


def paths(entries):
    names = [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries or []]
    return {name.replace("${raw}", VARIABLES["raw"]).replace("${env}", VARIABLES["env"]) for name in names}


@pytest.fixture(scope="module")
def catalog():
    """Dataset name → its place, for every dataset that DVC versions."""
    bootstrap_project(ROOT)
    with KedroSession.create(project_path=ROOT) as session:
        entries = session.load_context().config_loader["catalog"]
    return {
        name: entry["filepath"]
        for name, entry in entries.items()
        if not name.startswith("_") and entry.get("metadata", {}).get("dvc", True)
    }


def test_every_main_stage_is_a_dvc_stage(catalog):
    assert set(STAGES) == {tag for node in pipelines["__default__"].nodes for tag in node.tags}


@pytest.mark.parametrize("stage", STAGES)
def test_the_command_runs_the_pipeline_in_the_environment(stage):
    assert STAGES[stage]["cmd"] == f"kedro run --env ${{env}} --pipelines {stage}"


@pytest.mark.parametrize("stage", STAGES)
def test_inputs_are_dependencies(catalog, stage):
    inputs = {catalog[name] for name in pipelines[stage].inputs() if name in catalog}
    dependencies = {path for path in paths(STAGES[stage]["deps"]) if path.startswith("data/")}
    assert dependencies == inputs


@pytest.mark.parametrize("stage", STAGES)
def test_outputs_are_outs(catalog, stage):
    spec = STAGES[stage]
    assert {catalog[name] for name in pipelines[stage].all_outputs()} == set().union(
        *(paths(spec.get(kind)) for kind in ("outs", "metrics", "plots"))
    )


@pytest.mark.parametrize("stage", STAGES)
def test_parameters_are_declared_in_their_files(stage):
    used = {name.removeprefix("params:") for name in pipelines[stage].inputs() if name.startswith("params:")} - PACE
    declared = {key: file for entry in STAGES[stage].get("params", []) for file, keys in entry.items() for key in keys}
    assert set(declared) == used
    for key, file in declared.items():
        assert key in yaml.safe_load((ROOT / file).read_text())


@pytest.fixture(scope="module")
def imports():
    return grimp.build_graph("spg_vton")


def code_behind(folder, imports):
    """Files and folders of the library that a pipeline's nodes import, directly or not."""
    nodes = ast.walk(ast.parse((ROOT / "pipelines" / folder / "nodes.py").read_text()))
    named = {
        module if (module := f"{node.module}.{alias.name}") in imports.modules else node.module
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module.startswith("spg_vton")
        for alias in node.names
    }
    reached = named.union(*(imports.find_upstream_modules(module) for module in named))
    parts = {module.split(".")[1] for module in reached if "." in module} - WORDS
    return {f"src/spg_vton/{part}" + ("" if (ROOT / "src/spg_vton" / part).is_dir() else ".py") for part in parts}


@pytest.mark.parametrize("stage", STAGES)
def test_the_code_behind_a_stage_and_its_environment_are_dependencies(stage, imports):
    dependencies = paths(STAGES[stage]["deps"])
    folder = "training" if stage.startswith("train_") else stage
    assert {f"pipelines/{folder}", "conf/local"} <= dependencies
    assert {path for path in dependencies if path.startswith("src/")} == code_behind(folder, imports)


@pytest.mark.parametrize("env", ["mpv", "paper"])
def test_an_environment_folder_exists_for_dvc_to_depend_on(env):
    assert (ROOT / "conf" / env / "globals.yml").is_file()
