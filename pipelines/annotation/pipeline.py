"""annotation: photos and what the source gives → keypoints of every photo, the masks that lacked, and a report."""

from kedro.pipeline import Node, Pipeline

from .nodes import annotate_photos

_TABLES = ["images", "given_keypoints", "parses", "cloth_masks"]


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline(
        [
            Node(
                annotate_photos,
                ["raw_photos", *_TABLES, "params:annotation", "params:workers"],
                ["keypoints", "made_masks", "annotation_report"],
                name="annotate_photos",
            )
        ],
        tags="annotation",
    )
