"""A whole set of rendered people on disk, in MPV's layout."""

import dataclasses
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from joblib import Parallel, delayed
from rich.console import Console

from spg_vton.errors import ConfigError
from spg_vton.progress import progress_bar
from spg_vton.render.config import RenderConfig
from spg_vton.render.data_card import CARD, SHEET, write_data_card
from spg_vton.render.person_files import (
    RECORDS,
    is_finished,
    read_record,
    render_person,
    sweep,
    write_aside,
    written_aside,
)
from spg_vton.render.records import FOLDERS, NOISE_COLUMNS, PersonRecord
from spg_vton.render.summary import RenderSummary, summarise

TRIPLES, UNPAIRED, NOISE, SUMMARY = (
    "all_poseA_poseB_clothes.txt",
    "unpaired_truth.txt",
    "noise_truth.csv",
    "render_summary.json",
)
_MARK = ".render.json"


def _prepare_folder(config: RenderConfig, folder: Path, console: Console) -> None:
    """Continue a set of the same configuration, start over for another, refuse a stranger's folder."""
    mark = folder / _MARK
    if mark.is_file():
        if json.loads(mark.read_text()).get("fingerprint") == config.fingerprint():
            sweep(folder)
            return
        console.print(f"{folder} holds a set of another configuration: starting over.")
        for name in (*FOLDERS, RECORDS):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in (TRIPLES, UNPAIRED, NOISE, SUMMARY, CARD, SHEET, _MARK):
            (folder / name).unlink(missing_ok=True)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(
            f"{folder}: expected a new or empty folder, or one made by this command; got one with other files. "
            "Give another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_aside(mark, json.dumps({"fingerprint": config.fingerprint()}).encode())


def _render(config: RenderConfig, folder: Path, pending: list[int]) -> Iterator[int]:
    """Render the pending persons, in any order, and tell who is finished; nothing is kept but the files."""
    if config.workers == 1:
        yield from (_render_person(config, index, folder) for index in pending)
        return
    jobs = (delayed(_render_person)(config, index, folder) for index in pending)
    yield from Parallel(n_jobs=config.workers, return_as="generator_unordered")(jobs)


def _render_person(config: RenderConfig, index: int, folder: Path) -> int:
    return render_person(config, index, folder).index


def _records(config: RenderConfig, folder: Path) -> Iterator[PersonRecord]:
    """The finished persons' records, read one by one."""
    for index in range(config.persons):
        yield read_record(folder, index)


def _write_lines(path: Path, rows: Iterable[Iterable[str]], separator: str) -> None:
    with written_aside(path) as aside, aside.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(separator.join(row) + "\n" for row in rows)


def _write_lists(config: RenderConfig, folder: Path) -> None:
    def rows(of_person: Callable[[PersonRecord], Iterable[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
        return chain.from_iterable(map(of_person, _records(config, folder)))

    _write_lines(folder / TRIPLES, rows(PersonRecord.triples), "\t")
    _write_lines(folder / UNPAIRED, rows(PersonRecord.unpaired), "\t")
    _write_lines(folder / NOISE, chain([NOISE_COLUMNS], rows(PersonRecord.noise_rows)), ",")


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Tell what the disk refuses in a sentence."""
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"{folder}: cannot write the set ({error.strerror or error}). Make room or give another folder; what is "
            "finished stays, and the same command continues."
        ) from None


def render_set(config: RenderConfig, folder: Path) -> RenderSummary:
    """Render a set, or what is missing of it, into ``folder``.

    The files depend on the configuration alone, not on ``workers`` or on interruptions. A person counts as finished
    when its record and all files that it names are there; lists and summary are written last, from the records, so
    that memory does not grow with the number of persons.

    Raises:
        ConfigError: the folder holds files that this function did not make, or the disk refuses to write.
    """
    start = time.perf_counter()
    with _disk_errors(folder):
        _prepare_folder(config, folder, Console(stderr=True))
        pending = [index for index in range(config.persons) if not is_finished(folder, index)]
        with progress_bar("rendering people", config.persons, config.persons - len(pending)) as progress:
            for _ in _render(config, folder, pending):
                progress.advance()
        _write_lists(config, folder)
        summary = summarise(config, _records(config, folder), time.perf_counter() - start, len(pending))
        write_data_card(folder, config, summary, _records(config, folder))
        write_aside(folder / SUMMARY, (json.dumps(dataclasses.asdict(summary), indent=2) + "\n").encode())
    return summary
