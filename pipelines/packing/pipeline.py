"""packing: manifest and annotations → one memory-mapped Arrow store."""

from kedro.pipeline import Node, Pipeline

from .nodes import pack_store

_TABLES = ["images", "triples", "keypoints", "parses", "cloth_masks", "made_masks", "unpaired_truth", "noise"]


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline(
        [
            Node(
                pack_store,
                ["raw_photos", *_TABLES, "params:packing", "params:workers"],
                "store",
                name="pack_store",
            )
        ],
        tags="packing",
    )
