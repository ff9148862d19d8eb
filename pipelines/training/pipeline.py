"""train_semantic → train_synthesis → train_joint: the store → the trained networks, a loss curve a stage."""

from kedro.pipeline import Node, Pipeline

from .nodes import train_joint, train_semantic, train_synthesis

_DATA = ["store", "training_state"]
_SETTINGS = ["params:model", "params:training", "params:lambdas", "params:objective"]


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table; each stage is also a pipeline of its own (``pipeline_registry``)."""
    return Pipeline(
        [
            Node(
                train_semantic,
                [*_DATA, *_SETTINGS],
                ["semantic_model", "semantic_curve"],
                name="train_semantic",
                tags="train_semantic",
            ),
            Node(
                train_synthesis,
                [*_DATA, "semantic_model", *_SETTINGS],
                ["synthesis_model", "synthesis_curve"],
                name="train_synthesis",
                tags="train_synthesis",
            ),
            Node(
                train_joint,
                [*_DATA, "synthesis_model", *_SETTINGS],
                ["spg_vton_model", "joint_curve"],
                name="train_joint",
                tags="train_joint",
            ),
        ]
    )
