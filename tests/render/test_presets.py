from pathlib import Path

import numpy as np
import pytest
import yaml

from spg_vton.render.casting import is_test, photo_count
from spg_vton.render.config import RenderConfig
from spg_vton.render.presets import PRESETS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_valid_configuration(name):
    assert RenderConfig(**PRESETS[name]).persons == PRESETS[name]["persons"]


def test_demo_is_the_embedded_default():
    embedded = yaml.safe_load((ROOT / "conf/base/parameters_rendering.yml").read_text())["rendering"]
    assert RenderConfig(**PRESETS["demo"]) == RenderConfig(**embedded | {"workers": 1})


def test_mpv_comes_within_a_thousandth_of_mpv():
    config = RenderConfig(**PRESETS["mpv"])
    photos = np.array([photo_count(config, person) for person in range(config.persons)])
    train = np.array([not is_test(config, person) for person in range(config.persons)])
    triples = photos * (photos - 1)
    assert config.persons == 13_524
    assert photos.sum() == pytest.approx(35_687, rel=1e-3)
    assert triples.sum() == pytest.approx(62_780, rel=1e-3)
    assert triples[train].sum() == pytest.approx(52_236, rel=1e-3)


def test_photo_counts_reach_their_shares_in_any_beginning():
    config = RenderConfig(persons=500, photos_per_person={2: 1, 3: 2, 5: 1})
    counts = np.array([photo_count(config, person) for person in range(500)])
    for first in (20, 100, 500):
        shares = [np.mean(counts[:first] == number) for number in (2, 3, 5)]
        assert np.abs(np.subtract(shares, (0.25, 0.5, 0.25))).max() < 2 / first + 0.01
