"""Each environment's YAML builds the typed settings; a typo or a wrong value fails before any data are read."""

import shutil
from pathlib import Path

import pytest
from dvc.utils.serialize import modify_yaml
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project
from omegaconf import OmegaConf
from pydantic import TypeAdapter, ValidationError

from spg_vton.annotators.annotate import AnnotationConfig
from spg_vton.annotators.noise import NoiseConfig
from spg_vton.config import EvaluationConfig, Lambdas, ModelConfig, ObjectiveConfig, StageConfig, TrainingConfig
from spg_vton.render.config import RenderConfig
from spg_vton.sources.config import SourceConfig
from spg_vton.store.pack import PackConfig

ROOT = Path(__file__).parents[2]
TYPES = {
    "rendering": RenderConfig, "ingestion": SourceConfig, "annotation": AnnotationConfig,
    "noise_annotation": NoiseConfig, "packing": PackConfig, "model": ModelConfig, "training": TrainingConfig,
    "lambdas": Lambdas, "objective": ObjectiveConfig, "evaluation": EvaluationConfig,
}  # fmt: skip


def parameters(env):
    bootstrap_project(ROOT)
    with KedroSession.create(project_path=ROOT, env=env) as session:
        return session.load_context().config_loader["parameters"]


@pytest.mark.parametrize("env", ["base", "mpv", "deepfashion", "viton_hd", "own", "paper"])
def test_every_environment_builds(env):
    values = parameters(env)
    assert set(TYPES) <= set(values)
    built = {name: TypeAdapter(kind).validate_python(values[name]) for name, kind in TYPES.items()}
    assert (built["packing"].height, built["packing"].width) == built["model"].size


def test_the_papers_environment_has_no_deviation():
    values = parameters("paper")
    model = ModelConfig(**values["model"])
    assert model == ModelConfig()  # the defaults are the paper's
    training = TypeAdapter(TrainingConfig).validate_python(values["training"])
    stages = {name: getattr(training, name) for name in ("semantic", "synthesis", "joint")}
    for stage in stages.values():
        assert stage == StageConfig(steps=stage.steps)
    pace = {name: getattr(training, name) for name in ("batch_size", "seed", "log_every", "checkpoint_seconds")}
    assert training == TrainingConfig(**stages, **pace)
    assert Lambdas(**values["lambdas"]) == Lambdas()
    assert ObjectiveConfig(**values["objective"]) == ObjectiveConfig()


@pytest.mark.parametrize("kind, change", [
    (ModelConfig, {"skip": True}), (ModelConfig, {"height": 60}), (ModelConfig, {"tail": "narrow"}),
    (Lambdas, {"focal": -1}), (Lambdas, {"lambda1": 1}), (ObjectiveConfig, {"perceptual": "vgg"}),
    (PackConfig, {"height": 0}), (AnnotationConfig, {"sample": -1}), (EvaluationConfig, {"rows": 3}),
])  # fmt: skip
def test_typos_and_wrong_values_are_refused(kind, change):
    with pytest.raises(ValidationError):
        kind(**change)


@pytest.mark.parametrize("file", sorted((ROOT / "conf" / "base").glob("parameters*.yml")), ids=lambda file: file.stem)
def test_dvc_can_rewrite_the_file_without_changing_a_value(file, tmp_path):
    """`dvc exp run -S` writes the file anew and drops quotes: a quoted word like off would come back as a boolean."""
    copy = tmp_path / file.name
    shutil.copyfile(file, copy)
    with modify_yaml(str(copy)) as values:
        values["added"] = 1
    assert OmegaConf.to_container(OmegaConf.load(copy)) == OmegaConf.to_container(OmegaConf.load(file)) | {"added": 1}
