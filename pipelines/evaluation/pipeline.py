"""evaluation: the trained model and the store → metrics, comparisons, contact sheet and report."""

from kedro.pipeline import Node, Pipeline

from .nodes import evaluate_methods, make_report


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline(
        [
            Node(
                evaluate_methods,
                ["store", "spg_vton_model", "params:evaluation"],
                ["metrics", "metrics_summary", "comparisons"],
                name="evaluate_methods",
            ),
            Node(
                make_report,
                [
                    "store",
                    "spg_vton_model",
                    "metrics",
                    "comparisons",
                    "semantic_curve",
                    "synthesis_curve",
                    "joint_curve",
                    "ingestion_report",
                    "annotation_report",
                    "noise_report",
                    "params:evaluation",
                ],
                ["contact_sheet", "report"],
                name="make_report",
            ),
        ],
        tags="evaluation",
    )
