"""The objective: every λ weighs the terms the equations say, and nothing else."""

import dataclasses
import math

import pytest
import torch

from spg_vton.config import Lambdas, ObjectiveConfig
from spg_vton.errors import WeightsError
from spg_vton.labels import Label
from spg_vton.losses.objective import Breakdown, Objective, Synthesis, build_objective
from spg_vton.losses.perceptual import LAYER_WEIGHTS
from spg_vton.models.clothes_warping import WarpResult
from spg_vton.models.inputs import Truth, TryOnInputs, one_hot, prepare
from spg_vton.models.semantic_prediction import CoarseResult
from spg_vton.models.spg_vton import SpgVton
from spg_vton.models.try_on_synthesis import TryOnResult


def features(image):
    return (image, image[:, :1], image, image, image)


def embed(crops):
    return crops.mean((2, 3))


@pytest.fixture
def scene(make_batch, tiny_model):
    torch.manual_seed(0)
    inputs, truth = prepare(make_batch())
    model = SpgVton(tiny_model)
    logits = model.spm.predict_logits(inputs)
    semantic_map = torch.softmax(logits, 1)
    coarse = model.spm.synthesise(inputs, semantic_map)
    warped = model.cwm(inputs.cloth, inputs.cloth_mask, coarse.clothes_mask)
    restored = model.cwm.restore(warped, inputs.cloth_mask)
    made = Synthesis(truth.semantic_map, coarse, warped, restored, model.tsm(coarse.image, warped, inputs.pose))
    return logits, semantic_map, made, inputs, truth


def breakdown(scene, lambdas=None, config=None):
    logits, semantic_map, made, inputs, truth = scene
    objective = Objective(lambdas or Lambdas(), config or ObjectiveConfig(), features, embed)
    return objective.semantic(logits, semantic_map, truth) + objective.synthesis(made, inputs, truth)


@pytest.mark.parametrize(
    "name, terms",
    [
        ("focal", {"semantic_focal"}),
        ("coarse", {"coarse_l1", "coarse_mask_l1", "coarse_perceptual"}),
        ("cycle", {"cycle_forward", "cycle_backward"}),
        ("try_on", {"try_on_l1", "composition", "try_on_perceptual"}),
        ("identity", {"identity"}),
    ],
)
def test_each_lambda_weighs_its_own_terms(scene, name, terms):
    base = breakdown(scene)
    doubled = breakdown(scene, dataclasses.replace(Lambdas(), **{name: 2 * getattr(Lambdas(), name)}))
    changed = {term for term in base.terms if base.weights[term] != doubled.weights[term]}
    assert changed == terms
    assert all(doubled.weights[term] == 2 * base.weights[term] for term in terms)


def test_the_papers_weights(scene):
    weights = breakdown(scene).weights
    assert weights == {
        "semantic_focal": 10, "semantic_l1": 1, "coarse_l1": 10, "coarse_mask_l1": 10, "coarse_perceptual": 10,
        "cycle_forward": 20, "cycle_backward": 20, "try_on_l1": 10 * 2, "composition": 10 * 0.5,
        "try_on_perceptual": 10, "identity": 10,
    }  # fmt: skip


def test_the_total_is_the_weighted_sum(scene):
    whole = breakdown(scene)
    expected = sum(whole.weights[name] * float(term.detach()) for name, term in whole.terms.items())
    assert whole.total.item() == pytest.approx(expected, rel=1e-5)
    values = whole.values()
    assert values["weighted.cycle_forward"] == pytest.approx(20 * values["cycle_forward"])


def even(value, channels):
    return torch.full((1, channels, 8, 8), value)


def test_equation_17_by_hand():
    """Even pictures, each term of which can be worked out on paper."""
    labels = torch.full((1, 8, 8), Label.UPPER_CLOTHES)
    truth = Truth(even(1.0, 3), labels, one_hot(labels), torch.zeros(1, 18, 3))
    inputs = TryOnInputs(even(0.0, 3), one_hot(labels), even(0.5, 3), even(1.0, 1), even(0.0, 18))
    face = one_hot(torch.full((1, 8, 8), Label.FACE))
    theta, grid = torch.zeros(1, 50), torch.zeros(1, 8, 8, 2)
    made = Synthesis(
        face,
        CoarseResult(even(0.0, 3), even(0.25, 1), face),
        WarpResult(even(0.5, 3), even(1.0, 1), theta, grid, even(1.0, 1)),
        WarpResult(even(0.0, 3), even(1.0, 1), theta, grid, even(1.0, 1)),
        TryOnResult(even(0.5, 3), even(0.0, 3), even(0.75, 1), even(0.0, 3)),
    )
    objective = Objective(
        Lambdas(),
        ObjectiveConfig(perceptual="vgg19-imagenet"),
        lambda image: (image,) * 5,
        lambda crops: crops.amax((2, 3)),  # the colour of the head, of which the crop's rim is black
    )
    logits = torch.zeros(1, 20, 8, 8)
    whole = (
        objective.semantic(logits, torch.softmax(logits, 1), truth)
        + objective.synthesis(made, inputs, truth)
        + objective.adversarial({name: torch.tensor(0.5) for name in ("d1", "d2", "global", "local")})
    )
    layers = 1 / 32 + 1 / 16 + 1 / 8 + 1 / 4 + 1
    segmentation = 10 * 0.95**2 * math.log(20) + (0.95 + 19 * 0.05) / 20
    coarse = 10 * (1 + 0.75 + layers * 1)
    cycle = 20 * (0.5 + 0.5)
    try_on = 10 * (2 * 0.5 + 0.5 * 0.25 + layers * 0.5) + 10 * 3 * 0.5
    assert whole.total.item() == pytest.approx(segmentation + coarse + cycle + try_on + 4 * 0.5, rel=1e-5)


def test_every_term_is_its_formula_on_its_own_pictures(scene):
    _, semantic_map, made, inputs, truth = scene
    terms = breakdown(scene, config=ObjectiveConfig(mask_l1_weight=1)).terms

    weights = LAYER_WEIGHTS["vgg19"]

    def mean_abs(a, b):
        return (a - b).abs().mean()

    def seen(image):
        return sum(w * mean_abs(a, b) for w, a, b in zip(weights, features(image), features(truth.image), strict=True))

    expected = {
        "semantic_l1": mean_abs(semantic_map, truth.semantic_map),
        "coarse_l1": mean_abs(made.coarse.image, truth.image),
        "coarse_mask_l1": mean_abs(made.coarse.clothes_mask, truth.clothes_mask),
        "coarse_perceptual": seen(made.coarse.image),
        "cycle_forward": mean_abs(made.warped.cloth, truth.clothes_on_white),
        "cycle_backward": mean_abs(made.restored.cloth, inputs.cloth),
        "warp_mask_l1": mean_abs(made.warped.mask, truth.clothes_mask),
        "try_on_l1": mean_abs(made.try_on.image, truth.image),
        "composition": (1 - made.try_on.composition).mean(),
        "try_on_perceptual": seen(made.try_on.image),
    }
    for name, value in expected.items():
        assert terms[name].item() == pytest.approx(value.item(), rel=1e-5), name


def test_deviations_are_off_by_default_and_named_when_on(scene):
    assert "warp_mask_l1" not in breakdown(scene).terms
    on = breakdown(scene, config=ObjectiveConfig(mask_l1_weight=3))
    assert on.weights["warp_mask_l1"] == 3


def test_without_a_face_network_the_term_is_absent(scene):
    _logits, _semantic_map, made, inputs, truth = scene
    terms = Objective(Lambdas(), ObjectiveConfig(), features).synthesis(made, inputs, truth).terms
    assert "identity" not in terms


def test_adversarial_terms_share_one_weight():
    objective = Objective(Lambdas(), ObjectiveConfig(adversarial_weight=0.25), features)
    assert objective.adversarial({"a": torch.tensor(2.0)}).total.item() == pytest.approx(0.5)


def test_breakdowns_add_up():
    one, two = Breakdown({"a": torch.tensor(1.0)}, {"a": 2.0}), Breakdown({"b": torch.tensor(3.0)}, {"b": 4.0})
    assert (one + two).total.item() == 14


def test_without_face_weights_the_identity_term_is_off_and_says_so(monkeypatch, caplog):
    def absent(name, **_):
        raise WeightsError(f"{name} is not there")

    monkeypatch.setattr("spg_vton.losses.objective.locate", absent)
    monkeypatch.setattr("spg_vton.losses.objective.build_features", lambda name, upsample: features)
    objective = build_objective(Lambdas(), ObjectiveConfig())
    assert objective.terms_on == {"identity": False}
    assert "identity loss (Eq. 15) is off: dlib-face is not there" in caplog.text


@pytest.mark.parametrize("change", [{"identity": "none"}, {}])
def test_a_term_that_is_not_wanted_loads_no_network(change, monkeypatch):
    monkeypatch.setattr(
        "spg_vton.losses.objective.locate", lambda *a, **k: pytest.fail("a face network was looked for")
    )
    monkeypatch.setattr("spg_vton.losses.objective.build_features", lambda name, upsample: features)
    lambdas = Lambdas() if change else Lambdas(identity=0)
    assert build_objective(lambdas, ObjectiveConfig(**change)).embed is None


def test_faces_seen_and_skipped_are_counted_and_reported(scene):
    logits, semantic_map, made, inputs, truth = scene
    whole = breakdown(scene)
    assert whole.counts == {"identity_seen": 2, "identity_skipped": 0}
    assert whole.values()["identity_seen"] == 2
    one_hidden = made.semantic_map.clone()
    one_hidden[0, [2, 13]] = 0
    made = dataclasses.replace(made, semantic_map=one_hidden)
    values = breakdown((logits, semantic_map, made, inputs, truth)).values()
    assert (values["identity_seen"], values["identity_skipped"]) == (1, 1)
    assert "weighted.identity_seen" not in values  # a count is no part of the total


def test_the_head_box_can_come_from_the_keypoints(scene):
    logits, semantic_map, made, inputs, truth = scene
    config = ObjectiveConfig(head_box="keypoints")
    assert breakdown(scene, config=config).counts == {"identity_seen": 2, "identity_skipped": 0}
    unseen = dataclasses.replace(truth, keypoints=torch.zeros(2, 18, 3))
    found = breakdown((logits, semantic_map, made, inputs, unseen), config=config)
    assert found.terms["identity"] == 0 and found.counts["identity_skipped"] == 2


@pytest.mark.parametrize("weight, term", [("tps_regularity_weight", "tps_regularity"),
                                          ("flow_smoothness_weight", "flow_smoothness"),
                                          ("flow_truth_weight", "flow_truth")])  # fmt: skip
def test_terms_on_the_warp_are_named_weighed_and_absent_at_zero(scene, weight, term):
    logits, semantic_map, made, inputs, truth = scene
    flow = torch.rand(2, 2, 16, 12)
    made = dataclasses.replace(made, warped=dataclasses.replace(made.warped, flow=flow))
    truth = dataclasses.replace(truth, warp=torch.zeros(2, 64, 48, 2))
    scene = (logits, semantic_map, made, inputs, truth)
    on = breakdown(scene, config=ObjectiveConfig(**{weight: 3.0}))
    assert on.weights[term] == 3 and on.terms[term] > 0
    assert term not in breakdown(scene, config=ObjectiveConfig(**{weight: 0.0})).terms


def test_without_a_flow_or_its_truth_there_is_no_such_term(scene):
    terms = breakdown(scene, config=ObjectiveConfig(flow_smoothness_weight=1, flow_truth_weight=1)).terms
    assert not {"flow_smoothness", "flow_truth"} & terms.keys()


def test_the_mask_cycle_stands_in_for_the_conductible_one(scene):
    _, _, made, inputs, _ = scene
    found = breakdown(scene, config=ObjectiveConfig(cycle="masks"))
    assert not {"cycle_forward", "cycle_backward"} & found.terms.keys()
    expected = (made.warped.mask - made.coarse.clothes_mask).abs().mean()
    assert found.terms["mask_cycle_forward"].item() == pytest.approx(expected.item(), rel=1e-5)
    expected = (made.restored.mask - inputs.cloth_mask).abs().mean()
    assert found.terms["mask_cycle_backward"].item() == pytest.approx(expected.item(), rel=1e-5)
    assert found.weights["mask_cycle_forward"] == found.weights["mask_cycle_backward"] == Lambdas().cycle


def test_sphere_face_is_read_from_the_file_that_is_named(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("spg_vton.losses.objective.build_features", lambda name, upsample: features)
    monkeypatch.setattr("spg_vton.losses.objective.SphereFace", lambda *arguments: asked.append(arguments) or embed)
    config = ObjectiveConfig(identity="sphere-face", identity_file=str(tmp_path / "a.pth"), identity_sha256="0" * 64)
    assert build_objective(Lambdas(), config).embed is embed
    assert asked == [(tmp_path / "a.pth", "0" * 64)]
    with pytest.raises(ValueError, match="needs identity_file and identity_sha256"):
        ObjectiveConfig(identity="sphere-face")
