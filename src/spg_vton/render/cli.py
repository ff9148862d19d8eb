"""The command ``spg-vton render``."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from spg_vton.errors import ConfigError
from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.config import RenderConfig
from spg_vton.render.dataset import render_set
from spg_vton.render.estimate import SLICE, estimate_set
from spg_vton.render.presets import PRESETS
from spg_vton.render.views import VIEWS

_OPTION_OF_FIELD = {"noise_rate": "--noise", "noise_shares": "--noise-kinds"}
_INTERRUPTED = 130  # exit status of a command that Ctrl-C stopped


def _fail(message: str) -> typer.Exit:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"error: {message}", markup=False)
    return typer.Exit(2)


def _say(message: str) -> None:
    Console(soft_wrap=True, highlight=False).print(message, markup=False)


def _option(field: str) -> str:
    return _OPTION_OF_FIELD.get(field, f"--{field.replace('_', '-')}")


def _one_line(error: ValidationError) -> str:
    """The first mistake, as far inside the value as it is known, named by its option."""
    mistake = max(error.errors(), key=lambda one: len(one["loc"]))
    message = mistake["msg"].removeprefix("Value error, ")
    if not mistake["loc"]:
        return message
    return f"{_option(str(mistake['loc'][0]))}: {message}, got {mistake['input']!r}"


def _shares(option: str, text: str) -> dict[str, float]:
    """``a=1,b=2`` as a mapping."""
    try:
        pairs = [part.split("=") for part in text.split(",")]
        return {key.strip(): float(value) for key, value in pairs}
    except ValueError:
        raise ConfigError(f"{option}: expected NAME=SHARE,NAME=SHARE, got {text!r}") from None


def _config(preset: str | None, given: dict[str, Any]) -> RenderConfig:
    """A preset's fields under the options given."""
    if preset is not None and preset not in PRESETS:
        raise ConfigError(f"--preset: expected one of {', '.join(PRESETS)}, got {preset!r}")
    fields = {**PRESETS.get(preset or "", {}), **{name: value for name, value in given.items() if value is not None}}
    if "persons" not in fields:
        raise ConfigError(f"give --persons N, or --preset with one of {', '.join(PRESETS)}")
    photos = fields.get("photos_per_person")
    if isinstance(photos, str):
        fields["photos_per_person"] = photos if photos.isdigit() else _shares("--photos-per-person", photos)
    if isinstance(fields.get("noise_shares"), str):
        fields["noise_shares"] = _shares("--noise-kinds", fields["noise_shares"])
    if isinstance(fields.get("views"), str):
        fields["views"] = dict.fromkeys(VIEWS, 0.0) | _shares("--views", fields["views"])
    return RenderConfig(**fields)


def _show_estimate(config: RenderConfig) -> None:
    cost = estimate_set(config)
    _say(
        f"{cost.persons} people, {cost.photos} photos, {cost.triples} triples: about {cost.hours:.2g} hours with "
        f"{config.workers} worker(s) and {cost.gib:.2g} GiB; measured on {min(SLICE, cost.persons)} people on this "
        "machine, nothing kept"
    )


def _show_set(config: RenderConfig, out: Path) -> None:
    summary = render_set(config, out)
    triples = ", ".join(f"{count} {split}" for split, count in summary.triples.items())
    _say(f"{out}: {summary.persons} people, {summary.photos} photos, {summary.clothes} garments, {triples} triples")


_KINDS = ", ".join(NoiseKind)


def render(
    out: Annotated[Path | None, typer.Option(help="Folder to write: new, empty, or to be continued.")] = None,
    persons: Annotated[int | None, typer.Option(help="Number of people; each has one garment.")] = None,
    preset: Annotated[
        str | None, typer.Option(help=f"Size by name: {', '.join(PRESETS)}; options given override it.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything; the same seed gives the same bytes.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; does not change the result.")] = None,
    noise: Annotated[
        float | None, typer.Option(help="Share of train triples made odd on purpose (0 to about 0.7).")
    ] = None,
    noise_kinds: Annotated[
        str | None, typer.Option(help=f"How often each kind strikes, as hat=2,glasses=1; of {_KINDS}.")
    ] = None,
    noisy_test: Annotated[bool | None, typer.Option(help="Let noise strike test triples too.")] = None,
    attribute_share: Annotated[
        float | None, typer.Option(help="Share of people who wear something extra in all photos.")
    ] = None,
    photos_per_person: Annotated[
        str | None, typer.Option(help="Poses of each person, 2 to 12, or shares of people, as 2=0.4,3=0.6.")
    ] = None,
    test_share: Annotated[
        float | None, typer.Option(help="Share of people, with their garments, kept for testing.")
    ] = None,
    whole_body_share: Annotated[float | None, typer.Option(help="Share of photos that show the whole body.")] = None,
    views: Annotated[
        str | None, typer.Option(help=f"Share of photos by view, as front=0.8,side=0.2; of {', '.join(VIEWS)}.")
    ] = None,
    supersampling: Annotated[int | None, typer.Option(help="Rendered pixels per photo pixel and axis, 1 to 4.")] = None,
    truth_maps: Annotated[bool | None, typer.Option(help="Write body masks and garment flow too.")] = None,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Only tell the time and the disk space that the set will take.")
    ] = False,
) -> None:
    """Render photos of people in several poses, with label maps, keypoints and their garments, in MPV's layout.

    An interrupted run continues when the same command is given again.
    """
    given = {
        "persons": persons, "photos_per_person": photos_per_person, "test_share": test_share, "seed": seed,
        "workers": workers, "attribute_share": attribute_share, "noise_rate": noise, "noise_shares": noise_kinds,
        "noisy_test": noisy_test, "whole_body_share": whole_body_share, "supersampling": supersampling,
        "truth_maps": truth_maps, "views": views,
    }  # fmt: skip
    try:
        config = _config(preset, given)
        if estimate:
            _show_estimate(config)
        elif out is None:
            raise ConfigError("give the folder to write with --out DIR, or --estimate")
        else:
            _show_set(config, out)
    except ValidationError as error:
        raise _fail(_one_line(error)) from None
    except ConfigError as error:
        raise _fail(str(error)) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("interrupted; the same command continues")
        raise typer.Exit(_INTERRUPTED) from None
