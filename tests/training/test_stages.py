"""Stages and ablations: who learns, which terms are there, and that what is left out is the only thing that changes."""

import dataclasses

import pytest
import torch

from spg_vton.ablations import ABLATIONS, ablate
from spg_vton.deviations import PAPER
from spg_vton.losses.objective import Objective
from spg_vton.models.inputs import prepare
from spg_vton.training.contest import photo_contests
from spg_vton.training.loader import Loader
from spg_vton.training.loop import train_stage
from spg_vton.training.stages import STAGES, stage_for
from spg_vton.training.trainer import Trainer

GENERATORS = ("spm.g1", "spm.g2", "cwm.gmm1", "cwm.gmm2", "tsm.g3")


def trainer_of(stage, experiment):
    """With a face network in the embedded manner: the mean colour of a crop."""
    embed = None if experiment.objective.identity == "none" else lambda crops: crops.mean((2, 3))
    objective = Objective(experiment.lambdas, experiment.objective, lambda image: (image,) * 5, embed)
    return Trainer(stage, experiment, objective, {})


@pytest.fixture
def whole(experiment):
    return dataclasses.replace(experiment, objective=dataclasses.replace(experiment.objective, identity="dlib-face"))


def losses_of(trainer, batch, adversarial=True):
    return trainer.step(
        batch, torch.rand(5, len(batch), generator=torch.Generator().manual_seed(0)), adversarial=adversarial, r1=False
    )


def take_step(trainer, store, number):
    """The losses of a whole training step, as numbers."""
    return trainer.run_step(Loader(store, store.select(), trainer.config).parts(number), number).values()


def adams(trainer):
    return {name: side.optimiser for name, side in trainer.sides.items()}


def values_of(stage, experiment, batch):
    trainer = trainer_of(stage, experiment)
    losses = losses_of(trainer, batch)
    return losses.terms().values(), losses.generators.weights


def test_the_three_stages_are_section_iii_e_s():
    assert STAGES["semantic"].generators == ("spm.g1",) and STAGES["semantic"].discriminators == ("d1",)
    assert set(STAGES["synthesis"].generators) == set(GENERATORS) - {"spm.g1"}
    assert STAGES["synthesis"].discriminators == ("d2", "d_global", "d_local")
    assert set(STAGES["joint"].generators) == set(GENERATORS)
    assert set(STAGES["joint"].discriminators) == {"d1", "d2", "d_global", "d_local"}
    for name, stage in STAGES.items():
        assert stage_for(name, PAPER.model, PAPER.objective) == stage


@pytest.mark.parametrize("stage", STAGES)
def test_only_the_stages_networks_move(stage, whole, store):
    trainer = trainer_of(stage, whole)
    before = {name: tensor.clone() for name, tensor in trainer.weights().items()}
    take_step(trainer, store, 5)  # past the start of the adversarial terms
    moved = {name for name, tensor in trainer.weights().items() if not torch.equal(tensor, before[name])}
    for part in (*GENERATORS, "d1", "d2", "d_global", "d_local"):
        learns = part in STAGES[stage].generators + STAGES[stage].discriminators
        prefix = f"model.{part}." if "." in part else f"discriminators.{part}."
        assert any(name.startswith(prefix) for name in moved) == learns, part


def test_adam_is_as_in_section_iv_c(whole):
    training = dataclasses.replace(PAPER.training, accelerator="cpu")
    trainer = trainer_of("joint", dataclasses.replace(whole, training=training))
    for adam in adams(trainer).values():
        assert type(adam) is torch.optim.Adam  # AdamW's weight decay is not coupled
        for group in adam.param_groups:
            assert (group["lr"], group["betas"], group["weight_decay"]) == (2e-4, (0, 0.999), 5e-4)


def test_the_weights_are_equation_17s(whole, store):
    """L_total: SPM's terms, λ3 L_cond, and TSM's, with λ1 = λ2 = λ4 = λ5 = 10, λ3 = 20, α1 = 2, α2 = 0.5."""
    paper = dataclasses.replace(whole, lambdas=PAPER.lambdas, objective=PAPER.objective)
    _, weights = values_of("joint", paper, store.batch([0, 1]))
    assert weights == {
        "semantic_adversarial": 1, "semantic_focal": 10, "semantic_l1": 1,
        "coarse_adversarial": 1, "coarse_l1": 10, "coarse_mask_l1": 10, "coarse_perceptual": 10,
        "cycle_forward": 20, "cycle_backward": 20,
        "try_on_l1": 10 * 2, "composition": 10 * 0.5, "try_on_perceptual": 10,
        "global_adversarial": 1, "local_adversarial": 1, "identity": 10,
    }  # fmt: skip


REMOVED = {
    "full": set(),
    "without_cycle": {"cycle_forward", "cycle_backward"},
    "without_identity": {"identity", "identity_seen", "identity_skipped"},
    "without_global_adversarial": {"global_adversarial", "discriminator.d_global"},
    "without_local_adversarial": {"local_adversarial", "discriminator.d_local"},
    "without_joint_training": set(),
    "without_predicted_map": set(),
}
ADDED = {"without_cycle": {"mask_cycle_forward", "mask_cycle_backward"}}


def test_every_ablation_is_tested():
    assert REMOVED.keys() == ABLATIONS.keys()


@pytest.mark.parametrize("name", sorted(REMOVED.keys() - {"without_predicted_map"}))
def test_an_ablation_takes_its_terms_away_and_leaves_the_rest_as_it_is(name, whole, store):
    batch = store.batch([0, 1])
    full, weights = values_of("joint", whole, batch)
    found, found_weights = values_of("joint", ablate(whole, name), batch)
    plain = {key for key in found if not key.startswith("weighted.")}
    assert plain == {key for key in full if not key.startswith("weighted.")} - REMOVED[name] | ADDED.get(name, set())
    kept = plain - ADDED.get(name, set()) - {"total"}
    assert {key: found[key] for key in kept} == pytest.approx({key: full[key] for key in kept})
    assert {key: weights[key] for key in found_weights.keys() & weights} == {
        key: found_weights[key] for key in found_weights.keys() & weights
    }


@pytest.mark.parametrize("name, part", [("without_global_adversarial", "d_global"),
                                        ("without_local_adversarial", "d_local")])  # fmt: skip
def test_a_discriminator_that_is_off_gets_no_gradient(name, part, whole, store):
    trainer = trainer_of("joint", ablate(whole, name))
    before = {key: tensor.clone() for key, tensor in trainer.weights().items()}
    take_step(trainer, store, 5)
    network = trainer.networks["discriminators"][part]
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in network.parameters())
    same = [torch.equal(t, before[key]) for key, t in trainer.weights().items() if f"discriminators.{part}." in key]
    assert same and all(same)
    learning = {id(p) for group in adams(trainer)["discriminators"].param_groups for p in group["params"]}
    assert not learning & {id(parameter) for parameter in network.parameters()}


def test_the_mask_cycle_teaches_both_matching_networks_and_no_other(whole, store):
    trainer = trainer_of("joint", ablate(whole, "without_cycle"))
    terms = losses_of(trainer, store.batch([0, 1]), adversarial=False).generators.terms
    (terms["mask_cycle_forward"] + terms["mask_cycle_backward"]).backward()
    reached = {part: any(p.grad is not None and p.grad.abs().sum() > 0 for p in parameters_of(trainer, part))
               for part in GENERATORS}  # fmt: skip
    assert reached["cwm.gmm1"] and reached["cwm.gmm2"]
    assert not reached["tsm.g3"]


def parameters_of(trainer, part):
    return [p for name, p in trainer.model.named_parameters() if name.startswith(f"{part}.")]


@pytest.mark.parametrize("name, reached", [("full", True), ("without_predicted_map", False)])
def test_without_the_map_nothing_of_the_photo_reaches_g1(name, reached, whole, store):
    trainer = trainer_of("joint", ablate(whole, name))
    terms = losses_of(trainer, store.batch([0, 1])).generators.terms
    photo = [term for key, term in terms.items() if not key.startswith("semantic_")]
    torch.stack(photo).sum().backward()
    grads = [p.grad for p in parameters_of(trainer, "spm.g1")]
    assert any(grad is not None and grad.abs().sum() > 0 for grad in grads) == reached
    assert all(p.grad is not None for p in parameters_of(trainer, "spm.g2"))


def test_without_the_map_g2_and_d2_are_shown_zeros(whole, store, monkeypatch):
    trainer = trainer_of("joint", ablate(whole, "without_predicted_map"))
    inputs, truth = prepare(store.batch([0, 1]))
    made = []
    original = trainer.step.objective.synthesis
    monkeypatch.setattr(trainer.step.objective, "synthesis", lambda *a: made.append(a[0]) or original(*a))
    losses_of(trainer, store.batch([0, 1]))
    (synthesis,) = made
    assert synthesis.coarse.guidance.abs().sum() == 0
    d2 = photo_contests(synthesis, inputs, truth)["d2"]
    assert d2.fake.shape[1] == 47 and d2.fake[:, 3:23].abs().sum() == 0 and d2.real[:, 3:23].abs().sum() == 0
    assert synthesis.semantic_map.abs().sum() > 0  # the map is still predicted, for the identity's crop and the metrics


def test_without_the_third_stage_the_seconds_weights_are_the_result(whole, store, tmp_path):
    ablated = ablate(whole, "without_joint_training")
    objective = Objective(whole.lambdas, whole.objective, lambda image: (image,) * 5)
    start = trainer_of("synthesis", whole).weights()
    trained = train_stage("joint", ablated, objective, store, start, tmp_path)
    assert not trained.reused and trained.curve == []
    assert all(torch.equal(tensor, start[name]) for name, tensor in trained.weights.items())


def test_the_residual_flow_learns_with_the_warp(whole, store):
    model = dataclasses.replace(whole.model, residual_flow=True)
    assert "cwm.flow" in stage_for("synthesis", model, whole.objective).generators
    assert "cwm.flow" not in stage_for("semantic", model, whole.objective).generators
    trainer = trainer_of("synthesis", dataclasses.replace(whole, model=model))
    before = trainer.model.cwm.flow.flow.weight.detach().clone()
    assert take_step(trainer, store, 0)["flow_smoothness"] == 0  # the flow starts at 0
    assert not torch.equal(trainer.model.cwm.flow.flow.weight, before)


def test_the_mask_cycle_aims_at_the_mask_that_gmm1_was_shown(whole, store):
    """In the embedded default's second stage that is the true one."""
    training = dataclasses.replace(whole.training, true_mask_in_synthesis=True)
    trainer = trainer_of("synthesis", ablate(dataclasses.replace(whole, training=training), "without_cycle"))
    made, original = [], trainer.step.objective.synthesis
    trainer.step.objective.synthesis = lambda *a: made.append(a[0]) or original(*a)
    losses = losses_of(trainer, store.batch([0, 1]))
    truth = prepare(store.batch([0, 1]))[1]
    expected = (made[0].warped.mask - truth.clothes_mask).abs().mean()
    assert losses.generators.terms["mask_cycle_forward"].item() == pytest.approx(expected.item(), rel=1e-5)
