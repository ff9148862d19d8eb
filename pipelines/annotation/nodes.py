"""Poses: given ones are taken over, missing ones extracted, a sample checked. Garment masks: missing ones made."""

from pathlib import Path
from typing import Any

import pandas as pd

from spg_vton.annotators.annotate import AnnotationConfig


def annotate_photos(
    root: Path,
    images: pd.DataFrame,
    given: pd.DataFrame,
    parses: pd.DataFrame,
    cloth_masks: pd.DataFrame,
    config: AnnotationConfig,
    workers: int,
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """The keypoints table, the masks made and the annotation report."""
    from spg_vton.annotators.annotate import annotate

    result = annotate(root, images, given, parses, cloth_masks, config, workers)
    return result.keypoints, result.made_masks, result.report
