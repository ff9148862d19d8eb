"""Which triples of the train split are trained on, and which persons are kept back to choose the best state by."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from spg_vton.config import Experiment, ValidationConfig
from spg_vton.errors import DataError
from spg_vton.sources.mpv_layouts import product
from spg_vton.store.dataset import Store


@dataclass(frozen=True)
class Rows:
    """Rows of the store's triples; no person is in both."""

    training: Int[np.ndarray, " n"]
    validation: Int[np.ndarray, " m"]


def split_rows(experiment: Experiment, store: Store) -> Rows:
    """The train split's triples that have a target photo, parted by person.

    Raises:
        DataError: pictures of another size than the networks', no triple, or no person left to train on.
    """
    if (store.height, store.width) != experiment.model.size:
        raise DataError(
            f"The networks expect {experiment.model.height}×{experiment.model.width} pictures, the store holds "
            f"{store.height}×{store.width}. Pack again at the model's size, or change the model's."
        )
    dropped = experiment.training.noisy_triples == "drop"
    rows = store.select(split="train", truth=True, noise="drop" if dropped else "keep")
    if not len(rows):
        raise DataError("The store holds no training triple with a target photo. See the ingestion report for why.")
    if not experiment.training.validation.share:
        return Rows(rows, rows[:0])
    return _kept_back(rows, store, experiment.training.validation)


def _kept_back(rows: np.ndarray, store: Store, config: ValidationConfig) -> Rows:
    persons = np.array([product(name.partition("|")[0]) for name in store.indices(rows, "triple_id")])
    everyone = np.unique(persons)
    count = max(1, round(config.share * len(everyone)))
    if count >= len(everyone):
        raise DataError(
            f"training.validation.share {config.share} would keep back {count} of the train split's {len(everyone)} "
            "persons, and none would be left. Lower it, or take more data."
        )
    chosen = np.random.default_rng(config.seed).permutation(everyone)[:count]
    held = np.isin(persons, chosen)
    theirs = rows[held]
    shown = np.linspace(0, len(theirs) - 1, min(config.triples, len(theirs))).round().astype(int)
    return Rows(rows[~held], theirs[shown])
