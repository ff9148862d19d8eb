import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError
from typer import Typer
from typer.testing import CliRunner

from spg_vton.errors import ConfigError
from spg_vton.keypoints import read_openpose
from spg_vton.labels import NUM_LABELS
from spg_vton.render.casting import GarmentNumber, cast, garment_of, is_test
from spg_vton.render.cli import render
from spg_vton.render.config import RenderConfig
from spg_vton.render.dataset import NOISE, TRIPLES, UNPAIRED, render_set

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


def test_noise_reaches_its_rate_in_train_only():
    config = RenderConfig(persons=600, noise_rate=0.3, test_share=0.2, seed=5)
    train, test = [], []
    for index in range(config.persons):
        casting = cast(config, index)
        of_takes = [bool(take.noise) or casting.wrong_garment for take in casting.takes]
        pairs = [a or b for i, a in enumerate(of_takes) for j, b in enumerate(of_takes) if i != j]
        (test if is_test(config, index) else train).extend(pairs)
        assert (casting.listed != casting.garment) == casting.wrong_garment
    assert abs(np.mean(train) - 0.3) < 0.05
    assert not any(test)


def test_noise_is_told_in_its_own_file(tmp_path):
    config = RenderConfig(persons=3, photos_per_person=2, noise_rate=1.0, test_share=0.3, seed=3, supersampling=1)
    summary = render_set(config, tmp_path / "noisy")
    lines = [line.split(",") for line in (tmp_path / "noisy" / NOISE).read_text().splitlines()]
    assert lines[0] == ["poseA", "poseB", "clothes", "noisy", "kinds"]
    assert len(lines) == 1 + 3 * 2
    assert summary.noisy_triples == sum(line[3] == "1" for line in lines[1:]) == 4
    assert all(bool(line[4]) == (line[3] == "1") for line in lines[1:])


@pytest.mark.parametrize(
    "mistake",
    [
        {"persons": 0},
        {"persons": 3, "photos_per_person": 1},
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


@pytest.mark.parametrize(("option", "value"), [("--persons", "0"), ("--noise", "2"), ("--photos-per-person", "1")])
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
