"""Noise: each kind is found where it is drawn and nowhere else."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spg_vton.annotators.noise import annotate_noise
from spg_vton.annotators.noise_rules import KINDS, NoiseConfig
from spg_vton.labels import Label
from spg_vton.sources.manifest import Manifest, table
from spg_vton.sources.pictures import encode_mask

H, W = 64, 48
RED, BLUE, WHITE, GREY = (200, 40, 50), (30, 40, 190), (255, 255, 255), (120, 120, 120)


class Studio:
    """Draws persons and garments and collects their rows."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rows: dict[str, list[dict[str, object]]] = {"images": [], "parses": [], "keypoints": [], "cloth_masks": []}
        self.triples: list[dict[str, object]] = []

    def person(
        self,
        name: str,
        top: tuple[int, int, int] = RED,
        background: tuple[int, int, int] = WHITE,
        extra: Label | None = None,
        extra_colour: tuple[int, int, int] = RED,
        garment: Label = Label.UPPER_CLOTHES,
        eyes: bool = True,
        parse: bool = True,
    ) -> None:
        photo, labels = np.full((H, W, 3), background, np.uint8), np.zeros((H, W), np.uint8)
        for rows, colour, label in ((slice(8, 20), (220, 180, 160), Label.FACE), (slice(20, 40), top, garment)):
            photo[rows, 14:34], labels[rows, 14:34] = colour, label
        photo[40:60, 14:34], labels[40:60, 14:34] = (40, 40, 40), Label.PANTS
        if extra is not None:
            photo[8:11, 16:32], labels[8:11, 16:32] = extra_colour, extra
        self._image(name, photo, "person")
        if parse:
            Image.fromarray(labels).save(self.root / f"{name}_parse.png")
            self.rows["parses"].append({"image_id": name, "path": f"{name}_parse.png", "label_set": "cihp20"})
        pose = np.ones((18, 3))
        pose[14:16] = float(eyes)
        self.rows["keypoints"].append({"image_id": name, "keypoints": pose.reshape(-1).tolist()})

    def cloth(self, name: str, colour: tuple[int, int, int] = RED, mask_given: bool = True) -> None:
        photo, mask = np.full((H, W, 3), 255, np.uint8), np.zeros((H, W), np.uint8)
        photo[10:50, 10:38], mask[10:50, 10:38] = colour, 255
        self._image(name, photo, "cloth")
        if mask_given:
            Image.fromarray(mask).save(self.root / f"{name}_mask.png")
            self.rows["cloth_masks"].append({"image_id": name, "path": f"{name}_mask.png"})

    def triple(self, source: str, target: str, cloth: str, paired: bool = True) -> None:
        names = {"source_id": source, "target_id": target if paired else None, "target_pose_id": target}
        row = {"triple_id": f"{source}|{target}|{cloth}", **names, "cloth_id": cloth, "split": "train"}
        self.triples.append({**row, "paired": paired})

    def manifest(self) -> Manifest:
        return Manifest.from_rows(**self.rows, triples=self.triples)

    def _image(self, name: str, photo: np.ndarray, kind: str) -> None:
        path = self.root / f"{name}.png"
        Image.fromarray(photo).save(path)
        row = {"image_id": name, "path": path.name, "kind": kind, "source": "drawn", "width": W, "height": H}
        self.rows["images"].append({**row, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()})


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    studio = Studio(tmp_path)
    studio.person("plain")
    studio.cloth("red")
    return studio


def _kinds(studio: Studio) -> list[str]:
    return annotate_noise(studio.manifest(), studio.root, NoiseConfig()).noise["kinds"].tolist()


def test_a_clean_triple_is_clean(studio: Studio) -> None:
    studio.person("other")
    studio.triple("plain", "other", "red")
    result = annotate_noise(studio.manifest(), studio.root, NoiseConfig())
    row = result.noise.iloc[0]
    assert (row.noisy, row.kinds, row.by) == (False, "", "rules") and row.score < 0.2
    assert result.report["noisy"] == 0 and result.report["not_seen"] == ["bag", "necklace"]


@pytest.mark.parametrize(
    ("kind", "drawn"),
    [
        ("hat", {"extra": Label.HAT}),
        ("glasses", {"extra": Label.SUNGLASSES}),
        ("scarf", {"extra": Label.SCARF}),
        ("gloves", {"extra": Label.GLOVE}),
        ("coat", {"extra": Label.COAT}),
        ("upper_clothes", {"top": BLUE}),
        ("background", {"background": GREY}),
    ],
)
def test_each_kind_is_found_either_way_round(studio: Studio, kind: str, drawn: dict[str, object]) -> None:
    studio.person("odd", **drawn)  # type: ignore[arg-type]
    studio.triple("plain", "odd", "red")
    studio.triple("odd", "plain", "red")
    studio.triple("odd", "odd", "red")
    first, second, both = _kinds(studio)
    assert first == second == kind
    assert both == ("cloth_mismatch" if kind == "upper_clothes" else "")


def test_given_clothes_that_nobody_wears(studio: Studio) -> None:
    studio.cloth("blue", BLUE)
    studio.triple("plain", "plain", "blue")
    assert _kinds(studio) == ["cloth_mismatch"]


def test_a_dress_counts_as_the_given_clothes_under_a_coat(studio: Studio) -> None:
    studio.person("dressed", garment=Label.DRESS, extra=Label.COAT, extra_colour=BLUE)
    studio.triple("dressed", "dressed", "red")
    assert _kinds(studio) == [""]


def test_glasses_vanish_by_turning_round_but_do_not_appear(studio: Studio) -> None:
    studio.person("glasses", extra=Label.SUNGLASSES)
    studio.person("back", eyes=False)
    studio.triple("glasses", "back", "red")
    studio.triple("back", "glasses", "red")
    assert _kinds(studio) == ["", "glasses"]


def test_incomplete_triples_are_not_judged(studio: Studio) -> None:
    studio.person("bare", top=BLUE, parse=False)
    studio.person("blue", top=BLUE)
    studio.triple("plain", "blue", "red", paired=False)
    studio.triple("plain", "bare", "red")
    studio.cloth("unmasked", BLUE, mask_given=False)
    studio.triple("plain", "plain", "unmasked")
    result = annotate_noise(studio.manifest(), studio.root, NoiseConfig())
    assert result.noise["score"].tolist() == [0, 0, 0]
    assert result.report["not_judged"] == {"unpaired": 1, "no_label_map": 1, "no_garment_mask": 1}
    assert result.report["judged"] == 0 and result.report["share"] == 0


def test_a_made_mask_serves_as_a_given_one(studio: Studio) -> None:
    studio.cloth("unmasked", BLUE, mask_given=False)
    studio.triple("plain", "plain", "unmasked")
    mask = np.zeros((H, W), bool)
    mask[10:50, 10:38] = True
    manifest = replace(
        studio.manifest(), made_masks=table("made_masks", [{"image_id": "unmasked", "png": encode_mask(mask)}])
    )
    assert annotate_noise(manifest, studio.root, NoiseConfig()).noise["kinds"].tolist() == ["cloth_mismatch"]


def test_report_counts(studio: Studio) -> None:
    studio.person("odd", top=BLUE, extra=Label.HAT)
    studio.triple("plain", "odd", "red")
    studio.triple("plain", "plain", "red")
    result = annotate_noise(studio.manifest(), studio.root, NoiseConfig(), workers=2)
    assert result.noise["kinds"].tolist() == ["hat;upper_clothes", ""]
    assert (result.report["judged"], result.report["noisy"], result.report["share"]) == (2, 1, 0.5)
    assert result.report["by_kind"] == {kind: int(kind in ("hat", "upper_clothes")) for kind in KINDS}


def test_the_score_is_a_half_at_the_threshold(studio: Studio) -> None:
    studio.person("odd", background=(200, 200, 200))
    studio.triple("plain", "odd", "red")
    score = annotate_noise(studio.manifest(), studio.root, NoiseConfig(background=10)).noise["score"].iloc[0]
    distance = 10 * score / (1 - score)
    low, high = NoiseConfig(background=0.99 * distance), NoiseConfig(background=1.01 * distance)
    assert annotate_noise(studio.manifest(), studio.root, low).noise["noisy"].iloc[0]
    assert not annotate_noise(studio.manifest(), studio.root, high).noise["noisy"].iloc[0]
    assert distance == pytest.approx(100 - 80.6, abs=0.3)  # L* of grey 200 is 80.6, of white 100
