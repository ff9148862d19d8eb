"""The sub-command `weights`."""

import hashlib
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from spg_vton.weights import REGISTRY
from spg_vton.weights.cli import app

run = CliRunner().invoke


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A weights folder and one entry that fits the file `small.bin` in it."""
    entry = replace(REGISTRY["squeezenet"], file="small.bin", sha256=hashlib.sha256(b"good").hexdigest())
    monkeypatch.setitem(REGISTRY, "squeezenet", entry)
    monkeypatch.setenv("SPG_VTON_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_list_shows_every_entry_and_its_state(folder):
    (folder / "small.bin").write_bytes(b"good")
    result = run(app, ["list"])
    assert result.exit_code == 0
    assert all(name in result.output for name in REGISTRY)
    assert result.output.count("not fetched") == len(REGISTRY) - 1


@pytest.mark.parametrize(
    ("content", "code", "state"), [(b"good", 0, "good"), (b"bad", 1, "wrong hash"), (None, 1, "missing")]
)
def test_verify(folder, content, code, state):
    if content is not None:
        (folder / "small.bin").write_bytes(content)
    result = run(app, ["verify", "squeezenet"])
    assert result.exit_code == code
    assert state in result.output


def test_verify_without_names_checks_all(folder):
    (folder / "small.bin").write_bytes(b"good")
    result = run(app, ["verify"])
    assert result.exit_code == 1
    assert result.output.count("missing") >= len(REGISTRY) - 1


def test_fetch_keeps_a_good_file(folder):
    (folder / "small.bin").write_bytes(b"good")
    assert run(app, ["fetch", "squeezenet"]).exit_code == 0
    assert (folder / "small.bin").read_bytes() == b"good"


def test_unknown_name(folder):
    result = run(app, ["verify", "vgg16"])
    assert result.exit_code == 2
