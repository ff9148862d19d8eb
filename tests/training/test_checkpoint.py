"""States: whole or as before, kept and removed, refused when damaged or another training's."""

import dataclasses
import pickle
import resource
import shutil
from pathlib import Path

import pytest
import torch

from spg_vton.errors import CheckpointError, SpgVtonError
from spg_vton.training import checkpoint
from spg_vton.training.checkpoint import Origin, StateFolder, code_fingerprint
from spg_vton.training.loop import train_stage

ORIGIN = Origin("joint", {"seed": 0, "sizes": (1, 2)}, "data", "start", "code")


@pytest.fixture
def folder(tmp_path):
    return StateFolder(tmp_path, ORIGIN, keep_last=2)


def state(step):
    return {"step": step, "tensor": torch.full((1000,), float(step))}


def test_the_newest_states_stay(folder):
    assert folder.load() is None
    for step in (3, 20, 100):
        folder.save(step, state(step))
    assert sorted(path.name for path in folder.path.iterdir()) == ["step-00000020.pt", "step-00000100.pt"]
    loaded = folder.load()
    assert loaded["step"] == 100 and torch.equal(loaded["tensor"], state(100)["tensor"])


def test_the_best_stays_beside_them(folder):
    folder.save_best(state(1))
    for step in (2, 3, 4):
        folder.save(step, state(step))
    assert folder.load_best()["step"] == 1 and folder.load()["step"] == 4


@pytest.mark.parametrize("damage", ["cut", "flipped bit", "empty", "pickle"])
def test_a_damaged_state_is_refused_by_name(folder, damage):
    folder.save(1, state(1))
    folder.save(2, state(2))
    path = folder.path / "step-00000002.pt"
    whole = path.read_bytes()
    middle = whole.index(torch.full((1,), 2.0).numpy().tobytes() * 100)
    path.write_bytes({
        "cut": whole[:200], "empty": b"", "pickle": pickle.dumps({"step": 2}),
        "flipped bit": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
    }[damage])  # fmt: skip
    with pytest.raises(CheckpointError, match=r"step-00000002\.pt.*damaged.*Delete it to go on from step-00000001\.pt"):
        folder.load()
    path.unlink()
    assert folder.load()["step"] == 1


def test_a_state_that_runs_code_is_refused(folder, tmp_path):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    folder.save(1, state(1))
    torch.save({"step": Evil()}, folder.path / "step-00000001.pt")
    with pytest.raises(CheckpointError):
        folder.load()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("part, value, words", [
    ("settings", {"seed": 1, "sizes": (1, 2)}, r"settings\.seed: expected 1, got 0"),
    ("data", "other", "data: expected other, got data"), ("code", "new", "code: expected new, got code"),
])  # fmt: skip
def test_a_moved_state_of_another_training_is_refused(folder, tmp_path, part, value, words):
    folder.save(1, state(1))
    other = StateFolder(tmp_path, dataclasses.replace(ORIGIN, **{part: value}))
    assert other.path != folder.path
    assert other.load() is None
    shutil.copytree(folder.path, other.path)
    with pytest.raises(CheckpointError, match=f"another training: {words}"):
        other.load()


def test_a_full_disk_is_said_so_and_the_earlier_state_stays(folder):
    """A limit on the size of files stands for the full disk: the write really fails half way."""
    folder.save(1, state(1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with pytest.raises(CheckpointError, match=r"step-00000002\.pt: could not be written.*intact.*free disk space"):
            folder.save(2, state(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in folder.path.iterdir()] == ["step-00000001.pt"]
    assert folder.load()["step"] == 1


def test_the_code_fingerprint_covers_the_losses(monkeypatch, tmp_path):
    before = code_fingerprint()
    copy = tmp_path / "spg_vton"
    shutil.copytree(Path(checkpoint.__file__).parents[1], copy, ignore=shutil.ignore_patterns("__pycache__", "assets"))
    monkeypatch.setattr(checkpoint, "__file__", str(copy / "training" / "checkpoint.py"))
    assert code_fingerprint.__wrapped__() == before
    focal = copy / "losses" / "focal.py"
    focal.write_text(focal.read_text() + "# changed")
    assert code_fingerprint.__wrapped__() != before


def with_training(experiment, **changes):
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, **changes))


def test_states_come_each_so_many_steps(experiment, objective, store, tmp_path):
    often = with_training(experiment, checkpoint_steps=2, keep_last=3)
    train_stage("semantic", often, objective, store, {}, tmp_path)
    assert sorted(path.stem for path in tmp_path.rglob("*.pt")) == ["step-00000002", "step-00000004", "step-00000006"]


@pytest.mark.parametrize("changes, same", [
    ({"checkpoint_steps": 1}, True), ({"checkpoint_seconds": 1.0}, True), ({"keep_last": 5}, True),
    ({"log_every": 3}, True), ({"threads": 1}, True), ({"ema_decay": 0.5}, False), ({"channels_last": True}, False),
    ({"accumulate": 2}, False), ({"noisy_triples": "downweight"}, False), ({"compile": True}, False),
])  # fmt: skip
def test_settings_of_pace_alone_share_a_folder(experiment, changes, same):
    settings = [one.stage_settings("joint") for one in (experiment, with_training(experiment, **changes))]
    keys = [dataclasses.replace(ORIGIN, settings=each).fingerprint for each in settings]
    assert (keys[0] == keys[1]) == same


@pytest.mark.parametrize("what", ["loss", "weights"])
def test_a_non_finite_loss_stops_and_names_term_and_triples(what, experiment, objective, store, tmp_path, monkeypatch):
    import spg_vton.losses.objective as losses

    calls, original = [], losses.l1

    def broken(a, b):
        calls.append(1)
        value = original(a, b)
        if len(calls) != 4:
            return value
        if what == "loss":
            return value * float("nan")
        return value + (a - a.detach()).sum().sqrt()  # adds 0, with an infinite gradient

    monkeypatch.setattr(losses, "l1", broken)
    often = with_training(experiment, checkpoint_steps=1, log_every=6)
    words = {"loss": r"semantic, step 4: semantic_l1 became NaN", "weights": r"step 4: .*weights became NaN"}[what]
    with pytest.raises(SpgVtonError, match=words + r".* Its batch: triple \d, triple \d\. The last good state"):
        train_stage("semantic", often, objective, store, {}, tmp_path)
    assert len(calls) == 4
    newest = sorted(tmp_path.rglob("step-*.pt"))[-1]
    assert newest.stem == "step-00000003"
    assert all(tensor.isfinite().all() for tensor in torch.load(newest)["networks"].values())
