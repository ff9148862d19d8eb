"""annotation: photos and what the source gives → keypoints of every photo, and how far extraction is from the truth."""

from kedro.pipeline import Node, Pipeline

from .nodes import annotate_photos


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline(
        [
            Node(
                annotate_photos,
                ["raw_photos", "images", "given_keypoints", "parses", "params:annotation", "params:workers"],
                ["keypoints", "annotation_report"],
                name="annotate_photos",
            )
        ],
        tags="annotation",
    )
