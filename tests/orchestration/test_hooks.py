"""Hooks: names of parameters, errors as messages, times by stage."""

import json
from types import SimpleNamespace

import click
import pytest
from kedro.pipeline import Node

from spg_vton.config import Lambdas
from spg_vton.errors import DataError
from spg_vton.models.model_file import ModelFile
from spg_vton.orchestration import tracking
from spg_vton.orchestration.hooks import ErrorHook, TimingHook, flatten, stage_of


def node(name="n", tag="stage"):
    return Node(lambda: 1, None, ["x_report"], name=name, tags=tag)


def test_nested_settings_get_dotted_names():
    assert flatten({"a": {"b": 1}, "c": [1, 2]}) == {"a.b": 1, "c": [1, 2]}
    assert flatten({"lambdas": Lambdas()})["lambdas.cycle"] == 20


def test_a_nodes_stage_is_its_tag():
    assert stage_of(node(tag="packing")) == "packing"


def test_a_domain_error_becomes_a_message_however_deep_it_lies():
    wrapped = ValueError("outer")
    wrapped.__cause__ = DataError("a.jpg: expected a photo, got none.")
    with pytest.raises(click.ClickException, match=r"a\.jpg: expected a photo"):
        ErrorHook().on_pipeline_error(wrapped)


def test_another_error_keeps_its_own_shape():
    assert ErrorHook().on_pipeline_error(ValueError("a bug")) is None  # raises nothing of its own


def test_a_report_that_comes_with_an_error_is_saved():
    saved = {}
    error = DataError("stop")
    error.report = {"rows": 3}
    ErrorHook().on_node_error(error, node(), SimpleNamespace(save=saved.__setitem__))
    assert saved == {"x_report": {"rows": 3}}


def test_a_stage_that_runs_alone_replaces_its_own_time(tmp_path):
    path = tmp_path / "data" / "08_reporting" / "stage_seconds.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"packing": 100.0, "rendering": 7.0}))
    hook = TimingHook()
    hook.after_context_created(SimpleNamespace(project_path=tmp_path))
    hook.before_pipeline_run()
    hook.before_node_run()
    hook.after_dataset_saved(None, node(tag="packing"))
    hook.after_dataset_saved(None, node(tag="try_on"))
    hook.after_pipeline_run()
    seconds = json.loads(path.read_text())
    assert seconds["rendering"] == 7 and seconds["packing"] < 5
    assert "try_on" not in seconds  # not a stage of the main job


def test_a_reused_training_took_as_long_as_it_once_did(tmp_path):
    hook = TimingHook()
    hook.after_context_created(SimpleNamespace(project_path=tmp_path))
    hook.before_pipeline_run()
    hook.before_node_run()
    hook.after_dataset_saved(ModelFile({}, {}, seconds=321.0), node(tag="train_joint"))
    hook.after_dataset_saved(None, node(tag="train_joint"))
    hook.after_pipeline_run()
    seconds = json.loads((tmp_path / "data/08_reporting/stage_seconds.json").read_text())
    assert 321 <= seconds["train_joint"] < 325


def test_without_a_run_nothing_is_tracked():
    tracking.current().log_metrics({"a": 1.0}, 0)
    seen = []
    tracking.install(SimpleNamespace(log_metrics=lambda values, step: seen.append((values, step))))
    tracking.current().log_metrics({"a": 1.0}, 3)
    tracking.install(tracking.NullTracker())
    assert seen == [({"a": 1.0}, 3)]
