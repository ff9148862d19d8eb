"""The settings of any source, told apart by their ``format`` (``mpv`` where none is named)."""

from typing import Annotated, Any

from pydantic import Discriminator, RootModel, Tag

from spg_vton.sources.deepfashion import DeepFashionSource
from spg_vton.sources.mpv import MpvSource
from spg_vton.sources.own import OwnSource
from spg_vton.sources.viton import VitonSource

AnySource = MpvSource | DeepFashionSource | VitonSource | OwnSource


def _format(settings: Any) -> str:
    return settings.get("format", "mpv") if isinstance(settings, dict) else getattr(settings, "format", "mpv")


class SourceConfig(
    RootModel[
        Annotated[
            Annotated[MpvSource, Tag("mpv")]
            | Annotated[DeepFashionSource, Tag("deepfashion")]
            | Annotated[VitonSource, Tag("viton")]
            | Annotated[OwnSource, Tag("own")],
            Discriminator(_format),
        ]
    ]
):
    """Settings as they stand in a YAML file → the source they name, in ``root``."""
