"""The README's results section, written from the files in ``docs/results`` and from nothing else."""

import json
from pathlib import Path
from typing import Any

from spg_vton.report.tables import PAIRINGS, arrow, cells, metric_table

BEGIN, END = "<!-- results: written by `make results` -->", "<!-- end of results -->"


def results_section(folder: Path) -> str:
    """Markdown: a table a pairing, the intervals, the pose extractor's error, the times."""
    records = json.loads((folder / "metrics.json").read_text())
    parts = [_table(records, pairing) for pairing in PAIRINGS]
    parts.append(_protocols(records))
    parts.append(_intervals(json.loads((folder / "comparisons.json").read_text())))
    parts.append(json.loads((folder / "annotation_report.json").read_text())["sentence"])
    machine = json.loads((folder / "machine.json").read_text())
    parts.append(_times(json.loads((folder / "stage_seconds.json").read_text()), machine["cpus"]))
    return "\n\n".join(part for part in parts if part)


def fill(readme: str, section: str) -> str:
    """``readme`` with ``section`` between its two marks.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README: expected the marks {BEGIN!r} and {END!r}.")
    return f"{before}{BEGIN}\n{section}\n{END}{after}"


def _table(records: list[dict[str, Any]], pairing: str) -> str:
    table = metric_table(records, pairing)
    if table.empty:
        return ""
    n = max(record["n"] for record in records if record["pairing"] == pairing)
    title = f"{pairing.capitalize()}, {n} held-out triples"
    lines = [f"| {title} | " + " | ".join(f"{metric} {arrow(str(metric))}" for metric in table) + " |"]
    lines.append("|---|" + "---:|" * len(table.columns))
    for method, row in cells(table):
        lines.append(f"| `{method}` | " + " | ".join(f"**{text}**" if best else text for text, best in row) + " |")
    return "\n".join(lines)


def _protocols(records: list[dict[str, Any]]) -> str:
    protocols = {record["metric"]: record["protocol"] for record in records}
    return "\n".join(f"* `{metric}`: {text}" for metric, text in protocols.items())


def _intervals(comparisons: list[dict[str, Any]]) -> str:
    """The closest competitor by LPIPS and L1, with the interval of the difference."""
    lines = []
    for metric in ("lpips", "l1"):
        for pairing in PAIRINGS:
            rows = [row for row in comparisons if (row["metric"], row["pairing"]) == (metric, pairing)]
            if rows:
                row = max(rows, key=lambda row: row["difference"])
                interval = f"{row['difference']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
                lines.append(f"* {metric}, {pairing}: {interval} against `{row['other']}`")
    if not lines:
        return ""
    return f"Difference from the nearest trivial method ({comparisons[0]['protocol']}):\n\n" + "\n".join(lines)


def _times(seconds: dict[str, float], cpus: int) -> str:
    stages = ", ".join(f"{stage} {value:.0f} s" for stage, value in seconds.items())
    return f"Time on {cpus} CPU cores: {stages}; together {sum(seconds.values()) / 60:.1f} minutes."
