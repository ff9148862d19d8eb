"""What a rendered set holds, counted."""

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spg_vton.render.config import RenderConfig
from spg_vton.render.records import PersonRecord


@dataclass(frozen=True, slots=True)
class RenderSummary:
    """What a set holds.

    Attributes:
        photos: of persons, in the garment of the list.
        truths: photos of test persons in another garment.
        clothes: in-shop photos.
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
    truths: int
    clothes: int
    triples: dict[str, int]
    unpaired: int
    noisy_triples: int
    counts: dict[str, dict[str, int]]
    config: dict[str, Any]
    seconds: float
    rendered_now: int


def summarise(config: RenderConfig, records: Iterable[PersonRecord], seconds: float, rendered: int) -> RenderSummary:
    """Count what the records tell."""
    totals: Counter[str] = Counter()
    splits: Counter[str] = Counter(train=0, test=0)
    counts: dict[str, Counter[str]] = {"pose": Counter(), "view": Counter(), "noise": Counter()}
    for record in records:
        noise = record.noise_of_triples()
        totals.update(
            photos=len(record.photos),
            truths=len(record.truths),
            clothes=1 + (record.other_clothes is not None),
            unpaired=len(record.unpaired()),
            noisy_triples=sum(map(bool, noise)),
        )
        splits[record.split] += len(noise)
        counts["pose"].update(record.poses)
        counts["view"].update(record.tags)
        counts["noise"].update(kind for kinds in noise for kind in kinds)
        for trait, value in record.traits.items():
            counts.setdefault(trait, Counter())[value] += 1
    return RenderSummary(
        persons=config.persons,
        photos=totals["photos"],
        truths=totals["truths"],
        clothes=totals["clothes"],
        triples=dict(splits),
        unpaired=totals["unpaired"],
        noisy_triples=totals["noisy_triples"],
        counts={name: dict(sorted(count.items())) for name, count in counts.items()},
        config=dataclasses.asdict(config),
        seconds=round(seconds, 3),
        rendered_now=rendered,
    )
