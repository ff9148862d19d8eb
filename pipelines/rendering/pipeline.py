"""rendering: configuration → a folder of raw photos in MPV's layout A."""

from kedro.pipeline import Node, Pipeline

from .nodes import render_people


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline(
        [Node(render_people, ["params:rendering"], "rendered_photos", name="render_people")], tags="rendering"
    )
