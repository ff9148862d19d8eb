"""One harness for every method: the same triples, the same 8-bit images, a score a sample."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from spg_vton.errors import DataError
from spg_vton.metrics.comparison import INTERVAL_PROTOCOL, paired_difference
from spg_vton.metrics.image import L1_PROTOCOL, SSIM_PROTOCOL, l1_distance, ssim
from spg_vton.metrics.lpips import LpipsAlex
from spg_vton.metrics.segmentation import MASK_PROTOCOL, PARSING_PROTOCOL, confusion, mask_iou, mean_iou
from spg_vton.models.inputs import Truth, prepare, to_bytes, to_unit
from spg_vton.models.prediction import Method, Prediction
from spg_vton.progress import progress_bar
from spg_vton.sources.mpv_layouts import product
from spg_vton.store.dataset import Store

logger = logging.getLogger(__name__)

Record = dict[str, Any]
PAIRINGS = {"paired": True, "unpaired": False}


@dataclass(frozen=True)
class Evaluation:
    """What the harness found."""

    records: list[Record]
    """Flat: method, metric, value, split, pairing, n, protocol."""
    samples: pd.DataFrame
    """A row a method, metric and triple, with the person it shows."""
    confusions: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    """Of predicted maps, by method and pairing."""


class Harness:
    """Judges methods on the test split of a store.

    Args:
        store: packed triples; unpaired ones count where they have a true photo.
        lpips_upsample: enlargement before LPIPS; AlexNet needs some 100 pixels.
        batch_size: triples a pass.
        split: which triples.
    """

    def __init__(self, store: Store, lpips_upsample: int = 1, batch_size: int = 16, split: str = "test") -> None:
        self.store, self.batch_size, self.split = store, batch_size, split
        self.lpips = LpipsAlex(upsample=lpips_upsample)
        size = f"{store.height}×{store.width}"
        self.protocols = {
            "l1": f"{L1_PROTOCOL}, {size}",
            "ssim": f"{SSIM_PROTOCOL}, {size}",
            "lpips": f"LPIPS 0.1 AlexNet (weights sha256 {self.lpips.weights_sha256[:12]}), 8-bit images, "
            f"{size} enlarged {lpips_upsample}× (bilinear)",
            "parsing_miou": f"{PARSING_PROTOCOL}, {size}",
            "warped_mask_iou": f"{MASK_PROTOCOL}, {size}",
        }

    def rows(self, pairing: str) -> np.ndarray:
        """The triples that are judged."""
        return self.store.select(split=self.split, paired=PAIRINGS[pairing], truth=True)  # type: ignore[arg-type]

    def run(self, methods: Mapping[str, Method]) -> Evaluation:
        """Every metric of every method, paired and unpaired.

        Raises:
            DataError: the split holds no triple with a true photo.
        """
        rows = {pairing: self.rows(pairing) for pairing in PAIRINGS}
        if not any(map(len, rows.values())):
            raise DataError(
                f"The store holds no {self.split} triple with a target photo to compare with; the ingestion report "
                "says what was left out. Without truth only `try_on` can run."
            )
        collected: list[pd.DataFrame] = []
        confusions: dict[tuple[str, str], np.ndarray] = {}
        total = sum(map(len, rows.values()))
        with torch.no_grad(), progress_bar("evaluate", total) as progress:
            for pairing, chosen in rows.items():
                for start in range(0, len(chosen), self.batch_size):
                    part = chosen[start : start + self.batch_size]
                    collected += self._judge(methods, part, pairing, confusions)
                    progress.advance(len(part))
        samples = pd.concat(collected, ignore_index=True)
        return Evaluation(self._records(samples, confusions, rows), samples, confusions)

    def _judge(
        self,
        methods: Mapping[str, Method],
        rows: np.ndarray,
        pairing: str,
        confusions: dict[tuple[str, str], np.ndarray],
    ) -> list[pd.DataFrame]:
        batch = self.store.batch(rows)
        inputs, truth = prepare(batch)
        assert truth is not None
        persons = [product(name.partition("|")[0]) for name in batch.triple_ids]
        frames = []
        for name, method in methods.items():
            prediction = method(inputs)
            for metric, values in self._scores(prediction, truth).items():
                scores = pd.DataFrame({"triple_id": batch.triple_ids, "person": persons, "value": values.numpy()})
                frames.append(scores.assign(method=name, metric=metric, pairing=pairing))
            if prediction.labels is not None:
                found = confusion(prediction.labels, truth.labels)
                confusions[name, pairing] = confusions.get((name, pairing), 0) + found
        return frames

    def _scores(self, prediction: Prediction, truth: Truth) -> dict[str, Tensor]:
        image = to_unit(to_bytes(prediction.image))
        scores = {
            "l1": l1_distance(image, truth.image),
            "ssim": ssim(image, truth.image),
            "lpips": self.lpips(image, truth.image),
        }
        if prediction.garment_mask is not None:
            scores["warped_mask_iou"] = mask_iou(prediction.garment_mask, truth.clothes_mask)
        return scores

    def _records(
        self,
        samples: pd.DataFrame,
        confusions: dict[tuple[str, str], np.ndarray],
        rows: Mapping[str, np.ndarray],
    ) -> list[Record]:
        means = samples.groupby(["method", "metric", "pairing"], sort=False)["value"].agg(["mean", "count"])
        values = [(*key, mean, count) for key, mean, count in zip(means.index, means["mean"], means["count"])]  # noqa: B905
        values += [
            (method, "parsing_miou", pairing, mean_iou(matrix), len(rows[pairing]))
            for (method, pairing), matrix in confusions.items()
        ]
        return [
            {
                "method": method, "metric": metric, "value": round(float(value), 6), "split": self.split,
                "pairing": pairing, "n": int(count), "protocol": self.protocols[metric],
            }
            for method, metric, pairing, value, count in values
        ]  # fmt: skip


def compare(evaluation: Evaluation, method: str) -> list[Record]:
    """``method`` minus every other, by metric and pairing, with intervals."""
    samples = evaluation.samples
    found = []
    for (metric, pairing), group in samples.groupby(["metric", "pairing"], sort=False):
        wide = group.pivot_table(index=["person", "triple_id"], columns="method", values="value")
        if method not in wide:
            continue
        for other in wide.columns.drop(method):
            both = wide[[method, other]].dropna()
            people = both.index.get_level_values("person").to_numpy()
            if len(set(people)) < 2:
                logger.warning("%s, %s: one person only, so no interval is given.", metric, pairing)
                continue
            difference = paired_difference(both[method].to_numpy(), both[other].to_numpy(), people)
            found.append(
                {
                    "metric": metric, "pairing": pairing, "method": method, "other": other,
                    "difference": round(difference.value, 6), "low": round(difference.low, 6),
                    "high": round(difference.high, 6), "n": len(both), "persons": len(set(people)),
                    "protocol": INTERVAL_PROTOCOL,
                }
            )  # fmt: skip
    return found


def nested(records: list[Record]) -> dict[str, Any]:
    """pairing → method → metric → value, as DVC and MLflow read it."""
    tree: dict[str, Any] = {}
    for record in records:
        tree.setdefault(record["pairing"], {}).setdefault(record["method"], {})[record["metric"]] = record["value"]
    return tree
