"""Each triple: noisy or not, which kinds, how sure (section IV-A)."""

from pathlib import Path
from typing import Any

import pandas as pd

from spg_vton.annotators.noise import NoiseConfig
from spg_vton.sources.manifest import Manifest


def annotate_triples(
    root: Path,
    images: pd.DataFrame,
    triples: pd.DataFrame,
    keypoints: pd.DataFrame,
    parses: pd.DataFrame,
    cloth_masks: pd.DataFrame,
    made_masks: pd.DataFrame,
    unpaired_truth: pd.DataFrame,
    config: NoiseConfig,
    workers: int,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The noise table and its report."""
    from spg_vton.annotators.noise import annotate_noise

    manifest = Manifest(images, triples, keypoints, parses, cloth_masks, made_masks, unpaired_truth)
    result = annotate_noise(manifest, root, config, workers)
    return result.noise, result.report
