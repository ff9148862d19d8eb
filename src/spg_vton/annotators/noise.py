"""Section IV-A's noise: which training triples show what no network could infer from the source photo.

A triple is noisy if one person photo has an attribute the other lacks (hat, glasses, scarf, gloves, coat, other upper
clothes, another background), or if the given clothes differ from those worn. The paper marked them by hand; this
looks at photos, label maps and keypoints only. Bags and necklaces have no label and are not seen.

The score is the strongest kind's evidence (see `noise_rules`); 0.5 and more is noisy. Unpaired triples ask for other
clothes and have no noise: score 0.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from spg_vton.annotators.noise_features import PersonFeatures, cloth_features, person_features, stack
from spg_vton.annotators.noise_rules import KINDS, NoiseConfig, compare
from spg_vton.sources.manifest import Manifest, check_table
from spg_vton.sources.parallel import map_all
from spg_vton.sources.pictures import read_labels, read_mask, read_photo

#: Named in section IV-A and invisible to label maps.
NOT_SEEN = ("bag", "necklace")

BY = "rules"


@dataclass(frozen=True)
class NoiseResult:
    """The noise table (a row a triple) and its report."""

    noise: pd.DataFrame
    report: dict[str, Any]


def annotate_noise(manifest: Manifest, root: Path, config: NoiseConfig, workers: int = 1) -> NoiseResult:
    """Judge every paired triple whose two person photos have label maps; the others get score 0.

    Raises:
        DataError: a picture that was found whole at ingestion cannot be read now.
    """
    triples = manifest.triples
    parsed = set(manifest.parses["image_id"])
    judged = triples["paired"] & triples["source_id"].isin(parsed) & triples["target_id"].isin(parsed)
    evidence = np.zeros((len(triples), len(KINDS)))
    if judged.any():
        evidence[judged.to_numpy()] = _judge(manifest, triples[judged], root, config, workers)
    noisy = evidence >= 0.5
    noise = pd.DataFrame(
        {
            "triple_id": triples["triple_id"],
            "noisy": noisy.any(axis=1),
            "kinds": [";".join(np.array(KINDS)[row]) for row in noisy],
            "score": evidence.max(axis=1, initial=0.0),
            "by": BY,
        }
    )
    return NoiseResult(check_table("noise", noise), _report(triples, judged.to_numpy(), noisy))


def _judge(
    manifest: Manifest, triples: pd.DataFrame, root: Path, config: NoiseConfig, workers: int
) -> Float[np.ndarray, "n K"]:
    """Measure each photo once, then compare all triples at once."""
    persons = sorted({*triples["source_id"], *triples["target_id"]})
    cloths = sorted(set(triples["cloth_id"]))
    read_person, read_cloth = _readers(manifest, root, config.min_pixels)
    features = stack(map_all(read_person, persons, workers, "measuring persons"))
    colours = np.stack(map_all(read_cloth, cloths, workers, "measuring garments"))
    person_rows = {name: row for row, name in enumerate(persons)}
    cloth_rows = {name: row for row, name in enumerate(cloths)}
    source = _take(features, triples["source_id"].map(person_rows).to_numpy())
    target = _take(features, triples["target_id"].map(person_rows).to_numpy())
    return compare(source, target, colours[triples["cloth_id"].map(cloth_rows).to_numpy()], config)


def _take(features: PersonFeatures, rows: np.ndarray) -> PersonFeatures:
    return PersonFeatures(**{name: values[rows] for name, values in vars(features).items()})


def _readers(manifest: Manifest, root: Path, min_pixels: int) -> tuple[Any, Any]:
    paths, parses, masks = (
        dict(zip(table["image_id"], table["path"], strict=True))
        for table in (manifest.images, manifest.parses, manifest.cloth_masks)
    )
    label_sets = dict(zip(manifest.parses["image_id"], manifest.parses["label_set"], strict=True))
    poses = manifest.poses()

    def person(name: str) -> PersonFeatures:
        labels = read_labels(root / parses[name], label_sets[name])
        return person_features(read_photo(root / paths[name]), labels, poses.get(name), min_pixels)

    def cloth(name: str) -> Float[np.ndarray, "6"]:
        photo = read_photo(root / paths[name])
        return cloth_features(photo, read_mask(root / masks[name]) if name in masks else _mask(photo), min_pixels)

    return person, cloth


def _mask(photo: np.ndarray) -> np.ndarray:
    from spg_vton.annotators.garment_mask import garment_mask

    return garment_mask(photo)


def _report(triples: pd.DataFrame, judged: np.ndarray, noisy: np.ndarray) -> dict[str, Any]:
    unpaired = ~np.asarray(triples["paired"], bool)
    marked = np.asarray(noisy.any(axis=1))
    splits = {split: triples["split"].to_numpy() == split for split in ("train", "test")}
    return {
        "by": BY,
        "triples": len(triples),
        "judged": int(judged.sum()),
        "not_judged": {"unpaired": int(unpaired.sum()), "no_label_map": int((~judged & ~unpaired).sum())},
        "noisy": int(marked.sum()),
        "share": float(marked[judged].mean()) if judged.any() else 0.0,
        "noisy_by_split": {split: int((marked & rows).sum()) for split, rows in splits.items()},
        "by_kind": {kind: int(count) for kind, count in zip(KINDS, noisy.sum(axis=0), strict=True)},
        "not_seen": list(NOT_SEEN),
    }
