"""The command ``spg-vton render``."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from spg_vton.errors import ConfigError
from spg_vton.render.config import RenderConfig
from spg_vton.render.dataset import render_set

_OPTION_OF_FIELD = {
    "persons": "--persons",
    "photos_per_person": "--photos-per-person",
    "test_share": "--test-share",
    "seed": "--seed",
    "workers": "--workers",
    "noise_rate": "--noise",
    "noisy_test": "--noisy-test",
    "whole_body_share": "--whole-body-share",
    "supersampling": "--supersampling",
}


def _fail(message: str) -> typer.Exit:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"error: {message}", markup=False)
    return typer.Exit(2)


def _one_line(error: ValidationError) -> str:
    """The first mistake, named by its option."""
    mistake = error.errors()[0]
    message = mistake["msg"].removeprefix("Value error, ")
    if not mistake["loc"]:
        return message
    option = _OPTION_OF_FIELD.get(str(mistake["loc"][0]), str(mistake["loc"][0]))
    return f"{option}: {message}, got {mistake['input']!r}"


def render(
    persons: Annotated[int, typer.Option(help="Number of people; each has one garment.")],
    out: Annotated[Path, typer.Option(help="Folder to write: new, empty, or to be continued.")],
    seed: Annotated[int, typer.Option(help="Seed of everything; the same seed gives the same bytes.")] = 0,
    workers: Annotated[int, typer.Option(help="Processes; does not change the result.")] = 1,
    noise: Annotated[float, typer.Option(help="Share of train triples made odd on purpose (0 to about 0.7).")] = 0.0,
    photos_per_person: Annotated[int, typer.Option(help="Poses of each person, 2 to 12.")] = 3,
    test_share: Annotated[float, typer.Option(help="Share of people, with their garments, kept for testing.")] = 0.15,
    noisy_test: Annotated[bool, typer.Option(help="Let noise strike test triples too.")] = False,
    whole_body_share: Annotated[float, typer.Option(help="Share of photos that show the whole body.")] = 0.2,
    supersampling: Annotated[int, typer.Option(help="Rendered pixels per photo pixel and axis, 1 to 4.")] = 2,
) -> None:
    """Render photos of people in several poses, with label maps, keypoints and their garments, in MPV's layout.

    An interrupted run continues when the same command is given again.
    """
    try:
        config = RenderConfig(
            persons=persons,
            photos_per_person=photos_per_person,
            test_share=test_share,
            seed=seed,
            workers=workers,
            noise_rate=noise,
            noisy_test=noisy_test,
            whole_body_share=whole_body_share,
            supersampling=supersampling,
        )
        summary = render_set(config, out)
    except ValidationError as error:
        raise _fail(_one_line(error)) from None
    except ConfigError as error:
        raise _fail(str(error)) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("interrupted; the same command continues")
        raise typer.Exit(130) from None
    triples = ", ".join(f"{count} {split}" for split, count in summary.triples.items())
    Console().print(f"{out}: {summary.persons} people, {summary.photos} photos, {triples} triples")
