"""A step's triples follow from seed and number alone, whoever reads them; noise and held-out persons."""

import dataclasses
from collections import Counter

import numpy as np
import pytest
import torch

from spg_vton.config import TrainingConfig, ValidationConfig
from spg_vton.errors import DataError
from spg_vton.training.loader import Loader
from spg_vton.training.splitting import split_rows


def parts(loader, step):
    return [(part.batch.triple_ids, part.batch.source_image, part.erasing) for part in loader.parts(step)]


def joined(several):
    names, images, erasing = zip(*several, strict=True)
    return sum(names, ()), torch.cat(images), torch.cat(erasing, 1)


def settings(experiment, **changes):
    return dataclasses.replace(experiment.training, **changes)


@pytest.mark.parametrize("devices, accumulate", [(2, 1), (1, 4), (2, 2)])
def test_processes_and_parts_together_read_the_batch_of_one(experiment, store, devices, accumulate):
    one = settings(experiment, batch_size=4, flip=True)
    whole = joined(parts(Loader(store, store.select(), one), 7))
    split = dataclasses.replace(one, devices=devices, accumulate=accumulate)
    shares = [parts(Loader(store, store.select(), split, process), 7) for process in range(devices)]
    # the parts of a step, each over all processes, one after the other
    again = joined([share[part] for part in range(accumulate) for share in shares])
    assert whole[0] == again[0]
    assert torch.equal(whole[1], again[1]) and torch.equal(whole[2], again[2])


def test_steps_and_seeds_differ_and_repeat(experiment, store):
    loader = Loader(store, store.select(), experiment.training)
    first = joined(parts(loader, 3))
    assert loader.triples(3) == list(first[0])
    assert torch.equal(first[2], joined(parts(loader, 3))[2])
    assert not torch.equal(first[2], joined(parts(loader, 4))[2])
    reseeded = Loader(store, store.select(), settings(experiment, seed=1))
    assert not torch.equal(first[2], joined(parts(reseeded, 3))[2])


@pytest.mark.parametrize("weight", [0.25, 1.0])
def test_noisy_triples_come_as_often_as_their_weight_says(experiment, store, weight):
    config = settings(experiment, noisy_triples="downweight", noisy_weight=weight, batch_size=1)
    loader = Loader(store, store.select(), config)
    store.batch = lambda rows: dataclasses.replace(store.make_batch(1, 0, 8, 8), triple_ids=tuple(map(str, rows)))
    seen = Counter(name for step in range(3000) for name in loader.triples(step))
    noisy = seen["0"] + seen["3"]  # of six triples
    assert noisy / 3000 == pytest.approx(2 * weight / (2 * weight + 4), abs=0.03)


def test_dropped_noisy_triples_are_not_asked_for(experiment, store):
    asked = []
    store.select = lambda **conditions: asked.append(conditions) or np.arange(6)
    for way in ("keep", "drop", "downweight"):
        split_rows(dataclasses.replace(experiment, training=settings(experiment, noisy_triples=way)), store)
    assert [conditions["noise"] for conditions in asked] == ["keep", "drop", "keep"]
    assert all(conditions["split"] == "train" and conditions["truth"] for conditions in asked)


def kept_back(experiment, store, **changes):
    store.size = 30  # ten persons of three triples each
    config = settings(experiment, validation=ValidationConfig(**changes))
    return split_rows(dataclasses.replace(experiment, training=config), store)


def test_persons_kept_back_are_not_trained_on(experiment, store):
    rows = kept_back(experiment, store, share=0.2)
    persons = [{int(row) // 3 for row in part} for part in (rows.training, rows.validation)]
    assert len(persons[0]) == 8 and len(persons[1]) == 2 and not persons[0] & persons[1]
    assert (len(rows.training), len(rows.validation)) == (24, 6)
    same, other = (kept_back(experiment, store, share=0.2, seed=seed).validation.tolist() for seed in (0, 1))
    assert rows.validation.tolist() == same != other


def test_validation_off_keeps_all_and_fewer_triples_can_be_asked_for(experiment, store):
    off = kept_back(experiment, store)
    assert (len(off.training), len(off.validation)) == (30, 0)
    assert len(kept_back(experiment, store, share=0.4, triples=5).validation) == 5


def test_no_person_left_is_refused(experiment, store):
    with pytest.raises(DataError, match=r"keep back 10 of the train split's 10 persons"):
        kept_back(experiment, store, share=0.97)


@pytest.mark.parametrize("changes, words", [
    ({"batch_size": 6, "devices": 2, "accumulate": 2}, "multiple of devices × num_nodes × accumulate = 4, got 6"),
    ({"num_nodes": 2}, "rendezvous: expected host:port where num_nodes is 2"),
])  # fmt: skip
def test_settings_that_do_not_go_together_are_refused(experiment, changes, words):
    values = dataclasses.asdict(experiment.training) | changes
    with pytest.raises(ValueError, match=words):
        TrainingConfig(**values)
