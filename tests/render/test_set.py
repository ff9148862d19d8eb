import dataclasses
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError
from typer import Typer
from typer.testing import CliRunner

from spg_vton.errors import ConfigError
from spg_vton.keypoints import read_openpose
from spg_vton.labels import NUM_LABELS, Label
from spg_vton.render.casting import GarmentNumber, cast, garment_of
from spg_vton.render.cli import render
from spg_vton.render.config import RenderConfig
from spg_vton.render.dataset import TRIPLES, UNPAIRED, render_set
from spg_vton.render.flow_files import read_flow

SMALL = RenderConfig(persons=3, photos_per_person=2, test_share=0.3, seed=11, supersampling=1)


def files(folder: Path) -> dict[str, bytes]:
    """All files but the summary, which holds the time taken."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "render_summary.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("set") / "people"
    render_set(SMALL, folder)
    return folder


def test_every_listed_file_is_there(rendered):
    triples, unpaired = rows(rendered / TRIPLES), rows(rendered / UNPAIRED)
    assert len(triples) == 3 * 2 and len(unpaired) == 2
    assert {len(row) for row in triples} == {4} and {len(row) for row in unpaired} == {5}
    people = {name for row in triples for name in row[:2]} | {row[3] for row in unpaired}
    clothes = {row[2] for row in triples + unpaired}
    for name in people | clothes:
        with Image.open(rendered / "MPV_192_256" / name) as image:
            assert image.format == "JPEG" and image.size == (192, 256) and image.mode == "RGB"
    for name in people:
        with Image.open(rendered / "all_parsing" / name.replace(".jpg", ".png")) as labels:
            assert labels.mode == "L" and labels.size == (192, 256)
            assert np.asarray(labels).max() < NUM_LABELS
        pose = read_openpose(rendered / "all_person_clothes_keypoints" / name.replace(".jpg", "_keypoints.json"))
        assert (pose[:, 2] > 0).sum() >= 6
    for name in people:
        with Image.open(rendered / "all_body_mask" / name.replace(".jpg", "_body.png")) as mask:
            body = np.asarray(mask) == 255
        with Image.open(rendered / "all_parsing" / name.replace(".jpg", ".png")) as labels:
            bare = np.isin(np.asarray(labels), (Label.FACE, Label.HAIR, Label.LEFT_ARM, Label.RIGHT_ARM))
        assert body.shape == (256, 192) and (body & bare).sum() > 0.93 * bare.sum() > 100
        flow = read_flow(rendered / "all_garment_flow" / name.replace(".jpg", "_flow.png"))
        assert flow.shape == (256, 192, 2)
    for name in clothes:
        with Image.open(rendered / "all_cloth_mask" / name.replace(".jpg", "_mask.png")) as mask:
            assert mask.mode == "L" and set(np.unique(np.asarray(mask))) == {0, 255}


def test_triples_share_a_folder_and_an_identity(rendered):
    for pose_a, pose_b, clothes, _ in rows(rendered / TRIPLES):
        assert len({Path(name).parent for name in (pose_a, pose_b, clothes)}) == 1
        assert pose_a != pose_b
    for _, pose_b, clothes, truth, split in rows(rendered / UNPAIRED):
        assert split == "test" and truth.startswith("unpaired/")
        assert Path(truth).parent.name == Path(clothes).parent.name != Path(pose_b).parent.name


def test_truth_shows_the_target_pose(rendered):
    poses = rendered / "all_person_clothes_keypoints"
    for _, pose_b, _, truth, _ in rows(rendered / UNPAIRED):
        target, answer = ((poses / name.replace(".jpg", "_keypoints.json")).read_text() for name in (pose_b, truth))
        assert target == answer


def test_splits_share_neither_people_nor_garments():
    config = RenderConfig(persons=60, test_share=0.25, seed=2)
    castings = [cast(config, index) for index in range(config.persons)]
    train = [casting for casting in castings if casting.split == "train"]
    test = [casting for casting in castings if casting.split == "test"]
    assert len(test) == 15 and len(train) == 45
    assert not {casting.identity for casting in train} & {casting.identity for casting in test}
    garments = [
        {garment for one in part for garment in (one.garment, one.listed, one.unpaired) if garment}
        for part in (train, test)
    ]
    assert len(garments[0]) == 45 and len(garments[1]) == 30 and not garments[0] & garments[1]


def test_a_person_does_not_depend_on_how_many_there_are(rendered, tmp_path):
    render_set(RenderConfig(persons=1, photos_per_person=2, test_share=0.3, seed=11, supersampling=1), tmp_path / "one")
    alone, among = files(tmp_path / "one"), files(rendered)
    own = {name for name in among if "SPG00000" in name}
    assert len(own) > 10 and own == {name for name in alone if "SPG00000" in name}
    assert all(alone[name] == among[name] for name in own)


def test_worker_count_does_not_change_a_byte(rendered, tmp_path):
    other = RenderConfig(persons=3, photos_per_person=2, test_share=0.3, seed=11, supersampling=1, workers=2)
    render_set(other, tmp_path / "two")
    assert files(tmp_path / "two") == files(rendered)


def test_another_seed_gives_other_people(rendered):
    other = RenderConfig(persons=3, photos_per_person=2, test_share=0.3, seed=12)
    assert cast(other, 1).identity != cast(SMALL, 1).identity
    assert garment_of(other, 1, GarmentNumber.WORN) != garment_of(SMALL, 1, GarmentNumber.WORN)


def test_only_what_is_missing_is_made_again(rendered, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(rendered, folder)
    before = files(folder)
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("MPV_192_256/SPG0000[02]*/*")}
    shutil.rmtree(folder / "MPV_192_256" / "SPG00001A")
    (folder / TRIPLES).unlink()
    (folder / "all_parsing" / "SPG00000A" / ".half.png.77.part").write_bytes(b"killed")
    summary = render_set(SMALL, folder)
    assert summary.rendered_now == 1
    assert files(folder) == before
    assert kept and all(path.stat().st_mtime_ns == time for path, time in kept.items())


def test_another_configuration_starts_over(rendered, tmp_path, capsys):
    folder = tmp_path / "copy"
    shutil.copytree(rendered, folder)
    other = RenderConfig(persons=1, photos_per_person=2, test_share=0.3, seed=12, supersampling=1)
    assert render_set(other, folder).rendered_now == 1
    assert "starting over" in capsys.readouterr().err
    assert not (folder / "MPV_192_256" / "SPG00001A").exists()


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(ConfigError, match="another folder"):
        render_set(SMALL, tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_maps_may_be_left_out(rendered, tmp_path):
    render_set(dataclasses.replace(SMALL, persons=1, truth_maps=False), tmp_path / "lean")
    lean = files(tmp_path / "lean")
    assert not any(name.startswith(("all_body_mask", "all_garment_flow")) for name in lean)
    whole = files(rendered)
    own = {name for name in lean if "SPG00000" in name and name in whole}
    assert len(own) > 10 and all(lean[name] == whole[name] for name in own)


def test_a_refusing_disk_gives_one_line_and_leaves_no_piece(tmp_path):
    """No file may grow past 3 KiB: the first photo cannot be written."""
    command = [sys.executable, "-m", "spg_vton", "render", "--preset", "tiny", "--out", str(tmp_path / "set")]
    result = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"COLUMNS": "400"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3072, 3072)),
    )  # fmt: skip
    errors = [line for line in result.stderr.splitlines() if line.startswith("error:")]
    assert result.returncode == 2 and len(errors) == 1
    assert "Traceback" not in result.stderr and "File too large" in errors[0] and "the same command" in errors[0]
    assert not list(tmp_path.rglob("*.part")) and not list(tmp_path.rglob("*.jpg"))


@pytest.mark.parametrize(
    "mistake",
    [
        {"persons": 0},
        {"persons": 3, "photos_per_person": 1},
        {"persons": 3, "photos_per_person": {1: 0.5, 3: 0.5}},
        {"persons": 3, "photos_per_person": {2: 0.0}},
        {"persons": 3, "noise_shares": {"moustache": 1.0}},
        {"persons": 3, "noise_shares": {"hat": -1.0}},
        {"persons": 3, "noise_shares": {}},
        {"persons": 3, "attribute_share": 1.1},
        {"persons": 3, "test_share": 1.5},
        {"persons": 3, "workers": 0},
        {"persons": 3, "noise_rate": 0.9},
        {"persons": 3, "supersampling": 9},
        {"persons": 3, "person": 4},
    ],
)
def test_bad_configurations_are_refused(mistake):
    with pytest.raises(ValidationError):
        RenderConfig(**mistake)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--persons", "0"),
        ("--noise", "2"),
        ("--photos-per-person", "1"),
        ("--photos-per-person", "2=0.5,1=0.5"),
        ("--noise-kinds", "moustache=1"),
        ("--noise-kinds", "hat"),
        ("--preset", "huge"),
    ],
)
def test_command_names_the_bad_option_in_one_line(option, value, tmp_path):
    app = Typer()
    app.command()(render)
    result = CliRunner().invoke(app, ["--persons", "2", "--out", str(tmp_path / "x"), option, value])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1 and option in result.stderr
    assert not (tmp_path / "x").exists()


def test_command_renders(tmp_path):
    app = Typer()
    app.command()(render)
    options = ["--persons", "1", "--photos-per-person", "2", "--supersampling", "1", "--out", str(tmp_path / "x")]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "x" / "render_summary.json").read_text())["persons"] == 1


def test_explicit_options_override_the_preset(tmp_path):
    app = Typer()
    app.command()(render)
    options = ["--preset", "tiny", "--persons", "1", "--photos-per-person", "2=0,3=1", "--noise-kinds", "hat=1"]
    result = CliRunner().invoke(app, [*options, "--no-truth-maps", "--out", str(tmp_path / "x")])
    assert result.exit_code == 0, result.output
    summary = json.loads((tmp_path / "x" / "render_summary.json").read_text())
    assert (summary["persons"], summary["photos"], summary["clothes"]) == (1, 3, 2)
    assert summary["config"]["supersampling"] == 1 and summary["config"]["noise_shares"] == {"hat": 1.0}


@pytest.mark.parametrize("options", [[], ["--persons", "2"], ["--out", "somewhere"]])
def test_command_asks_for_what_is_missing(options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = Typer()
    app.command()(render)
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 2 and "error: give" in result.stderr
    assert not list(tmp_path.iterdir())


def test_estimate_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = Typer()
    app.command()(render)
    options = ["--preset", "mpv", "--persons", "1000", "--supersampling", "1", "--estimate"]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0, result.output
    assert "1000 people" in result.output and "hours" in result.output and "GiB" in result.output
    assert not list(tmp_path.iterdir())
