"""Kedro's pipelines by name."""

from kedro.framework.project import find_pipelines
from kedro.pipeline import Pipeline

#: In data order; ``main`` takes any source, ``__default__`` renders one first.
_MAIN = ("ingestion", "annotation", "noise_annotation", "packing", "training", "evaluation")
_TRAINING = ("train_semantic", "train_synthesis", "train_joint")


def register_pipelines() -> dict[str, Pipeline]:
    """Every pipeline that ``kedro run --pipelines NAME`` knows."""
    pipelines = find_pipelines(raise_errors=True)
    for name in _TRAINING:
        pipelines[name] = pipelines["training"].only_nodes_with_tags(name)
    pipelines["main"] = sum((pipelines[name] for name in _MAIN), Pipeline([]))
    pipelines["__default__"] = pipelines["rendering"] + pipelines["main"]
    return pipelines
