"""The best state by persons that were kept back, and its resumption."""

import dataclasses
import os
import signal

import pytest
import torch

from spg_vton.config import ValidationConfig
from spg_vton.errors import CheckpointError
from spg_vton.models.inputs import prepare
from spg_vton.training.loop import train_stage
from spg_vton.training.splitting import split_rows
from spg_vton.training.trainer import Trainer
from spg_vton.training.validation import NAME, Validation


@pytest.fixture
def validated(experiment, store):
    """Two persons kept back, looked at after steps 2, 4 and 6; weights averaged."""
    store.size = 18
    validation = ValidationConfig(share=0.34, every=2, triples=5)
    training = dataclasses.replace(experiment.training, validation=validation, ema_decay=0.5, log_every=4)
    return dataclasses.replace(experiment, training=training)


def run(experiment, objective, store, folder, **kwargs):
    return train_stage("joint", experiment, objective, store, {}, folder, **kwargs)


@pytest.mark.parametrize("stage", ["semantic", "joint"])
def test_the_score_is_the_l1_of_what_is_predicted(stage, validated, objective, store):
    trainer = Trainer(stage, validated, objective, {})
    rows = split_rows(validated, store).validation
    score = Validation(trainer.stage, store, rows, validated.training, trainer.fabric).score(trainer.model)
    inputs, truth = prepare(store.batch(rows))
    with torch.no_grad():
        output = trainer.model(inputs)
    made, true = (
        (output.semantic_map, truth.semantic_map) if stage == "semantic" else (output.try_on.image, truth.image)
    )
    assert score == pytest.approx(float((made - true).abs().mean()), rel=1e-5)


def test_the_best_weights_are_the_result(validated, objective, store, tmp_path, monkeypatch):
    scores = iter([0.5, 0.2, 0.3])
    monkeypatch.setattr(Validation, "score", lambda *_: next(scores))
    whole = run(validated, objective, store, tmp_path)
    assert [(record["step"], record[NAME]) for record in whole.curve] == [(2, 0.5), (4, 0.2), (6, 0.3)]
    best = torch.load(next(tmp_path.rglob("best.pt")))
    assert (best["step"], best["value"]) == (4, 0.2)
    assert all(torch.equal(whole.weights[name], best["weights"][name]) for name in whole.weights)
    last = torch.load(next(tmp_path.rglob("step-00000006.pt")))["networks"]
    assert any(not torch.equal(whole.weights[name], last[name]) for name in last)


def test_an_interrupted_run_ends_with_the_same_best(validated, objective, store, tmp_path):
    whole = run(validated, objective, store, tmp_path / "whole")

    for stop_at in (2, 4):

        def press(step, values, stop_at=stop_at):
            if step == stop_at:
                os.kill(os.getpid(), signal.SIGTERM)

        with pytest.raises(KeyboardInterrupt):
            run(validated, objective, store, tmp_path / "cut", on_log=press)
    cut = run(validated, objective, store, tmp_path / "cut")
    assert cut.curve == whole.curve
    assert all(torch.equal(cut.weights[name], whole.weights[name]) for name in whole.weights)


def test_a_lost_best_is_said_so(validated, objective, store, tmp_path):
    run(validated, objective, store, tmp_path)
    next(tmp_path.rglob("best.pt")).unlink()
    with pytest.raises(CheckpointError, match=r"expected best\.pt, found none"):
        run(validated, objective, store, tmp_path)
