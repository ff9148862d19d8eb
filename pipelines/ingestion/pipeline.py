"""ingestion: raw photos in place → manifest tables, with every rejected file in the report."""

from kedro.pipeline import Node, Pipeline

from .nodes import ingest_source

_TABLES = ["images", "triples", "given_keypoints", "parses", "cloth_masks", "unpaired_truth"]


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline(
        [
            Node(
                ingest_source,
                ["raw_photos", "params:ingestion", "params:workers"],
                [*_TABLES, "ingestion_report"],
                name="ingest_source",
            )
        ],
        tags="ingestion",
    )
