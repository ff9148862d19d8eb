"""``python -m spg_vton.training CONFIG``: equal to the library call, without Kedro and MLflow; mistakes in words."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import torch
import yaml

from spg_vton.errors import ConfigError
from spg_vton.losses.objective import build_objective
from spg_vton.models.loading import load_generators
from spg_vton.models.model_file import read_model
from spg_vton.store.dataset import Store
from spg_vton.training.job import read_job
from spg_vton.training.loop import train_stage

_BLOCKER = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("kedro", "kedro_datasets", "mlflow", "dvc", "optuna"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""


@pytest.fixture
def bare(tmp_path):
    """A folder for PYTHONPATH that makes Kedro, MLflow and DVC unimportable in every Python started with it."""
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_BLOCKER)
    return folder


def on_bare(bare):
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(bare), os.environ.get("PYTHONPATH", "")]))}


def test_the_blocker_blocks(bare):
    for name in ("kedro", "mlflow", "dvc"):
        result = subprocess.run([sys.executable, "-c", f"import {name}"], env=os.environ | on_bare(bare), check=False,
                                capture_output=True, text=True)  # fmt: skip
        assert f"No module named '{name}'" in result.stderr


def test_the_command_gives_what_the_library_gives(make_command, bare, packed, tmp_path):
    command = make_command()
    log = command.run(**on_bare(bare))
    assert "Traceback" not in log
    job = read_job(command.folder / "config.yml")
    store, objective = Store.open(packed), build_objective(job.lambdas, job.objective)
    weights = {}
    for stage, file in (("semantic", "semantic"), ("synthesis", "synthesis"), ("joint", "spg_vton")):
        trained = train_stage(stage, job.experiment, objective, store, weights, tmp_path / "library")
        weights = trained.weights
        model = read_model(command.out / f"{file}.safetensors")
        assert model.weights.keys() == weights.keys()
        assert all(torch.equal(model.weights[name], weights[name]) for name in weights)
        assert model.metadata == job.experiment.metadata(stage, store.sha256)
        curve = pd.read_csv(command.out / f"{stage}_curve.csv")
        pd.testing.assert_frame_equal(curve, pd.DataFrame(trained.curve), rtol=1e-12)
    load_generators(model.weights, model.metadata)
    assert set(json.loads((command.out / "training.json").read_text())) == {"semantic", "synthesis", "joint"}
    first = (command.out / "spg_vton.safetensors").read_bytes()
    log = command.run(**on_bare(bare))
    assert log.count("reusing the finished training") == 3
    assert (command.out / "spg_vton.safetensors").read_bytes() == first


@pytest.mark.slow
def test_stages_can_be_trained_one_by_one(make_command):
    whole, parts = make_command("whole"), make_command("parts")
    whole.values["stages"] = ["semantic", "synthesis"]
    whole.run()
    parts.values["stages"] = ["semantic"]
    parts.run()
    parts.values |= {"stages": ["synthesis"], "start": "out/semantic.safetensors"}
    parts.run()
    files = [command.out / "synthesis.safetensors" for command in (whole, parts)]
    assert read_model(files[0]).weights.keys() and files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("change, words", [
    ({"trainin": {}}, "trainin: there is no such setting"),
    ({"training": {"semantic": {"steps": 0}}}, "training.synthesis: expected a value, got none"),
    ({"training": {"semantic": {"steps": -1}}}, "training.semantic.steps: input should be greater than or equal to 0"),
    ({"model": {"tail": "narrow"}}, "model.tail: input should be 'paper' or 'wide', got 'narrow'"),
    ({"stages": ["joint"]}, "start: expected the model of stage synthesis before stage joint, got none"),
    ({"start": "x"}, "start: expected no model before stage semantic, got x"),
    ({"stages": ["joint", "semantic"], "start": "x"}, "stages: expected some of"),
    ({"store": None}, "store: "),
])  # fmt: skip
def test_mistakes_are_named(make_command, change, words):
    command = make_command()
    path = command.folder / "config.yml"
    path.write_text(yaml.safe_dump(command.values | change))
    with pytest.raises(ConfigError) as error:
        read_job(path)
    assert words in str(error.value)


def test_the_example_of_the_docs_is_right(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "training.md").read_text()
    (tmp_path / "config.yml").write_text(text.partition("```yaml\n")[2].partition("```")[0])
    job = read_job(tmp_path / "config.yml")
    assert job.stages == ("semantic", "synthesis", "joint") and job.training.joint.learning_rate == 3e-4


@pytest.mark.parametrize("text", [None, "a: [1", "- 1\n- 2\n", "", "\xff"])
def test_what_is_no_yaml_of_settings_is_said_so(tmp_path, text):
    path = tmp_path / "config.yml"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"config\.yml: expected (a YAML file of settings|settings by name)"):
        read_job(path)


@pytest.mark.parametrize("change, words", [
    ({"store": "nowhere"}, "nowhere: expected a packed store"), ({"lambdas": {"focl": 1}}, "lambdas.focl: there is no"),
])  # fmt: skip
def test_a_mistake_ends_with_words_and_code_2(make_command, change, words):
    command = make_command()
    command.values |= change
    log = command.run(code=2)
    assert words in log and log.startswith("Error: ") and "Traceback" not in log
