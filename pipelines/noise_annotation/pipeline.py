"""noise_annotation: photos, maps and triples → a verdict on each triple."""

from kedro.pipeline import Node, Pipeline

from .nodes import annotate_triples

_TABLES = ["images", "triples", "keypoints", "parses", "cloth_masks", "made_masks", "unpaired_truth"]


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline(
        [
            Node(
                annotate_triples,
                ["raw_photos", *_TABLES, "params:noise_annotation", "params:workers"],
                ["noise", "noise_report"],
                name="annotate_triples",
            )
        ],
        tags="noise_annotation",
    )
