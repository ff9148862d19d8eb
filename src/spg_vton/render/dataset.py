"""A whole set of rendered people on disk, in MPV's layout."""

import dataclasses
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from joblib import Parallel, delayed
from rich.console import Console

from spg_vton.errors import ConfigError
from spg_vton.progress import progress_bar
from spg_vton.render.config import RenderConfig
from spg_vton.render.data_card import CARD, SHEET, write_data_card
from spg_vton.render.person_files import RECORDS, read_record, render_person, sweep, write_aside
from spg_vton.render.records import IMAGES, KEYPOINTS, MASKS, PARSES, PersonRecord

TRIPLES, UNPAIRED, NOISE, SUMMARY = (
    "all_poseA_poseB_clothes.txt",
    "unpaired_truth.txt",
    "noise_truth.csv",
    "render_summary.json",
)
_MARK = ".render.json"


@dataclass(frozen=True, slots=True)
class RenderSummary:
    """What a set holds.

    Attributes:
        triples: rows of the list by split.
        unpaired: rows of the unpaired list.
        noisy_triples: rows with noise on purpose.
        counts: how often each kind of pose, view, garment trait and noise occurs.
        config: the configuration, field by field.
        seconds: wall-clock time of the run that finished the set.
        rendered_now: persons rendered by that run; the others were there already.
    """

    persons: int
    photos: int
    triples: dict[str, int]
    unpaired: int
    noisy_triples: int
    counts: dict[str, dict[str, int]]
    config: dict[str, int | float | bool]
    seconds: float
    rendered_now: int


def _prepare_folder(config: RenderConfig, folder: Path, console: Console) -> None:
    """Continue a set of the same configuration, start over for another, refuse a stranger's folder."""
    mark = folder / _MARK
    if mark.is_file():
        if json.loads(mark.read_text()).get("fingerprint") == config.fingerprint():
            sweep(folder)
            return
        console.print(f"{folder} holds a set of another configuration: starting over.")
        for name in (IMAGES, KEYPOINTS, MASKS, PARSES, RECORDS):
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


def _rendered(config: RenderConfig, folder: Path, pending: list[int]) -> Iterator[PersonRecord]:
    """Render the pending persons, in any order."""
    if config.workers == 1:
        yield from (render_person(config, index, folder) for index in pending)
        return
    jobs = (delayed(render_person)(config, index, folder) for index in pending)
    yield from Parallel(n_jobs=config.workers, return_as="generator_unordered")(jobs)


def _write_lines(path: Path, rows: Iterable[tuple[str, ...]], separator: str) -> None:
    write_aside(path, "".join(separator.join(row) + "\n" for row in rows).encode())


def _write_lists(folder: Path, records: list[PersonRecord]) -> None:
    _write_lines(folder / TRIPLES, (row for record in records for row in record.triples()), "\t")
    _write_lines(folder / UNPAIRED, (row for record in records for row in record.unpaired()), "\t")
    noise = [("poseA", "poseB", "clothes", "noisy", "kinds")]
    for record in records:
        for (first, second, clothes, _), kinds in zip(record.triples(), record.noise_of_triples(), strict=True):
            noise.append((first, second, clothes, str(int(bool(kinds))), ";".join(kinds)))
    _write_lines(folder / NOISE, noise, ",")


def _summary(config: RenderConfig, records: list[PersonRecord], seconds: float, rendered: int) -> RenderSummary:
    counts: dict[str, Counter[str]] = {"pose": Counter(), "view": Counter(), "noise": Counter()}
    for record in records:
        counts["pose"].update(record.poses)
        counts["view"].update(record.tags)
        counts["noise"].update(kind for kinds in record.noise_of_triples() for kind in kinds)
        for trait, value in record.traits.items():
            counts.setdefault(trait, Counter())[value] += 1
    splits = Counter(row[-1] for record in records for row in record.triples())
    return RenderSummary(
        persons=len(records),
        photos=sum(len(record.photos) + len(record.truths) for record in records),
        triples={split: splits[split] for split in ("train", "test")},
        unpaired=sum(len(record.unpaired()) for record in records),
        noisy_triples=sum(bool(kinds) for record in records for kinds in record.noise_of_triples()),
        counts={name: dict(sorted(count.items())) for name, count in counts.items()},
        config=dataclasses.asdict(config),
        seconds=round(seconds, 3),
        rendered_now=rendered,
    )


def render_set(config: RenderConfig, folder: Path) -> RenderSummary:
    """Render a set, or what is missing of it, into ``folder``.

    The files depend on the configuration alone, not on ``workers`` or on interruptions. A person counts as finished
    when its record and all files that it names are there; lists and summary are written last.

    Raises:
        ConfigError: the folder holds files that this function did not make.
    """
    start, console = time.perf_counter(), Console(stderr=True)
    _prepare_folder(config, folder, console)
    found = {index: read_record(folder, index) for index in range(config.persons)}
    records = {index: record for index, record in found.items() if record is not None}
    pending = [index for index in range(config.persons) if index not in records]
    with progress_bar("rendering people", config.persons, len(records)) as progress:
        for record in _rendered(config, folder, pending):
            records[record.index] = record
            progress.advance()
    ordered = [records[index] for index in range(config.persons)]
    _write_lists(folder, ordered)
    summary = _summary(config, ordered, time.perf_counter() - start, len(pending))
    write_data_card(folder, config, summary, ordered)
    write_aside(folder / SUMMARY, (json.dumps(dataclasses.asdict(summary), indent=2) + "\n").encode())
    return summary
