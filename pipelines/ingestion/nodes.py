"""Any source → the manifest's tables and the ingestion report."""

from pathlib import Path
from typing import Any

import pandas as pd

from spg_vton.sources.config import SourceConfig

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, Any]]


def ingest_source(root: Path, source: SourceConfig, workers: int) -> Tables:
    """Check every file that the source's list names."""
    from spg_vton.sources.ingest import ingest

    result = ingest(source.root, root, workers)
    tables = result.manifest
    return (
        tables.images,
        tables.triples,
        tables.keypoints,
        tables.parses,
        tables.cloth_masks,
        tables.unpaired_truth,
        result.report,
    )
