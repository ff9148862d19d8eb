"""The MPV reader takes a rendered set whole, whatever lies beside MPV's own files."""

from pathlib import Path

import numpy as np
import pytest

from spg_vton.keypoints import read_openpose
from spg_vton.labels import Label
from spg_vton.render.config import RenderConfig
from spg_vton.render.dataset import render_set
from spg_vton.render.summary import RenderSummary
from spg_vton.sources.ingest import ingest
from spg_vton.sources.mpv import MpvSource
from spg_vton.sources.reading import Reader

CONFIG = RenderConfig(
    persons=5, photos_per_person={2: 0.5, 3: 0.5}, test_share=0.3, seed=4, supersampling=1, noise_rate=0.5
)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> tuple[Path, RenderSummary]:
    folder = tmp_path_factory.mktemp("rendered") / "set"
    return folder, render_set(CONFIG, folder)


def test_everything_listed_is_ingested(rendered):
    folder, summary = rendered
    result = ingest(MpvSource(), folder)
    manifest, report = result.manifest, result.report
    assert report["rejected_by_reason"] == {} and report["rows"]["dropped"] == {}
    assert report["triples"] == {
        "train_paired": summary.triples["train"], "test_paired": summary.triples["test"],
        "test_unpaired": summary.unpaired,
    }  # fmt: skip
    people = summary.photos + summary.truths
    assert len(manifest.images) == people + summary.clothes
    assert len(manifest.parses) == people and len(manifest.masked_cloths()) == summary.clothes
    assert len(manifest.unpaired_truth) == summary.unpaired


def test_the_reader_gives_back_what_was_rendered(rendered):
    folder, _ = rendered
    manifest = ingest(MpvSource(), folder).manifest
    reader, row = Reader(manifest, folder), manifest.triples.iloc[0]
    person, cloth = reader.person(row.source_id), reader.cloth(row.cloth_id)
    assert person.photo.shape == (256, 192, 3) and (person.labels == Label.UPPER_CLOTHES).sum() > 1000
    written = read_openpose(folder / "all_person_clothes_keypoints" / f"{row.source_id}_keypoints.json")
    assert np.allclose(reader.poses[row.source_id], written)
    assert cloth.mask.mean() > 0.1
