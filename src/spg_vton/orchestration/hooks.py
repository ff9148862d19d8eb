"""Kedro hooks: MLflow runs by stage, the time each stage took, and errors without a stack trace."""

import atexit
import dataclasses
import json
import logging
import os
import time
from pathlib import Path
from typing import Any

import click
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.io import CatalogProtocol
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node
from kedro.validation import ParameterValidationError

from spg_vton.errors import SpgVtonError
from spg_vton.models.model_file import ModelFile
from spg_vton.orchestration import tracking
from spg_vton.orchestration.mlflow_run import MlflowRun, git_revision, tracking_uri

logger = logging.getLogger(__name__)

#: The main job's, in data order.
MAIN_STAGES = (
    "rendering",
    "ingestion",
    "annotation",
    "noise_annotation",
    "packing",
    "train_semantic",
    "train_synthesis",
    "train_joint",
    "evaluation",
)

#: Environment variables that DVC sets, kept as tags.
_DVC_VARIABLES = ("DVC_STAGE", "DVC_EXP_NAME", "DVC_EXP_BASELINE_REV")


def stage_of(node: Node) -> str:
    """The pipeline a node belongs to: its one tag."""
    return next(iter(node.tags), node.name)


def flatten(value: Any, prefix: str = "") -> dict[str, Any]:
    """Nested dicts and settings → ``a.b.c`` names."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if not isinstance(value, dict):
        return {prefix: value}
    return {
        name: leaf
        for key, part in value.items()
        for name, leaf in flatten(part, f"{prefix}.{key}" if prefix else str(key)).items()
    }


class ErrorHook:
    """Domain errors reach the user as one message; a report that came with the error is written first."""

    @hook_impl(tryfirst=True)
    def after_context_created(self, context: KedroContext) -> None:
        """Check the parameters against the types that the nodes ask for, before anything runs."""
        try:
            _ = context.params
        except ParameterValidationError as error:
            raise click.ClickException(str(error)) from None

    @hook_impl
    def on_node_error(self, error: Exception, node: Node, catalog: CatalogProtocol) -> None:
        """Save the report that an error carries into the node's report dataset."""
        report = getattr(error, "report", None)
        target = next((name for name in node.outputs if name.endswith("_report")), None)
        if report is not None and target is not None:
            catalog.save(target, report)

    @hook_impl(trylast=True)
    def on_pipeline_error(self, error: Exception) -> None:
        """Turn a domain error into the command line's own error."""
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, SpgVtonError):
            cause = cause.__cause__
        if cause is not None:
            raise click.ClickException(str(cause)) from None


class TimingHook:
    """Adds up the seconds each stage of the main job took into a JSON file; a stage run alone replaces its entry."""

    def __init__(self) -> None:
        self._started = 0.0
        self._seconds: dict[str, float] = {}

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Learn where to write."""
        self._path = Path(context.project_path) / "data" / "08_reporting" / "stage_seconds.json"

    @hook_impl
    def before_pipeline_run(self) -> None:
        """Start from nothing."""
        self._seconds = {}

    @hook_impl
    def before_node_run(self) -> None:
        """Start the clock."""
        self._started = time.monotonic()

    @hook_impl
    def after_dataset_saved(self, data: Any, node: Node) -> None:
        """Count the time up to here: a node's work may lie in the saving of its result.

        A training that was resumed or reused took as long as all its parts.
        """
        now = time.monotonic()
        stage = stage_of(node)
        spent = self._seconds.get(stage, 0.0) + now - self._started
        self._seconds[stage] = max(spent, data.seconds) if isinstance(data, ModelFile) else spent
        self._started = now

    @hook_impl
    def after_pipeline_run(self) -> None:
        """Write the file."""
        known = json.loads(self._path.read_text()) if self._path.is_file() else {}
        seconds = {stage: round(value, 1) for stage, value in self._seconds.items() if stage in MAIN_STAGES}
        merged = {stage: value for stage, value in (known | seconds).items() if stage in MAIN_STAGES}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".tmp")
        aside.write_text(json.dumps(merged, indent=2))
        aside.replace(self._path)


class MlflowHook:
    """One parent run an experiment and a child run a tracked stage, with every parameter and λ on each."""

    def __init__(self) -> None:
        self._run: MlflowRun | None = None
        self._stage = ""

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Read ``mlflow.yml``."""
        self._root = Path(context.project_path)
        self._settings: dict[str, Any] = context.config_loader["mlflow"]
        self._parameters = flatten(context.params)

    @hook_impl
    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: Pipeline) -> None:
        """Open the experiment where a tracked stage is about to run."""
        self._run_params = run_params
        stages = {stage_of(node) for node in pipeline.nodes}
        self._tracked = self._settings["enabled"] and bool(stages & set(self._settings["stages"]))
        if self._tracked:
            self._open_experiment()
            atexit.register(self._close, "KILLED")  # Kedro has no hook for Ctrl-C

    @hook_impl
    def before_node_run(self, node: Node) -> None:
        """Open a stage's run before its first node."""
        stage = stage_of(node)
        if self._tracked and stage in self._settings["stages"] and stage != self._stage:
            self._close("FINISHED")
            self._stage, self._run = stage, self._create_run(stage, {"mlflow.parentRunId": self._parent})
            self._run.log_params(self._parameters)
            tracking.install(self._run)

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, data: Any, node: Node) -> None:
        """Keep final metrics and files; end the run behind the stage's last node."""
        if self._run is None or stage_of(node) != self._stage:
            return
        if dataset_name in self._settings["metrics"]:
            numbers = {name: value for name, value in flatten(data).items() if isinstance(value, int | float)}
            self._run.log_metrics({f"final.{name}": value for name, value in numbers.items()})
        if dataset_name in self._settings["artifacts"]:
            self._run.log_file(self._root / self._settings["artifacts"][dataset_name])

    @hook_impl
    def after_pipeline_run(self) -> None:
        """Close the last stage's run."""
        self._close("FINISHED")

    @hook_impl(tryfirst=True)
    def on_pipeline_error(self, error: Exception) -> None:
        """Close the run as failed."""
        if self._run is not None:
            self._run.tag("error", f"{type(error).__name__}: {error}")
        self._close("FAILED")

    def _close(self, status: str) -> None:
        if self._run is not None:
            self._run.close(status)
        self._run, self._stage = None, ""
        tracking.install(tracking.NullTracker())

    def _open_experiment(self) -> None:
        from mlflow.tracking import MlflowClient

        uri = tracking_uri(self._root)
        self._client = MlflowClient(uri)
        name = self._settings["experiment"]
        known = self._client.get_experiment_by_name(name)
        place = (self._root / "mlartifacts").as_uri() if uri.startswith("sqlite") else None
        self._experiment = known.experiment_id if known else self._client.create_experiment(name, place)
        self._revision = git_revision(self._root)
        group = os.environ.get("DVC_EXP_NAME") or self._revision
        parents = self._client.search_runs(
            [self._experiment], f"tags.role = 'experiment' and tags.`group` = '{group}'", max_results=1
        )
        if parents:
            self._parent = parents[0].info.run_id
        else:
            parent = self._create_run(group, {"role": "experiment", "group": group})
            parent.close("FINISHED")
            self._parent = parent.run_id

    def _create_run(self, name: str, tags: dict[str, str]) -> MlflowRun:
        tags = tags | {"git": self._revision, "kedro.env": str(self._run_params.get("env") or "base")}
        tags |= {variable.lower(): os.environ[variable] for variable in _DVC_VARIABLES if variable in os.environ}
        run = self._client.create_run(self._experiment, run_name=name, tags=tags)
        return MlflowRun(self._client, run.info.run_id)
