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
from spg_vton.noise_kinds import NoiseKind
from spg_vton.sources.manifest import Manifest, check_table
from spg_vton.sources.parallel import map_all
from spg_vton.sources.reading import Reader

#: Named in section IV-A and invisible to label maps.
NOT_SEEN = (NoiseKind.BAG, NoiseKind.NECKLACE)

BY = "rules"


@dataclass(frozen=True)
class NoiseResult:
    """The noise table (a row a triple) and its report."""

    noise: pd.DataFrame
    report: dict[str, Any]


def annotate_noise(manifest: Manifest, root: Path, config: NoiseConfig, workers: int = 1) -> NoiseResult:
    """Judge every paired triple whose person photos have label maps and whose garment has a mask; others get score 0.

    Raises:
        DataError: a picture that was found whole at ingestion cannot be read now.
    """
    triples = manifest.triples
    parsed = set(manifest.parses["image_id"])
    labelled = triples["source_id"].isin(parsed) & triples["target_id"].isin(parsed)
    masked = triples["cloth_id"].isin(manifest.masked_cloths())
    judged = triples["paired"] & labelled & masked
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
    not_judged = {
        "unpaired": int((~triples["paired"]).sum()),
        "no_label_map": int((triples["paired"] & ~labelled).sum()),
        "no_garment_mask": int((triples["paired"] & labelled & ~masked).sum()),
    }
    return NoiseResult(check_table("noise", noise), _report(triples, judged.to_numpy(), not_judged, noisy))


def _judge(
    manifest: Manifest, triples: pd.DataFrame, root: Path, config: NoiseConfig, workers: int
) -> Float[np.ndarray, "n K"]:
    """Measure each photo once, then compare all triples at once."""
    persons = sorted({*triples["source_id"], *triples["target_id"]})
    cloths = sorted(set(triples["cloth_id"]))
    reader = Reader(manifest, root)

    def measure_person(name: str) -> PersonFeatures:
        person = reader.person(name)
        return person_features(person.photo, person.labels, reader.poses.get(name), config.min_pixels)

    def measure_cloth(name: str) -> Float[np.ndarray, "6"]:
        cloth = reader.cloth(name)
        return cloth_features(cloth.photo, cloth.mask, config.min_pixels)

    features = stack(map_all(measure_person, persons, workers, "measuring persons"))
    colours = np.stack(map_all(measure_cloth, cloths, workers, "measuring garments"))
    person_rows = {name: row for row, name in enumerate(persons)}
    cloth_rows = {name: row for row, name in enumerate(cloths)}
    source = _take(features, triples["source_id"].map(person_rows).to_numpy())
    target = _take(features, triples["target_id"].map(person_rows).to_numpy())
    return compare(source, target, colours[triples["cloth_id"].map(cloth_rows).to_numpy()], config)


def _take(features: PersonFeatures, rows: np.ndarray) -> PersonFeatures:
    return PersonFeatures(**{name: values[rows] for name, values in vars(features).items()})


def _report(triples: pd.DataFrame, judged: np.ndarray, not_judged: dict[str, int], noisy: np.ndarray) -> dict[str, Any]:
    marked = np.asarray(noisy.any(axis=1))
    splits = {split: triples["split"].to_numpy() == split for split in ("train", "test")}
    return {
        "by": BY,
        "triples": len(triples),
        "judged": int(judged.sum()),
        "not_judged": not_judged,
        "noisy": int(marked.sum()),
        "share": float(marked[judged].mean()) if judged.any() else 0.0,
        "noisy_by_split": {split: int((marked & rows).sum()) for split, rows in splits.items()},
        "by_kind": {kind: int(count) for kind, count in zip(KINDS, noisy.sum(axis=0), strict=True)},
        "not_seen": list(NOT_SEEN),
    }
