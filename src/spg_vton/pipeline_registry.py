"""Kedro's pipelines by name, in data order.

The names are listed rather than found: Kedro's finder looks only for the pipeline that was asked for, and knows no
composed ones.
"""

from importlib import import_module

from kedro.pipeline import Pipeline, pipeline

#: ``main`` takes any source; ``__default__`` renders one first.
_MAIN = ("ingestion", "annotation", "noise_annotation", "packing", "training", "evaluation")
_NAMES = ("rendering", *_MAIN, "try_on")
_TRAINING = ("train_semantic", "train_synthesis", "train_joint")


def register_pipelines() -> dict[str, Pipeline]:
    """Every pipeline that ``kedro run --pipelines NAME`` knows."""
    pipelines = {name: import_module(f"spg_vton.pipelines.{name}").create_pipeline() for name in _NAMES}
    for name in _TRAINING:
        pipelines[name] = pipelines["training"].only_nodes_with_tags(name)
    pipelines["main"] = sum((pipelines[name] for name in _MAIN), Pipeline([]))
    # rendered people never go where an environment's real photos lie
    embedded = pipeline(pipelines["main"], inputs={"raw_photos": "rendered_photos"})
    pipelines["__default__"] = pipelines["rendering"] + embedded
    return pipelines
