"""Render the embedded set into MPV's own layout."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from spg_vton.render.config import RenderConfig


def render_people(config: RenderConfig) -> Callable[[Path], object]:
    """What fills the folder of raw photos."""
    from spg_vton.render.dataset import render_set

    return partial(render_set, config)
