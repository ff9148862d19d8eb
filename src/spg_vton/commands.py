"""The command ``spg-vton``, for what is not a pipeline (``cli.py`` is a name that Kedro claims for itself)."""

import sys

import typer

from spg_vton.annotators.cli import pose
from spg_vton.errors import SpgVtonError
from spg_vton.render.cli import render
from spg_vton.report.cli import results
from spg_vton.weights.cli import app as weights

app = typer.Typer(
    help="Multi-pose virtual try-on. The pipelines themselves run by `kedro run`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(render)
app.command()(pose)
app.command()(results)
app.add_typer(weights, name="weights")


def main() -> None:
    """Run the command; a user's mistake ends with a message and exit code 1."""
    try:
        app()
    except SpgVtonError as error:
        typer.secho(f"Error: {error}", err=True, fg=typer.colors.RED)
        sys.exit(1)
