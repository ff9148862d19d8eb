"""Metric tables: methods down, metrics across, the best marked."""

from typing import Any

import pandas as pd

from spg_vton.metrics import harness
from spg_vton.metrics.comparison import LOWER_IS_BETTER

METRICS = ("lpips", "l1", "ssim", "parsing_miou", "warped_mask_iou")
PAIRINGS = tuple(harness.PAIRINGS)


def metric_table(records: list[dict[str, Any]], pairing: str) -> pd.DataFrame:
    """One pairing's values: index method (in the order they were judged), columns metric; NaN where none."""
    frame = pd.DataFrame([record for record in records if record["pairing"] == pairing])
    if frame.empty:
        return pd.DataFrame()
    wide = frame.pivot_table(index="method", columns="metric", values="value", sort=False)
    return wide.loc[frame["method"].unique(), [metric for metric in METRICS if metric in wide]]


def best_methods(table: pd.DataFrame) -> dict[str, str]:
    """The best method of each metric."""
    return {
        str(metric): str(table[metric].idxmin() if metric in LOWER_IS_BETTER else table[metric].idxmax())
        for metric in table
        if table[metric].notna().any()
    }


def cells(table: pd.DataFrame) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Each method with its values as text, – for none, and whether each is its column's best."""
    best = best_methods(table)

    def cell(metric: object, value: float, method: object) -> tuple[str, bool]:
        return "–" if value != value else f"{value:.3f}", best.get(str(metric)) == method

    return [(str(method), [cell(m, v, method) for m, v in row.items()]) for method, row in table.iterrows()]


def arrow(metric: str) -> str:
    """↓ where less is better, else ↑."""
    return "↓" if metric in LOWER_IS_BETTER else "↑"
