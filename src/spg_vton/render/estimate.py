"""What rendering a set will cost, measured on a few of its people."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spg_vton.progress import progress_bar
from spg_vton.render.casting import is_test, photo_count
from spg_vton.render.config import RenderConfig
from spg_vton.render.person_files import render_person

SLICE = 12
_BLOCK = 4096  # bytes that the smallest file takes on a usual disk
_GIB = 2**30
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Cost of a set; ``hours`` holds for ``RenderConfig.workers`` processes with a core each."""

    persons: int
    photos: int
    triples: int
    hours: float
    gib: float


def _disk_use(folder: Path) -> int:
    return sum(-(-path.stat().st_size // _BLOCK) * _BLOCK for path in folder.rglob("*") if path.is_file())


def _person_cost(config: RenderConfig, index: int) -> tuple[float, float]:
    """Seconds and bytes of one person."""
    with tempfile.TemporaryDirectory(prefix="spg-vton-estimate-") as name:
        start = time.perf_counter()
        render_person(config, index, Path(name))
        return time.perf_counter() - start, float(_disk_use(Path(name)))


def estimate_set(config: RenderConfig) -> Estimate:
    """Render ``SLICE`` people, spread over the set, into a temporary folder, and extrapolate per photo.

    A test person is photographed twice, in two garments.
    """
    counts = np.array([photo_count(config, person) for person in range(config.persons)])
    rendered = counts * np.array([1 + is_test(config, person) for person in range(config.persons)])
    chosen = np.unique(np.linspace(0, config.persons - 1, min(SLICE, config.persons)).astype(int))
    _person_cost(config, 0)  # reads the body and compiles: no part of the cost of many
    costs = []
    with progress_bar("measuring people", len(chosen)) as progress:
        for person in chosen:
            costs.append(_person_cost(config, int(person)))
            progress.advance()
    seconds, size = np.sum(costs, axis=0) / rendered[chosen].sum() * rendered.sum()
    return Estimate(
        persons=config.persons,
        photos=int(counts.sum()),
        triples=int((counts * (counts - 1)).sum()),
        hours=float(seconds) / config.workers / _HOUR,
        gib=float(size) / _GIB,
    )
