"""Metrics of every method on the test split, and the pages that show them."""

import logging
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

from spg_vton.config import EvaluationConfig
from spg_vton.models.model_file import ModelFile

logger = logging.getLogger("spg_vton.evaluation")

Records = list[dict[str, Any]]


def evaluate_methods(
    store_folder: Path, model: ModelFile, config: EvaluationConfig
) -> tuple[Records, dict[str, Any], Records]:
    """Flat records, the same nested, and the differences from the trivial methods."""
    from spg_vton.metrics.harness import Harness, compare, nested
    from spg_vton.models.baselines.trivial import copy_source, mean_image, paste_unwarped, training_mean
    from spg_vton.models.loading import load_generators
    from spg_vton.models.prediction import spg_vton_method
    from spg_vton.store.dataset import Store
    from spg_vton.try_on import require_size

    store = Store.open(store_folder)
    network = load_generators(model.weights, model.metadata)
    require_size(network, store)
    if model.metadata.get("data_sha256") != store.sha256:
        logger.warning("The model was trained on another data set than the store's, on whose test split it is judged.")
    methods = {
        "spg_vton": spg_vton_method(network),
        "copy_source": copy_source,
        "paste_unwarped": paste_unwarped,
        "mean_image": mean_image(training_mean(store)),
    }
    evaluation = Harness(store, config.lpips_upsample, config.batch_size).run(methods)
    return evaluation.records, nested(evaluation.records), compare(evaluation, "spg_vton")


def make_report(
    store_folder: Path,
    model: ModelFile,
    records: Records,
    comparisons: Records,
    semantic_curve: pd.DataFrame,
    synthesis_curve: pd.DataFrame,
    joint_curve: pd.DataFrame,
    ingestion: dict[str, Any],
    annotation: dict[str, Any],
    noise: dict[str, Any],
    config: EvaluationConfig,
) -> tuple[Image.Image, str]:
    """The contact sheet and the HTML report."""
    from spg_vton.models.loading import load_generators
    from spg_vton.report.contact_sheet import PAIRING_TITLES, Section, contact_sheet, evenly_spaced
    from spg_vton.report.html import ReportInputs, render_report
    from spg_vton.store.dataset import Store

    store = Store.open(store_folder)
    rows = {title: store.select(split="test", paired=paired, truth=True) for paired, title in PAIRING_TITLES.items()}
    sections = [Section(title, evenly_spaced(chosen, config.sheet_rows)) for title, chosen in rows.items()]
    sheet = contact_sheet(load_generators(model.weights, model.metadata), store, sections)
    curves = {"semantic": semantic_curve, "synthesis": synthesis_curve, "joint": joint_curve}
    provenance = {"store_sha256": store.sha256, **model.metadata}
    inputs = ReportInputs(records, comparisons, sheet, curves, ingestion, annotation, noise, provenance)
    return sheet, render_report(inputs)
