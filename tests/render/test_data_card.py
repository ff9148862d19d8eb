import re
import shlex

import numpy as np
import pytest
from PIL import Image
from typer import Typer
from typer.testing import CliRunner

from spg_vton.keypoints import read_openpose
from spg_vton.labels import NUM_LABELS
from spg_vton.render import cli
from spg_vton.render.config import RenderConfig
from spg_vton.render.data_card import CARD, SHEET, command, measure, spread
from spg_vton.render.dataset import render_set
from spg_vton.render.summary import RenderSummary
from spg_vton.render.views import Views

CONFIG = RenderConfig(persons=3, photos_per_person=2, test_share=0.3, seed=11, supersampling=1, noise_rate=0.2)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("card") / "people"
    return folder, render_set(CONFIG, folder)


def test_card_tells_the_summary(rendered):
    folder, summary = rendered
    card = (folder / CARD).read_text()
    assert isinstance(summary, RenderSummary)
    assert "| people | 2 | 1 | 3 |" in card
    assert f"| triples (pose A, pose B, garment) | {summary.triples['train']} | {summary.triples['test']} |" in card
    for name, counts in summary.counts.items():
        line = next((line for line in card.splitlines() if line.startswith(f"**{name}**")), "")
        assert all(f"{value} {count} (" in line for value, count in counts.items())
        assert not counts or sum(float(share) for share in re.findall(r"([\d.]+) %", line)) == pytest.approx(100, abs=1)
    assert f"]({SHEET})" in card and "workers" not in card.split("| Setting |")[1]
    assert card.count("\n| ") > NUM_LABELS + 18


def test_shares_come_from_the_files(rendered):
    folder, _ = rendered
    names = sorted(path.relative_to(folder / "all_parsing").as_posix().replace(".png", ".jpg")
                   for path in (folder / "all_parsing").rglob("*.png"))  # fmt: skip
    measured = measure(folder, names)
    maps = np.stack([np.asarray(Image.open(folder / "all_parsing" / n.replace(".jpg", ".png"))) for n in names])
    poses = [
        read_openpose(folder / "all_person_clothes_keypoints" / n.replace(".jpg", "_keypoints.json")) for n in names
    ]
    for label, share in enumerate(measured.labels):
        assert share.pixels == pytest.approx((maps == label).mean())
        assert share.photos == pytest.approx((maps == label).any((1, 2)).mean())
    assert list(measured.visible.values()) == pytest.approx((np.stack(poses)[..., 2] > 0).mean(0).tolist())
    assert measured.photos == len(names)
    assert f"Shares over {len(names)} photos" in (folder / CARD).read_text()


def test_sheet_shows_garment_photos_map_and_truth(rendered):
    folder, _ = rendered
    with Image.open(folder / SHEET) as sheet:
        pixels = np.asarray(sheet.convert("RGB"), np.int16)
    assert pixels.shape == (2 * 256, 12 * 192, 3)
    first = next((folder / "MPV_192_256").glob("SPG00000A/*cloth_front.jpg"))
    with Image.open(first) as image:
        assert np.abs(pixels[:256, :192] - np.asarray(image, np.int16)).mean() < 4
    test_person, train_person = pixels[:256, : 6 * 192], pixels[:256, 6 * 192 :]
    assert (test_person[:, 5 * 192 :] < 250).any() and (train_person[:, 5 * 192 :] == 255).mean() > 0.99


def test_command_gives_the_configuration_back(monkeypatch, tmp_path):
    config = RenderConfig(
        persons=7, photos_per_person={2: 0.5, 3: 0.5}, test_share=0.5, seed=3, noise_rate=0.3, noisy_test=True,
        noise_shares={"hat": 1.0, "coat": 2.0}, views=Views(front=1.0, quarter=0.0, side=0.0, back=0.0),
        truth_maps=False,
    )  # fmt: skip
    taken = []

    def record(config, folder):
        taken.append(config)
        raise cli.ConfigError("stop")

    monkeypatch.setattr(cli, "render_set", record)
    app = Typer()
    app.command("render")(cli.render)
    words = shlex.split(command(config).replace("FOLDER", str(tmp_path / "set")))
    CliRunner().invoke(app, words[2:])
    assert taken == [config]


def test_sample_is_spread_over_the_whole_set():
    names = [str(k) for k in range(1003)]
    chosen = spread(names, 500)
    assert len(chosen) == len(set(chosen)) == 500 and chosen[0] == "0" and int(chosen[-1]) > 995
    assert spread(names[:3], 500) == names[:3]
