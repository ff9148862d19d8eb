"""The report: one self-contained HTML file that opens from disk."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import jinja2
import pandas as pd
from PIL import Image

from spg_vton.metrics.comparison import LOWER_IS_BETTER
from spg_vton.report.curves import loss_curves
from spg_vton.report.tables import PAIRINGS, arrow, cells, metric_table


@dataclass(frozen=True)
class ReportInputs:
    """Everything the report shows."""

    records: list[dict[str, Any]]
    comparisons: list[dict[str, Any]]
    sheet: Image.Image
    curves: Mapping[str, pd.DataFrame]
    ingestion: dict[str, Any]
    annotation: dict[str, Any]
    noise: dict[str, Any]
    provenance: dict[str, Any]


def render_report(inputs: ReportInputs) -> str:
    """The page."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = _number
    template = environment.from_string(files("spg_vton.report").joinpath("report.html.j2").read_text("utf-8"))
    tables = {pairing: metric_table(inputs.records, pairing) for pairing in PAIRINGS}
    tables = {pairing: table for pairing, table in tables.items() if not table.empty}
    counts = {record["pairing"]: record["n"] for record in inputs.records}
    return template.render(
        inputs=inputs,
        tables=tables,
        cells=cells,
        counts=counts,
        protocols={record["metric"]: record["protocol"] for record in inputs.records},
        arrow=arrow,
        verdict=_verdict,
        sheet=_data_url(_jpeg(inputs.sheet), "image/jpeg"),
        curves=_data_url(_svg(inputs.curves), "image/svg+xml"),
    )


def _verdict(row: dict[str, Any]) -> str:
    """CSS class of a difference: best or worse where its interval excludes 0, else none."""
    if row["low"] <= 0 <= row["high"]:
        return ""
    return "best" if (row["difference"] < 0) == (row["metric"] in LOWER_IS_BETTER) else "worse"


def _number(value: Any) -> str:
    if isinstance(value, float):
        return "–" if value != value else f"{value:.3f}"
    return str(value)


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _svg(curves: Mapping[str, pd.DataFrame]) -> bytes:
    stream = io.BytesIO()
    loss_curves(curves).savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def _data_url(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
