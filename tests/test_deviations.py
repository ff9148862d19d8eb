"""The paper's recipe, literally, and that nothing else passes for it."""

import dataclasses

import pytest

from spg_vton.ablations import ABLATIONS, ablate
from spg_vton.config import Lambdas, ModelConfig, ObjectiveConfig, StageConfig
from spg_vton.deviations import OPEN, PAPER, deviations

#: Sections III and IV-C and Table I; what is not in the text is marked with its reference.
TEXT = {
    "model": {
        "height": 256, "width": 192, "generator_width": 64, "discriminator_width": 32, "norm": "instance",
        "discriminator_scales": 3,  # pix2pixHD [3]
        "matching_width": 64, "tps_reach": 1.0,  # CP-VTON [6]
        "skips": False, "tail": "paper", "prealign": False, "gate": False, "map_guidance": True, "map_in_g3": False,
        "adaptive_norm": False, "residual_flow": False,
    },
    "lambdas": {"focal": 10, "coarse": 10, "cycle": 20, "try_on": 10, "identity": 10},
    "objective": {
        "image_weight": 2, "composition_weight": 0.5, "adversarial_weight": 1, "global_adversarial": True,
        "local_adversarial": True, "cycle": "clothes", "mask_l1_weight": 0, "tps_regularity_weight": 0,
        "flow_truth_weight": 0, "perceptual": "vgg19", "perceptual_upsample": 1, "identity": "dlib-face",
        "head_box": "map",
    },
    "optimiser": {"beta1": 0, "beta2": 0.999, "weight_decay": 5e-4, "schedule": "constant"},
    "stage": {"learning_rate": 2e-4, "adversarial_from": 0},
    "training": {"flip": False, "true_mask_in_synthesis": False, "noisy_triples": "keep"},
}  # fmt: skip


def test_the_recipe_is_the_texts():
    parts = {
        "model": PAPER.model, "lambdas": PAPER.lambdas, "objective": PAPER.objective,
        "optimiser": PAPER.training.optimiser, "training": PAPER.training,
    }  # fmt: skip
    for name, settings in parts.items():
        own = dataclasses.asdict(settings)
        assert {key: own[key] for key in TEXT[name]} == TEXT[name]
    for stage in ("semantic", "synthesis", "joint"):
        assert dataclasses.asdict(getattr(PAPER.training, stage)) == {"steps": 1, **TEXT["stage"]}


def test_the_papers_environment_is_paper_exact(experiment_of):
    assert deviations(experiment_of("paper")) == {}


def test_the_embedded_default_is_not(experiment_of):
    found = deviations(experiment_of("base"))
    assert {"model.gate", "model.skips", "objective.mask_l1_weight", "training.optimiser.beta1"} <= found.keys()
    assert found["model.tail"] == ("wide", "paper")


OTHER = {
    "model.height": 128, "model.width": 96, "model.discriminator_scales": 2, "model.norm": "none", "model.tail": "wide",
    "objective.cycle": "masks", "objective.perceptual": "alexnet", "objective.identity": "none",
    "objective.head_box": "keypoints", "objective.identity_file": "x.pth", "objective.identity_sha256": "0" * 64,
    "objective.perceptual_upsample": 2,
}  # fmt: skip


def another(name, value):
    """A valid value of the setting that is not its own."""
    if name in OTHER:
        return OTHER[name]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value + 0.25


def settings_of(kind, prefix):
    return [f"{prefix}{field.name}" for field in dataclasses.fields(kind)]


@pytest.mark.parametrize("name", [
    *settings_of(ModelConfig, "model."), *settings_of(Lambdas, "lambdas."), *settings_of(ObjectiveConfig, "objective."),
])  # fmt: skip
def test_no_setting_of_networks_and_losses_changes_unseen(name):
    part, field = name.split(".")
    value = getattr(getattr(PAPER, part), field)
    other = another(name, value)
    changed = dataclasses.replace(PAPER, **{part: dataclasses.replace(getattr(PAPER, part), **{field: other})})
    assert deviations(changed) == {name: (other, value)}


def test_lengths_are_open_but_a_missing_stage_is_not():
    joint = dataclasses.replace(PAPER.training, joint=StageConfig(steps=7), batch_size=3)
    assert deviations(dataclasses.replace(PAPER, training=joint)) == {}
    none = dataclasses.replace(PAPER.training, joint=StageConfig(steps=0))
    assert deviations(dataclasses.replace(PAPER, training=none)) == {"training.joint.steps": (0, 1)}
    assert all(name.startswith("training.") for name in OPEN)


def test_the_papers_own_face_network_is_no_deviation():
    objective = ObjectiveConfig(identity="sphere-face", identity_file="sphere20a.pth", identity_sha256="0" * 64)
    assert deviations(dataclasses.replace(PAPER, objective=objective)) == {}


@pytest.mark.parametrize("name", ABLATIONS)
def test_an_ablation_changes_what_it_names_and_nothing_else(name):
    ablation = ABLATIONS[name]
    found = {path: value for path, (value, _) in deviations(ablate(PAPER, name)).items()}
    assert found == dict(ablation.changes)
    assert ablation.claim and ablation.removed


def test_ablations_apply_to_the_embedded_default_too(experiment_of):
    base = experiment_of("base")
    for name in ABLATIONS:
        ablated = ablate(base, name)
        for path, value in ABLATIONS[name].changes.items():
            part = ablated
            for step in path.split("."):
                part = getattr(part, step)
            assert part == value


def test_an_unknown_ablation_is_refused():
    with pytest.raises(KeyError):
        ablate(PAPER, "without_everything")
