"""Noise on purpose: it is where the truth says, and nowhere else."""

import dataclasses

import numpy as np
import pytest

from spg_vton.labels import CLOTHES, Label
from spg_vton.noise_kinds import THINGS_WORN, NoiseKind
from spg_vton.render import person_files
from spg_vton.render.casting import Casting, cast, is_test
from spg_vton.render.config import NOISE_SHARES, RenderConfig
from spg_vton.render.dataset import NOISE, render_set
from spg_vton.render.flow_files import read_flow
from spg_vton.render.records import FLOWS, side_file
from spg_vton.render.scene import Photo, build_figure, take_photo

from .conftest import dress

LABELS = {
    NoiseKind.GLASSES: Label.SUNGLASSES, NoiseKind.HAT: Label.HAT, NoiseKind.SCARF: Label.SCARF,
    NoiseKind.GLOVES: Label.GLOVE, NoiseKind.COAT: Label.COAT,
}  # fmt: skip
CLEAN = RenderConfig(persons=60, seed=8, attribute_share=0.0, test_share=0.0, supersampling=1)


def noisy_people(kind: NoiseKind, count: int) -> list[tuple[Casting, Casting]]:
    """People struck by one kind, and the same people unharmed."""
    shares = {kind: 1.0}
    config = dataclasses.replace(CLEAN, noise_shares=shares)
    config = dataclasses.replace(config, noise_rate=config.noise_per_odd_person)
    pairs = ((cast(config, index), cast(CLEAN, index)) for index in range(count))
    return [(odd, clean) for odd, clean in pairs if odd.wrong_garment or any(take.noise for take in odd.takes)]


def photos_of(casting: Casting) -> list[Photo]:
    figure = build_figure(casting.identity)
    worn = {garment: dress(casting, figure, garment) for garment in {casting.worn_in(take) for take in casting.takes}}
    return [take_photo(figure, worn[casting.worn_in(take)], take.shot, take.extras, 1) for take in casting.takes]


def changed(first: Photo, second: Photo, where: np.ndarray) -> int:
    """Pixels that differ clearly."""
    return int(((np.abs(first.image.astype(int) - second.image).max(-1) > 24) & where).sum())


@pytest.mark.parametrize("kind", THINGS_WORN)
def test_a_thing_shows_in_one_photo_alone(kind):
    for odd, clean in noisy_people(kind, 3):
        for take, with_it, without in zip(odd.takes, photos_of(odd), photos_of(clean), strict=True):
            if kind not in take.noise:
                assert (with_it.image == without.image).all() and (with_it.labels == without.labels).all()
                continue
            assert changed(with_it, without, np.ones((256, 192), bool)) > 15
            if kind in LABELS:
                assert (with_it.labels == LABELS[kind]).sum() > 12 and not (without.labels == LABELS[kind]).any()
        assert sum(kind in take.noise for take in odd.takes) == 1


def test_other_upper_clothes_show_in_one_photo_alone():
    for odd, clean in noisy_people(NoiseKind.UPPER_CLOTHES, 4):
        for take, other, same in zip(odd.takes, photos_of(odd), photos_of(clean), strict=True):
            both = np.isin(other.labels, CLOTHES) & np.isin(same.labels, CLOTHES)
            if take.noise:
                assert changed(other, same, both) > 0.5 * both.sum() > 100
            else:
                assert (other.image == same.image).all()


def test_another_background_shows_in_one_photo_alone():
    for odd, clean in noisy_people(NoiseKind.BACKGROUND, 4):
        for take, other, same in zip(odd.takes, photos_of(odd), photos_of(clean), strict=True):
            wall = same.labels == Label.BACKGROUND
            assert (other.labels == same.labels).all()
            assert changed(other, same, wall) > 0.5 * wall.sum() if take.noise else (other.image == same.image).all()


def test_the_wrong_garment_is_another_than_the_one_worn():
    people = noisy_people(NoiseKind.CLOTH_MISMATCH, 20)
    assert len(people) == 20
    for odd, clean in people:
        assert odd.garment == clean.garment and not any(take.noise for take in odd.takes)
        assert np.abs(np.subtract(odd.listed.colours[0], odd.garment.colours[0])).sum() > 150


@pytest.mark.parametrize("kind", [NoiseKind.UPPER_CLOTHES, NoiseKind.CLOTH_MISMATCH, NoiseKind.BACKGROUND])
def test_flow_is_written_where_the_listed_garment_is_worn(kind, tmp_path, monkeypatch):
    def with_flow(*shot) -> Photo:
        return dataclasses.replace(take_photo(*shot), flow=np.full((256, 192, 2), 90, np.float32))

    monkeypatch.setattr(person_files, "take_photo", with_flow)
    config = dataclasses.replace(CLEAN, noise_shares={kind: 1.0})
    config = dataclasses.replace(config, noise_rate=config.noise_per_odd_person)
    record = person_files.render_person(config, 0, tmp_path)
    assert record.noise_of_triples()[0] or record.noise_of_triples()[-1]
    for name, noise in zip(record.photos, record.noise, strict=True):
        flow = read_flow(tmp_path / side_file(FLOWS, name, "_flow.png"))
        listed = kind == NoiseKind.BACKGROUND or (kind == NoiseKind.UPPER_CLOTHES and not noise)
        assert np.isfinite(flow).all() if listed else np.isnan(flow).all()


def test_noise_is_no_thing_that_the_person_wears_anyway():
    config = RenderConfig(persons=150, attribute_share=1.0, noise_rate=0.7, seed=6)
    spoilt = 0
    for index in range(config.persons):
        casting = cast(config, index)
        worn = {one.kind for one in casting.attributes}
        kinds = {kind for take in casting.takes for kind in take.noise}
        assert not worn & kinds
        spoilt += bool(kinds)
    assert spoilt > 60


def test_kinds_come_in_their_shares():
    config = RenderConfig(persons=900, noise_rate=0.7, attribute_share=0.0, test_share=0.0, seed=5)
    counts = dict.fromkeys(NoiseKind, 0)
    for index in range(config.persons):
        casting = cast(config, index)
        for kind in [kind for take in casting.takes for kind in take.noise] or [NoiseKind.CLOTH_MISMATCH]:
            counts[kind] += casting.wrong_garment or kind != NoiseKind.CLOTH_MISMATCH
    total = sum(counts.values())
    assert total > 800
    assert all(abs(counts[kind] / total - share) < 0.04 for kind, share in NOISE_SHARES.items())


@pytest.mark.parametrize("photos", [3, {2: 0.4, 3: 0.5, 4: 0.1}])
def test_noise_reaches_its_rate_in_train_only(photos):
    config = RenderConfig(persons=700, noise_rate=0.3, test_share=0.2, seed=5, photos_per_person=photos)
    train, test = [], []
    for index in range(config.persons):
        casting = cast(config, index)
        of_takes = [bool(take.noise) or casting.wrong_garment for take in casting.takes]
        pairs = [a or b for i, a in enumerate(of_takes) for j, b in enumerate(of_takes) if i != j]
        (test if is_test(config, index) else train).extend(pairs)
        assert (casting.listed != casting.garment) == casting.wrong_garment
    assert abs(np.mean(train) - 0.3) < 0.05
    assert not any(test)


def test_noise_is_told_in_its_own_file(tmp_path):
    config = RenderConfig(
        persons=4, photos_per_person=2, noise_rate=0.9, noise_shares={NoiseKind.HAT: 1.0}, noisy_test=True, seed=3,
        supersampling=1, attribute_share=0.0,
    )  # fmt: skip
    summary = render_set(config, tmp_path / "noisy")
    lines = [line.split(",") for line in (tmp_path / "noisy" / NOISE).read_text().splitlines()]
    assert lines[0] == ["poseA", "poseB", "clothes", "noisy", "kinds", "only_a", "only_b"]
    assert len(lines) == 1 + 4 * 2
    assert summary.noisy_triples == sum(line[3] == "1" for line in lines[1:]) > 0
    for _, _, _, noisy, kinds, only_a, only_b in lines[1:]:
        assert (noisy == "1") == bool(kinds)
        assert {only_a, only_b} == ({"hat", ""} if kinds else {""}) and kinds in ("hat", "")
    for first, second in zip(lines[1::2], lines[2::2], strict=True):  # the two directions of a pair
        assert first[:2] == second[1::-1] and first[5:] == second[:4:-1]
