"""Differences between two methods on the same samples, with bootstrap intervals over persons."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

#: Metrics where less is better.
LOWER_IS_BETTER = frozenset({"l1", "lpips"})

INTERVAL_PROTOCOL = "paired percentile bootstrap over persons, 95 %, 10,000 resamples"
_RESAMPLES = 10_000


@dataclass(frozen=True)
class Difference:
    """Mean of (first − second) over samples, and its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def clear_of_zero(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0


def paired_difference(first: np.ndarray, second: np.ndarray, groups: np.ndarray, seed: int = 0) -> Difference:
    """The mean difference of paired samples, resampling whole groups (a person's triples are not independent).

    Args:
        first: (n,) scores of one method.
        second: (n,) scores of the other on the same samples.
        groups: (n,) whom each sample shows.
        seed: of the resampling.

    Raises:
        ValueError: fewer than two groups: there is nothing to resample.
    """
    by_group = (
        pd.Series(np.asarray(first, float) - np.asarray(second, float))
        .groupby(np.asarray(groups))
        .agg(["sum", "count"])
    )
    if len(by_group) < 2:
        raise ValueError(f"paired_difference: expected at least two groups, got {len(by_group)}.")
    sums, counts = by_group["sum"].to_numpy(), by_group["count"].to_numpy()

    def mean(index: np.ndarray, axis: int = -1) -> np.ndarray:
        return sums[index].sum(axis) / counts[index].sum(axis)

    members = np.arange(len(sums))
    interval = stats.bootstrap(
        (members,), mean, n_resamples=_RESAMPLES, method="percentile", rng=np.random.default_rng(seed)
    ).confidence_interval
    return Difference(float(mean(members)), float(interval.low), float(interval.high))
