"""Manifest and annotations → the memory-mapped store."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from spg_vton.sources.manifest import Manifest
from spg_vton.store.pack import PackConfig


def pack_store(
    root: Path,
    images: pd.DataFrame,
    triples: pd.DataFrame,
    keypoints: pd.DataFrame,
    parses: pd.DataFrame,
    cloth_masks: pd.DataFrame,
    made_masks: pd.DataFrame,
    unpaired_truth: pd.DataFrame,
    noise: pd.DataFrame,
    config: PackConfig,
    workers: int,
) -> Callable[[Path], dict[str, Any]]:
    """What fills the store's folder."""
    from spg_vton.store.pack import pack

    manifest = Manifest(images, triples, keypoints, parses, cloth_masks, made_masks, unpaired_truth)
    return lambda folder: pack(manifest, noise, root, folder, config, workers)
