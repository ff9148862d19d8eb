"""Poses: given ones are taken over, missing ones extracted, a sample of the given ones checked by extraction."""

from pathlib import Path
from typing import Any

import pandas as pd

from spg_vton.annotators.annotate import AnnotationConfig


def annotate_photos(
    root: Path, images: pd.DataFrame, given: pd.DataFrame, parses: pd.DataFrame, config: AnnotationConfig, workers: int
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The keypoints table and the annotation report."""
    from spg_vton.annotators.annotate import annotate

    result = annotate(root, images, given, parses, config, workers)
    return result.keypoints, result.report
