"""Mapping a function over many files: joblib for the work, a rich bar for the time left.

Threads by default: decoding and resizing release the GIL. ``joblib.parallel_config(backend="dask")`` around a call
moves the work to a cluster.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from joblib import Parallel, delayed

from spg_vton.progress import progress_bar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_chunks(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int, chunk: int, title: str
) -> Iterator[list[Result]]:
    """Yield ``[function(item), …]`` in order, ``chunk`` items at a time; no more than one chunk is held."""
    with progress_bar(title, len(items)) as progress, Parallel(n_jobs=workers, prefer="threads") as parallel:
        for start in range(0, len(items), chunk):
            part = items[start : start + chunk]
            yield parallel(delayed(function)(item) for item in part)
            progress.advance(len(part))


def map_all(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int, title: str, chunk: int = 256
) -> list[Result]:
    """Return ``[function(item), …]`` in order, for results that are small."""
    return [result for part in map_chunks(function, items, workers, chunk, title) for result in part]
