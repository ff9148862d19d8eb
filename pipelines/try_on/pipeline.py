"""try_on: the store and the trained model → a picture a test triple; a target photo is not needed."""

from kedro.pipeline import Node, Pipeline

from .nodes import try_on


def create_pipeline(**_: object) -> Pipeline:
    """The pipeline as a table."""
    return Pipeline([Node(try_on, ["store", "spg_vton_model"], "try_on_pictures", name="try_on")], tags="try_on")
