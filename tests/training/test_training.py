"""The three stages: who learns, resuming to the bit, reuse, errors, and the joint stage's gradients."""

import dataclasses
import os
import signal

import pytest
import torch

from spg_vton.errors import CheckpointError, DataError
from spg_vton.models.inputs import prepare
from spg_vton.training.loader import Loader
from spg_vton.training.loop import train_stage
from spg_vton.training.optimisers import rate_factor
from spg_vton.training.stages import STAGES
from spg_vton.training.trainer import Trainer

STAGE_NAMES = ("semantic", "synthesis", "joint")


def run(stage, experiment, objective, store, folder, start=None, **kwargs):
    return train_stage(stage, experiment, objective, store, start or {}, folder, **kwargs)


def equal(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("stage", STAGE_NAMES)
def test_only_the_stages_networks_learn(stage, experiment, objective, store, tmp_path):
    trainer = Trainer(stage, experiment, objective, {})
    before = trainer.weights()
    for number in range(4, 6):  # with the adversarial terms
        trainer.run_step(Loader(store, store.select(), experiment.training).parts(number), number)
    changed = {name for name, value in trainer.weights().items() if not torch.equal(value, before[name])}
    parts = STAGES[stage]
    expected = {f"model.{name}." for name in parts.generators} | {f"discriminators.{n}." for n in parts.discriminators}
    assert all(any(name.startswith(prefix) for prefix in expected) for name in changed)
    assert all(any(name.startswith(prefix) for name in changed) for prefix in expected)


def test_in_the_joint_stage_the_final_photos_loss_alone_reaches_g1(experiment, objective, store):
    trainer = Trainer("joint", experiment, objective, {})
    losses = trainer.step(store.batch([0, 1]), torch.rand(5, 2), adversarial=False, r1=False)
    losses.generators.terms["try_on_l1"].backward()
    gradients = [parameter.grad for parameter in trainer.model.spm.g1.parameters()]
    assert sum(float(gradient.abs().sum()) for gradient in gradients if gradient is not None) > 0


def test_in_the_synthesis_stage_nothing_reaches_g1(experiment, objective, store):
    trainer = Trainer("synthesis", experiment, objective, {})
    trainer.step(store.batch([0, 1]), torch.rand(5, 2), adversarial=True, r1=True).generators.total.backward()
    assert all(parameter.grad is None for parameter in trainer.model.spm.g1.parameters())


@pytest.mark.parametrize("stage, names", [
    ("semantic", {"semantic_focal", "semantic_l1", "semantic_adversarial"}),
    ("joint", {"semantic_adversarial", "coarse_adversarial", "global_adversarial", "local_adversarial", "cycle_forward",
               "cycle_backward", "try_on_l1", "composition", "coarse_mask_l1", "try_on_perceptual"}),
])  # fmt: skip
def test_every_term_of_a_stage_is_there(stage, names, experiment, objective, store):
    trainer = Trainer(stage, experiment, objective, {})
    values = trainer.step(store.batch([0, 1]), torch.rand(5, 2), adversarial=True, r1=False).terms().values()
    assert names <= values.keys()
    assert values["total"] == pytest.approx(sum(v for name, v in values.items() if name.startswith("weighted.")))


def test_adversarial_terms_join_when_the_stage_says(experiment, objective, store, tmp_path):
    curve = run("semantic", experiment, objective, store, tmp_path).curve
    assert ["semantic_adversarial" in record for record in curve] == [False, True, True]  # steps 2, 4 and 6 of 6


@pytest.mark.parametrize("stage", ["semantic", "joint"])
def test_training_lowers_the_loss(stage, experiment, objective, store, tmp_path):
    longer = dataclasses.replace(experiment.training.joint, steps=30, adversarial_from=1.0)
    training = dataclasses.replace(experiment.training, **{stage: longer}, flip=False, erase_probability=0)
    curve = run(stage, dataclasses.replace(experiment, training=training), objective, store, tmp_path).curve
    assert curve[-1]["total"] < 0.9 * curve[0]["total"]


def test_the_same_seed_gives_the_same_weights_and_another_does_not(experiment, objective, store, tmp_path):
    first = run("joint", experiment, objective, store, tmp_path / "a")
    again = run("joint", experiment, objective, store, tmp_path / "b")
    assert equal(first.weights, again.weights)
    reseeded = dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, seed=1))
    assert not equal(first.weights, run("joint", reseeded, objective, store, tmp_path / "c").weights)


@pytest.mark.parametrize("stop_after", [1, 4])
def test_ctrl_c_leaves_a_state_that_resumes_to_the_bit(stop_after, experiment, objective, store, tmp_path, caplog):
    whole = run("joint", experiment, objective, store, tmp_path / "whole")

    def press(step, values):
        if step >= stop_after:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run("joint", experiment, objective, store, tmp_path / "cut", on_log=press)
    assert list((tmp_path / "cut").rglob("step-*.pt"))
    with caplog.at_level("INFO"):
        resumed = run("joint", experiment, objective, store, tmp_path / "cut")
    assert "joint: resuming at step" in caplog.text
    assert not resumed.reused
    assert equal(whole.weights, resumed.weights)
    assert [record["step"] for record in resumed.curve] == [record["step"] for record in whole.curve]


def test_a_finished_training_is_reused_and_said_so(experiment, objective, store, tmp_path, caplog):
    first = run("semantic", experiment, objective, store, tmp_path)
    with caplog.at_level("INFO"):
        again = run("semantic", experiment, objective, store, tmp_path)
    assert (first.reused, again.reused) == (False, True)
    assert equal(first.weights, again.weights)
    assert "reusing the finished training" in caplog.text


@pytest.mark.parametrize("change", ["lambda", "data", "start"])
def test_other_inputs_are_trained_afresh(change, experiment, objective, store, tmp_path):
    start = run("semantic", experiment, objective, store, tmp_path).weights
    run("synthesis", experiment, objective, store, tmp_path, start)
    if change == "lambda":
        experiment = dataclasses.replace(experiment, lambdas=dataclasses.replace(experiment.lambdas, cycle=1.0))
    elif change == "data":
        store.sha256 = "other"
    else:
        start = {name: value + 1 for name, value in start.items()}
    assert not run("synthesis", experiment, objective, store, tmp_path, start).reused


def test_ctrl_c_at_the_last_step_stops_the_run_and_keeps_the_result(experiment, objective, store, tmp_path):
    def press(step, values):
        if step == 6:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run("semantic", experiment, objective, store, tmp_path, on_log=press)
    assert run("semantic", experiment, objective, store, tmp_path).reused


def test_changed_code_is_trained_afresh(experiment, objective, store, tmp_path, monkeypatch):
    run("semantic", experiment, objective, store, tmp_path)
    monkeypatch.setattr("spg_vton.training.loop.code_fingerprint", lambda: "other code")
    assert not run("semantic", experiment, objective, store, tmp_path).reused


def test_a_term_that_is_off_is_another_training(experiment, objective, store, tmp_path):
    run("synthesis", experiment, objective, store, tmp_path)
    objective.embed = lambda crops: crops.mean((2, 3))
    assert not run("synthesis", experiment, objective, store, tmp_path).reused


def test_weights_of_other_networks_are_refused(experiment, objective, store, tmp_path):
    start = run("semantic", experiment, objective, store, tmp_path).weights
    for wrong in ({"model.nonsense": torch.ones(1)}, {**start, next(iter(start)): torch.ones(1)}):
        with pytest.raises(CheckpointError, match="Train the stages before again"):
            run("synthesis", experiment, objective, store, tmp_path, wrong)


def test_a_reused_training_hands_its_curve_on(experiment, objective, store, tmp_path):
    seen = []
    run("semantic", experiment, objective, store, tmp_path)
    run("semantic", experiment, objective, store, tmp_path, on_log=lambda step, values: seen.append(step))
    assert seen == [2, 4, 6]


def test_stage_one_does_not_depend_on_the_other_stages_weights(experiment, objective, store, tmp_path):
    run("semantic", experiment, objective, store, tmp_path)
    other = dataclasses.replace(experiment, lambdas=dataclasses.replace(experiment.lambdas, cycle=1.0))
    assert run("semantic", other, objective, store, tmp_path).reused
    focal = dataclasses.replace(experiment, lambdas=dataclasses.replace(experiment.lambdas, focal=1.0))
    assert not run("semantic", focal, objective, store, tmp_path).reused


@pytest.mark.parametrize("forced", [True, False])
@pytest.mark.parametrize("stage", ["synthesis", "joint"])
def test_whose_mask_gmm1_reads(stage, forced, experiment, objective, store, monkeypatch):
    training = dataclasses.replace(experiment.training, true_mask_in_synthesis=forced)
    trainer = Trainer(stage, dataclasses.replace(experiment, training=training), objective, {})
    seen = []
    original = trainer.model.cwm.forward
    monkeypatch.setattr(trainer.model.cwm, "forward", lambda *a: seen.append(a[2]) or original(*a))
    batch = store.batch([0, 1])
    trainer.step(batch, torch.rand(5, 2), adversarial=False, r1=False)
    truth = prepare(batch)[1].clothes_mask
    assert torch.equal(seen[0], truth) == (forced and stage == "synthesis")


def test_another_stages_length_does_not_matter(experiment, objective, store, tmp_path):
    run("semantic", experiment, objective, store, tmp_path)
    joint = dataclasses.replace(experiment.training.joint, steps=99)
    longer = dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, joint=joint))
    assert run("semantic", longer, objective, store, tmp_path).reused


def test_pictures_of_another_size_are_refused(experiment, objective, store, tmp_path):
    store.height = 128
    with pytest.raises(DataError, match=r"64×48.*128×48"):
        run("semantic", experiment, objective, store, tmp_path)


def test_an_empty_training_split_is_refused(experiment, objective, store, tmp_path):
    store.size = 0
    with pytest.raises(DataError, match="no training triple"):
        run("semantic", experiment, objective, store, tmp_path)


def test_r1_comes_every_so_many_steps_with_as_much_more_weight(experiment, objective, store, monkeypatch):
    weights = []
    monkeypatch.setattr(
        "spg_vton.training.steps.play",
        lambda discriminator, contest, weight: (
            weights.append(weight) or (contest.fake.sum() * 0, contest.fake.sum() * 0)
        ),
    )
    trainer = Trainer("semantic", experiment, objective, {})
    for number in (3, 4, 5):
        trainer.step(store.batch([0, 1]), torch.rand(5, 2), adversarial=True, r1=number % 2 == 0)
    assert weights == [0.0, pytest.approx(0.01 * 2), 0.0]


def test_schedules():
    assert {rate_factor("constant", step, 100) for step in range(100)} == {1.0}
    cosine = [rate_factor("cosine", step, 100) for step in range(100)]
    assert cosine[0] == pytest.approx(0.05)
    assert max(cosine) > 0.97
    assert cosine[-1] < 0.03
