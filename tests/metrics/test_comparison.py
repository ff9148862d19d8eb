"""Paired differences and their intervals."""

import numpy as np
import pytest

from spg_vton.metrics.comparison import paired_difference


def test_the_mean_difference_and_its_sign():
    first, second = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 0.0, 2.0, 4.0])
    difference = paired_difference(first, second, np.array(["a", "a", "b", "c"]))
    assert difference.value == pytest.approx((1 + 2 + 1 + 0) / 4)
    assert difference.low <= difference.value <= difference.high
    assert paired_difference(second, first, np.arange(4)).value == pytest.approx(-1)


def test_a_constant_difference_has_no_width():
    difference = paired_difference(np.arange(10.0) + 1, np.arange(10.0), np.arange(10))
    assert (difference.low, difference.high) == pytest.approx((1, 1))
    assert difference.clear_of_zero


def test_the_interval_has_the_width_theory_gives():
    draws = np.random.default_rng(0).normal(0.1, 1, 400)
    difference = paired_difference(draws, np.zeros(400), np.arange(400))
    half = 1.96 * draws.std() / 20
    assert difference.high - difference.low == pytest.approx(2 * half, rel=0.1)
    assert not paired_difference(draws - draws.mean(), np.zeros(400), np.arange(400)).clear_of_zero


def test_samples_of_one_person_are_not_counted_as_independent():
    draws = np.repeat(np.random.default_rng(0).normal(0, 1, 20), 10)
    people = np.repeat(np.arange(20), 10)
    alone = paired_difference(draws, np.zeros(200), np.arange(200))
    grouped = paired_difference(draws, np.zeros(200), people)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)


def test_the_same_seed_gives_the_same_interval():
    draws = np.random.default_rng(0).normal(0, 1, 30)
    assert paired_difference(draws, draws * 0, np.arange(30)) == paired_difference(draws, draws * 0, np.arange(30))


def test_one_person_cannot_be_resampled():
    with pytest.raises(ValueError, match="two groups"):
        paired_difference(np.ones(3), np.zeros(3), np.zeros(3))
