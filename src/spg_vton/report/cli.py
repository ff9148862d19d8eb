"""``spg-vton results``: the last run's metrics, times and files, in the terminal."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from spg_vton.errors import DataError


def results(
    folder: Annotated[Path, typer.Option(help="Where the reports lie.")] = Path("data/08_reporting"),
) -> None:
    """Print the metrics of the last evaluation, the time each stage took, and where the pictures are."""
    from spg_vton.report.tables import PAIRINGS, metric_table

    records = _read(folder / "metrics.json")
    console = Console()
    for pairing in PAIRINGS:
        table = metric_table(records, pairing)
        if not table.empty:
            n = max(record["n"] for record in records if record["pairing"] == pairing)
            console.print(_metrics(table, f"{pairing}, {n} held-out triples"))
    seconds = folder / "stage_seconds.json"
    if seconds.is_file():
        console.print(_times(_read(seconds)))
    for name in ("report.html", "contact_sheet.png"):
        console.print(f"{name.partition('.')[0].replace('_', ' ')}: {(folder / name).resolve()}", soft_wrap=True)


def _metrics(values: Any, title: str) -> Table:
    from spg_vton.report.tables import arrow, cells

    table = _table(title)
    table.add_column("method", no_wrap=True)
    for metric in values:
        table.add_column(f"{metric} {arrow(metric)}", justify="right", no_wrap=True)
    for method, row in cells(values):
        table.add_row(method, *(f"[bold green]{text}[/]" if best else text for text, best in row))
    return table


def _times(seconds: dict[str, float]) -> Table:
    table = _table("time")
    table.add_column("stage")
    table.add_column("seconds", justify="right")
    for stage, value in seconds.items():
        table.add_row(stage, f"{value:.0f}")
    table.add_row("together", f"{sum(seconds.values()):.0f}")
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: expected the results of a run, got: {error}. Run `kedro run` first.") from error
