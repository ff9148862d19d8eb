"""``docs/paper.md`` says what the code does: its functions, tests, switches and numbers exist."""

import ast
import dataclasses
import re
from functools import cache
from pathlib import Path

import pytest
import torch

from spg_vton.ablations import ABLATIONS
from spg_vton.config import ModelConfig
from spg_vton.deviations import PAPER, deviations
from spg_vton.models.spg_vton import SpgVton, build_discriminators

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "paper.md").read_text()


def rows(heading):
    """The cells of each row of the table under ``heading``."""
    section = PAGE.split(f"## {heading}", 1)[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def spans(cell):
    return re.findall(r"`([^`]+)`", cell)


@cache
def defined(path):
    """The names of the functions and classes at the top of a file."""
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


EQUATIONS = rows("Equation → function → test")


@pytest.mark.parametrize("row", EQUATIONS, ids=[f"{row[0]} {row[1]}" for row in EQUATIONS])
def test_every_function_and_every_test_of_an_equation_exists(row):
    functions, tests = spans(row[2]), spans(row[3])
    assert functions and tests
    for function in functions:
        path, name = function.split(": ")
        assert name in defined(f"src/spg_vton/{path}"), function
    for test in tests:
        path, name = test.split("::")
        assert name in defined(path), test


def test_all_eighteen_equations_are_there():
    numbers = set()
    for row in EQUATIONS:
        numbers |= {int(number) for number in re.findall(r"\b\d+\b", row[0])}
    assert numbers == set(range(1, 19))


@cache
def parameters(**options):
    """Parameters of each network at the paper's sizes, without their values."""
    config = ModelConfig(**options)
    with torch.device("meta"):
        model, discriminators = SpgVton(config), build_discriminators(config)
    parts = {"G1": model.spm.g1, "G2": model.spm.g2, "G3": model.tsm.g3, "GMM1": model.cwm.gmm1,
             "GMM2": model.cwm.gmm2, "D1": discriminators["d1"], "D2": discriminators["d2"],
             "D_g": discriminators["d_global"], "D_l": discriminators["d_local"], "all": model}  # fmt: skip
    return {name: sum(parameter.numel() for parameter in part.parameters()) for name, part in parts.items()}


def test_the_parameters_are_counted_right():
    counted = {name: int(number.replace(",", "")) for name, number in rows("Parameters")}
    assert counted == {name: number for name, number in parameters().items() if name != "all"}


def test_the_options_and_what_they_add_are_right():
    for cell, _, number in rows("Options beyond the paper"):
        (switch,) = spans(cell)
        part, name = switch.split(".")
        assert hasattr(getattr(PAPER, part), name)
        added = parameters(**{name: True})["all"] - parameters()["all"] if part == "model" else 0
        assert int(number.replace(",", "")) == added, switch


def test_the_ablations_are_those_of_the_code():
    documented = {}
    for name, switch, _ in rows("Ablations"):
        changes = dict(span.split(": ") for span in spans(switch))
        documented[spans(name)[0]] = changes
    written = {True: "true", False: "false"}
    expected = {
        name: {path: written[value] if isinstance(value, bool) else str(value) for path, value in item.changes.items()}
        for name, item in ABLATIONS.items()
    }
    assert documented == expected


def test_every_deviation_of_the_embedded_default_is_listed_and_no_other(experiment_of):
    listed = [span for row in rows("Deviations of the embedded default (`conf/base`)") for span in spans(row[0])]
    assert len(listed) == len(set(listed))
    assert set(listed) == deviations(experiment_of("base")).keys()


def test_every_network_option_that_departs_from_the_paper_is_documented():
    documented = set(re.findall(r"`((?:model|objective)\.\w+)", PAGE))
    switches = {f"model.{field.name}" for field in dataclasses.fields(ModelConfig) if "_" in field.name}
    assert switches - {"model.discriminator_scales"} <= documented
