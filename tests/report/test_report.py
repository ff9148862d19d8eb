"""Tables, the README's section, curves, the contact sheet and the page."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from spg_vton.keypoints import Keypoint
from spg_vton.report.contact_sheet import evenly_spaced, pose_picture
from spg_vton.report.html import ReportInputs, _verdict, render_report
from spg_vton.report.readme import BEGIN, END, fill, results_section
from spg_vton.report.tables import best_methods, metric_table

ROOT = Path(__file__).parents[2]


def record(method, metric, value, pairing="paired"):
    return {
        "method": method, "metric": metric, "value": value, "split": "test", "pairing": pairing, "n": 7,
        "protocol": f"how {metric} is made",
    }  # fmt: skip


RECORDS = [
    record("spg_vton", "lpips", 0.2), record("copy_source", "lpips", 0.3), record("spg_vton", "ssim", 0.4),
    record("copy_source", "ssim", 0.6), record("spg_vton", "warped_mask_iou", 0.7),
    record("spg_vton", "lpips", 0.25, "unpaired"),
]  # fmt: skip
COMPARISON = {
    "metric": "lpips", "pairing": "paired", "method": "spg_vton", "other": "copy_source", "difference": -0.1,
    "low": -0.12, "high": -0.08, "n": 7, "persons": 3, "protocol": "bootstrap",
}  # fmt: skip


def test_the_best_is_the_least_distance_and_the_greatest_similarity():
    table = metric_table(RECORDS, "paired")
    assert list(table.index) == ["spg_vton", "copy_source"]
    assert list(table.columns) == ["lpips", "ssim", "warped_mask_iou"]
    assert best_methods(table) == {"lpips": "spg_vton", "ssim": "copy_source", "warped_mask_iou": "spg_vton"}
    assert np.isnan(table.loc["copy_source", "warped_mask_iou"])


def test_the_page_shows_every_number_and_loads_nothing():
    curve = pd.DataFrame({"step": [1, 2], "semantic_focal": [2.0, 1.0], "try_on_l1": [0.3, 0.2]})
    page = render_report(
        ReportInputs(
            RECORDS, [COMPARISON], Image.new("RGB", (40, 30)), dict.fromkeys(("semantic", "synthesis", "joint"), curve),
            {"source": "s", "list": "l", "layout": "a", "rows": {"read": 9, "kept": 8}, "triples": {"test_paired": 8},
             "images": {"person": 4}, "rejected_by_reason": {"absent_file": 3}},
            {"sentence": "the extractor <erred>", "check": {"photos": 2, "median_px": 3.25}}, {"noisy": 5},
            {"git": "abc"},
        )
    )  # fmt: skip
    for text in ("0.200", "0.600", "0.250", "-0.100", "how lpips is made", "absent_file 3", "3.250", "abc"):
        assert text in page
    assert "&lt;erred&gt;" in page  # text is escaped
    assert page.count("src=") == page.count('src="data:')
    assert "<script" not in page and "<link" not in page


@pytest.mark.parametrize(
    "metric, low, high, verdict",
    [
        ("l1", -2, -1, "best"),
        ("l1", 1, 2, "worse"),
        ("ssim", 1, 2, "best"),
        ("ssim", -2, -1, "worse"),
        ("l1", -1, 1, ""),
    ],
)
def test_a_difference_is_better_worse_or_unclear(metric, low, high, verdict):
    assert _verdict({"metric": metric, "difference": (low + high) / 2, "low": low, "high": high}) == verdict


def test_the_readmes_section_is_filled_between_its_marks():
    text = fill(f"a\n{BEGIN}\nold\n{END}\nb", "new")
    assert text == f"a\n{BEGIN}\nnew\n{END}\nb"
    with pytest.raises(ValueError, match="marks"):
        fill("no marks", "new")


def test_the_readme_says_what_the_files_say():
    results = ROOT / "docs" / "results"
    section = results_section(results)
    assert section in (ROOT / "README.md").read_text(), "README and docs/results differ: run `make results`"
    records = json.loads((results / "metrics.json").read_text())
    assert all(f"{r['value']:.3f}" in section for r in records)


@pytest.mark.parametrize("there, wanted, expected", [(11, 3, [0, 5, 10]), (2, 6, [0, 1]), (0, 6, []), (5, 1, [0])])
def test_rows_are_spread_over_the_whole_split(there, wanted, expected):
    assert evenly_spaced(np.arange(there), wanted) == expected


def test_a_stick_figure_leaves_missing_keypoints_out():
    pose = np.zeros((18, 3), np.float32)
    empty = np.asarray(pose_picture(pose, (64, 48), 4))
    pose[Keypoint.NECK] = (24, 20, 1)
    one = np.asarray(pose_picture(pose, (64, 48), 4))
    assert (empty == empty[0, 0]).all()
    rows, columns = np.nonzero((one != empty).any(-1))
    assert abs(rows.mean() - 20.5 * 4) < 1 and abs(columns.mean() - 24.5 * 4) < 1
