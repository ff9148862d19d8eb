"""What runs how often, and what each option changes: tolerances are stated where an option may round differently."""

import dataclasses
import shutil

import pytest
import torch

from spg_vton.config import OptimiserConfig
from spg_vton.training import devices
from spg_vton.training.loader import Loader
from spg_vton.training.optimisers import adam
from spg_vton.training.trainer import Trainer

STEPS = 6


def train(experiment, objective, store, stage="joint", **changes):
    """Some steps; the trainer and its losses by step."""
    experiment = dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, **changes))
    trainer = Trainer(stage, experiment, objective, {})
    loader = Loader(store, store.select(), experiment.training)
    return trainer, [trainer.run_step(loader.parts(number), number).values() for number in range(STEPS)]


def alike(experiment, objective, store, **changes):
    """Losses equal but for rounding: every term of the first step within 1e-4, the total of six steps within 1 %.

    A random change of the first weights by 1e-7 grows as fast: Adam's first steps go by the gradients' signs.
    """
    slow = dataclasses.replace(experiment.training.joint, learning_rate=1e-4, adversarial_from=0.0)
    _, plain = train(experiment, objective, store, joint=slow)
    trainer, changed = train(experiment, objective, store, joint=slow, **changes)
    assert changed[0] == pytest.approx(plain[0], rel=1e-4, abs=1e-5)
    assert [each["total"] for each in changed] == pytest.approx([each["total"] for each in plain], rel=1e-2)
    return trainer


@pytest.mark.parametrize("stage, generators, discriminators", [
    ("semantic", {"spm.g1": 1}, ["d1"]),
    ("synthesis", {"spm.g1": 1, "spm.g2": 1, "cwm.gmm1": 1, "cwm.gmm2": 1, "tsm.g3": 1}, ["d2", "d_global", "d_local"]),
    ("joint", {"spm.g1": 1, "spm.g2": 1, "cwm.gmm1": 1, "cwm.gmm2": 1, "tsm.g3": 1},
     ["d1", "d2", "d_global", "d_local"]),
])  # fmt: skip
def test_no_network_runs_more_often_than_it_must(stage, generators, discriminators, experiment, objective, store):
    """Each generator once; each discriminator once on the fake, for both sides, and once on the real; R1 adds none."""
    trainer = Trainer(stage, experiment, objective, {})
    calls = {}
    for root in (trainer.model, trainer.networks["discriminators"]):
        for name, network in root.named_modules():
            network.register_forward_hook(lambda *_, name=name: calls.update({name: calls.get(name, 0) + 1}))
    loader = Loader(store, store.select(), experiment.training)
    trainer.run_step(loader.parts(4), 4)  # adversarial, and with R1
    names = ("spm.g1", "spm.g2", "cwm.gmm1", "cwm.gmm2", "tsm.g3", "d1", "d2", "d_global", "d_local")
    assert {name: calls[name] for name in names if name in calls} == generators | dict.fromkeys(discriminators, 2)
    calls.clear()
    trainer.run_step(loader.parts(0), 0)  # before the adversarial terms join
    assert {name: calls[name] for name in names if name in calls} == generators


def test_accumulation_changes_rounding_alone(experiment, objective, store):
    alike(experiment, objective, store, accumulate=2)


def test_channels_last_changes_rounding_alone(experiment, objective, store):
    trainer = alike(experiment, objective, store, channels_last=True)
    weight = trainer.model.spm.g1.stem[0][0].weight
    assert weight.is_contiguous(memory_format=torch.channels_last) and not weight.is_contiguous()
    assert all(tensor.is_contiguous() for tensor in trainer.weights().values())


def test_bf16_stays_near_and_keeps_warps_and_losses_in_float32(experiment, objective, store):
    _, plain = train(experiment, objective, store)
    trainer, rounded = train(experiment, objective, store, precision="bf16-mixed")
    for expected, found in zip(plain, rounded, strict=True):
        assert found["total"] == pytest.approx(expected["total"], rel=0.02)
        assert found != expected
    inside = {}
    for name in ("spm.g1.stem", "cwm.gmm1.offsets"):
        trainer.model.get_submodule(name).register_forward_hook(
            lambda _, __, result, name=name: inside.update({name: result.dtype})
        )
    losses = trainer.step(store.batch([0, 1]), torch.rand(5, 2), adversarial=True, r1=True)
    assert inside == {"spm.g1.stem": torch.bfloat16, "cwm.gmm1.offsets": torch.float32}
    every = [*losses.generators.terms.values(), *losses.discriminators.values()]
    assert all(loss.dtype == torch.float32 for loss in every)
    assert all(tensor.dtype == torch.float32 for tensor in trainer.weights().values())


@pytest.mark.slow
def test_compiling_changes_rounding_alone(experiment, objective, store):
    if not shutil.which("c++") and not shutil.which("g++"):
        pytest.skip("torch.compile needs a C++ compiler on a CPU, and there is none")
    alike(experiment, objective, store, compile=True)


def test_clipping_bounds_the_gradient_of_either_side(experiment, objective, store):
    optimiser = OptimiserConfig(clip_norm=0.01)
    trainer, _ = train(experiment, objective, store, optimiser=optimiser)
    for side in trainer.sides.values():
        squares = sum(float(p.grad.square().sum()) for p in side.parameters if p.grad is not None)
        assert squares**0.5 == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("device, way", [("cpu", "fused"), ("meta", "foreach")])
def test_adam_is_the_fastest_the_device_has(experiment, objective, device, way):
    parameter = torch.nn.Parameter(torch.empty(1, device=device))
    assert adam([parameter], experiment.training.joint, experiment.training).defaults[way] is True


def test_the_running_mean_is_the_result_and_follows_the_weights(experiment, objective, store):
    decay = 0.9
    trainer, _ = train(experiment, objective, store, ema_decay=decay)
    plain, _ = train(experiment, objective, store)
    name = "model.spm.g1.stem.0.0.weight"
    assert torch.equal(trainer.networks.state_dict()[name], plain.networks.state_dict()[name])
    again = Trainer("joint", experiment, objective, {})
    mean = again.weights()[name]
    loader = Loader(store, store.select(), experiment.training)
    for number in range(STEPS):
        again.run_step(loader.parts(number), number)
        now = min(decay, (1 + number) / (10 + number))
        mean = now * mean + (1 - now) * again.weights()[name]
    assert torch.allclose(trainer.weights()[name], mean, atol=1e-6)
    assert not torch.equal(trainer.weights()[name], plain.weights()[name])
    discriminator = "discriminators.d1.scales.0.1.0.weight"
    assert torch.equal(trainer.weights()[discriminator], plain.weights()[discriminator])
    with trainer.averaged() as model:
        assert torch.equal(model.state_dict()[name.removeprefix("model.")], trainer.weights()[name])
    assert torch.equal(trainer.networks.state_dict()[name], plain.networks.state_dict()[name])


def test_one_process_exchanges_nothing(experiment, objective, monkeypatch):
    fabric = devices.make_fabric(experiment.training)
    monkeypatch.setattr(fabric, "all_reduce", lambda *_, **__: pytest.fail("nothing to exchange"))
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.grad = torch.ones(2)
    devices.average_gradients(fabric, [parameter])
    assert torch.equal(parameter.grad, torch.ones(2))
