"""The harness: every method on the same triples, truth scores perfectly, records and comparisons agree."""

import numpy as np
import pytest
import torch

from spg_vton.errors import DataError
from spg_vton.metrics.harness import Harness, compare, nested
from spg_vton.models.baselines.trivial import copy_source, mean_image, paste_unwarped, training_mean
from spg_vton.models.inputs import prepare, to_unit
from spg_vton.models.prediction import Prediction


class FakeStore:
    """Six test triples a pairing, the unpaired ones behind the paired."""

    height, width, sha256 = 64, 48, "data"

    def __init__(self, make_batch, size=6):
        self.make_batch, self.size = make_batch, size

    def select(self, split=None, paired=None, truth=None, noise="keep"):
        rows = np.arange(2 * self.size)
        return rows if paired is None else rows[: self.size] if paired else rows[self.size :]

    def indices(self, rows, name):
        return np.asarray(rows) // 2  # two triples share a target

    def batch(self, rows):
        parts = [self.make_batch(1, seed=int(row)) for row in rows]
        tensors = {n: torch.cat([getattr(p, n) for p in parts]) for n in vars(parts[0]) if n != "triple_ids"}
        return type(parts[0])(**tensors, triple_ids=tuple(f"person{row // 2}/a|x|{row}" for row in rows))


@pytest.fixture
def store(make_batch):
    return FakeStore(make_batch)


@pytest.fixture
def harness(store):
    return Harness(store, lpips_upsample=2, batch_size=4)


def oracle(store):
    """Knows the truth: finds it by the source photo."""
    answers = {}
    for row in range(12):
        batch = store.batch([row])
        answers[batch.source_image.sum().item()] = prepare(batch)[1]

    def predict(inputs):
        keys = [((image + 1) * 127.5).round().sum().item() for image in inputs.source_image]
        truths = [answers[key] for key in keys]
        return Prediction(
            torch.cat([t.image for t in truths]),
            torch.cat([t.labels for t in truths]),
            torch.cat([t.clothes_mask for t in truths]),
        )

    return predict


def test_the_truth_scores_perfectly_and_beats_the_rest(store, harness):
    evaluation = harness.run({"oracle": oracle(store), "copy_source": copy_source, "paste_unwarped": paste_unwarped})
    perfect = {r["metric"]: r["value"] for r in evaluation.records if r["method"] == "oracle"}
    assert perfect == {
        "l1": 0, "ssim": pytest.approx(1), "lpips": pytest.approx(0, abs=1e-6), "parsing_miou": 1, "warped_mask_iou": 1,
    }  # fmt: skip
    rows = compare(evaluation, "oracle")
    assert {row["other"] for row in rows} == {"copy_source", "paste_unwarped"}
    assert all(row["high"] < 0 for row in rows if row["metric"] in {"l1", "lpips"})
    assert all(row["low"] > 0 for row in rows if row["metric"] == "ssim")
    assert {(row["n"], row["persons"]) for row in rows} == {(6, 3)}


def test_records_name_everything(harness):
    records = harness.run({"copy_source": copy_source}).records
    assert {frozenset(r) for r in records} == {
        frozenset({"method", "metric", "value", "split", "pairing", "n", "protocol"})
    }
    assert {(r["metric"], r["pairing"]) for r in records} == {
        (metric, pairing) for metric in ("l1", "ssim", "lpips", "parsing_miou") for pairing in ("paired", "unpaired")
    }
    assert all(r["n"] == 6 and r["split"] == "test" for r in records)
    assert harness.lpips.weights_sha256[:12] in harness.protocols["lpips"]


def test_the_batch_size_does_not_change_a_score(store):
    one, many = (
        {(r["metric"], r["pairing"]): r["value"] for r in Harness(store, 2, size).run({"m": copy_source}).records}
        for size in (1, 6)
    )
    assert one.keys() == many.keys()
    assert all(one[key] == pytest.approx(many[key], abs=2e-6) for key in one)


def test_scores_are_of_eight_bit_images(store, harness):
    blurred = harness.run({"m": lambda inputs: Prediction(inputs.source_image + 0.003)}).records
    exact = harness.run({"m": copy_source}).records
    values = {r["metric"]: r["value"] for r in exact if r["pairing"] == "paired"}
    assert all(r["value"] == values[r["metric"]] for r in blurred if r["pairing"] == "paired")


def test_without_truth_the_message_says_what_can_run(make_batch):
    with pytest.raises(DataError, match="try_on"):
        Harness(FakeStore(make_batch, size=0)).run({"m": copy_source})


def test_nesting_keeps_every_value():
    record = {"method": "m", "metric": "l1", "value": 0.5, "pairing": "paired"}
    assert nested([record]) == {"paired": {"m": {"l1": 0.5}}}


def test_one_person_gives_scores_and_no_interval(store, harness, caplog):
    store.size = 1
    evaluation = harness.run({"a": copy_source, "b": paste_unwarped})
    assert {record["n"] for record in evaluation.records} == {1}
    assert compare(evaluation, "a") == []
    assert "one person only" in caplog.text


def test_trivial_methods_are_what_they_say(make_batch):
    inputs, _ = prepare(make_batch())
    assert torch.equal(copy_source(inputs).image, inputs.source_image)
    pasted = paste_unwarped(inputs).image
    laid = inputs.cloth_mask.expand(-1, 3, -1, -1) == 1
    assert torch.equal(pasted[laid], inputs.cloth[laid]) and torch.equal(pasted[~laid], inputs.source_image[~laid])
    mean = torch.rand(3, 64, 48)
    assert torch.equal(mean_image(mean)(inputs).image[1], mean)


def test_the_training_mean_counts_each_photo_once(store):
    targets = [to_unit(store.batch([row]).target_image)[0] for row in (0, 2, 4, 6, 8, 10)]
    assert torch.allclose(training_mean(store, batch_size=4), torch.stack(targets).mean(0), atol=1e-6)
