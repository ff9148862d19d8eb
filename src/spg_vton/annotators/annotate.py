"""Annotation of a manifest's photos: missing poses extracted, a sample of given ones checked, missing masks made."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from spg_vton.annotators.garment_mask import make_masks
from spg_vton.keypoints import NUM_KEYPOINTS


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class AnnotationConfig:
    """What is extracted beyond what is missing."""

    sample: int = Field(default=60, ge=0)
    """Photos with a given pose whose pose is extracted all the same, to measure the extractor."""
    seed: int = Field(default=0, ge=0)
    """Of the sample."""


@dataclasses.dataclass(frozen=True)
class AnnotationResult:
    """What completes the manifest, and the report."""

    keypoints: pd.DataFrame  # given and extracted
    made_masks: pd.DataFrame
    report: dict[str, Any]


def annotate(
    root: Path,
    images: pd.DataFrame,
    given: pd.DataFrame,
    parses: pd.DataFrame,
    cloth_masks: pd.DataFrame,
    config: AnnotationConfig,
    workers: int,
) -> AnnotationResult:
    """Complete the keypoints table and make the masks that the source lacks.

    Args:
        root: the data root that ``images.path`` is relative to.
        images: the manifest's photos.
        given: keypoints that came with the source.
        parses: label maps that came with the source.
        cloth_masks: garment masks that came with the source.
        config: the sample.
        workers: processes that extract poses, threads that make masks.
    """
    cloths = images[images["kind"] == "cloth"]
    masks = make_masks(root, cloths[~cloths["image_id"].isin(set(cloth_masks["image_id"]))], workers)
    persons = images[images["kind"] == "person"]
    paths = {name: root / path for name, path in zip(persons["image_id"], persons["path"], strict=True)}
    known = {name: np.asarray(pose, np.float32).reshape(NUM_KEYPOINTS, 3) for name, pose in
             zip(given["image_id"], given["keypoints"], strict=True)}  # fmt: skip
    missing = [name for name in paths if name not in known]
    checked = _sample([name for name in paths if name in known], config)
    found = _extract([paths[name] for name in missing + checked], workers)
    extracted = dict(zip(missing, found, strict=False))
    rows = [
        {"image_id": name, "keypoints": result.pose.reshape(-1).astype(float).tolist()}
        for name, result in extracted.items()
        if result.persons
    ]
    report = {
        "photos": len(paths),
        "poses": {"given": len(given), "extracted": len(rows), "nobody_found": len(missing) - len(rows)},
        "label_maps": {"given": len(parses), "missing": len(set(paths) - set(parses["image_id"]))},
        "garment_masks": {"given": len(cloth_masks), "made": len(masks.masks), "not_made": len(masks.rejected)},
        "rejected": [dataclasses.asdict(entry) for entry in masks.rejected],
        **_doubtful({paths[name].relative_to(root).as_posix(): result for name, result in extracted.items()}),
        "check": _check(checked, found[len(missing) :], known),
    }
    report["sentence"] = _sentence(report)
    keypoints = pd.concat([given, pd.DataFrame(rows, columns=given.columns)], ignore_index=True)
    return AnnotationResult(keypoints, masks.masks, report)


def _doubtful(extracted: dict[str, Any]) -> dict[str, list[Any]]:
    """Photos, by file, in which nobody was found, and those with several persons."""
    nobody = "no person was found in the photo"
    return {
        "nobody_found": [
            {"file": file, "detail": result.problem or nobody}
            for file, result in extracted.items()
            if not result.persons
        ],
        "several_persons": [file for file, result in extracted.items() if result.persons > 1],
    }


def _sample(names: list[str], config: AnnotationConfig) -> list[str]:
    chosen = np.random.default_rng(config.seed).permutation(len(names))[: config.sample]
    return [names[index] for index in sorted(chosen)]


def _extract(paths: list[Path], workers: int) -> list[Any]:
    if not paths:
        return []
    from spg_vton.annotators.pose import PoseExtractor

    return PoseExtractor().extract_many(paths, workers)


def _check(names: list[str], results: list[Any], known: dict[str, np.ndarray]) -> dict[str, Any]:
    """The extractor against the given poses, keypoints of all photos pooled."""
    from spg_vton.annotators.pose_errors import pose_errors

    found = [(result.pose, known[name]) for name, result in zip(names, results, strict=True)]
    if not found:
        return {"photos": 0}
    predicted, truth = (np.stack(poses) for poses in zip(*found, strict=True))
    return {"photos": len(found), **dataclasses.asdict(pose_errors(predicted, truth))}


def _sentence(report: dict[str, Any]) -> str:
    poses, check = report["poses"], report["check"]
    text = f"{poses['given']} poses came with the source, {poses['extracted']} were extracted."
    if not check["photos"]:
        return text + " None was checked by extraction."
    return text + (
        f" On a sample of {check['photos']} photos with a given pose the extractor was run as well: median error "
        f"{check['median_px']:.1f} px of the photo, PCK@0.1 (of the neck–hip length) {check['pck_01']:.2f}, "
        f"{check['missed']} of {check['true']} keypoints missed."
    )
