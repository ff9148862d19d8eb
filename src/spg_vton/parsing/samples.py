"""What the parser learns from: photos with given label maps and keypoints, fitted to one size, split by product."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float, UInt8
from joblib import Parallel, delayed

from spg_vton.errors import DataError
from spg_vton.keypoints import NUM_KEYPOINTS
from spg_vton.progress import progress_bar
from spg_vton.sources.fit import Fit
from spg_vton.sources.pictures import read_labels, read_photo


@dataclass(frozen=True)
class Samples:
    """Photos, label maps and poses of one split, in memory (a photo takes 110 kB)."""

    images: UInt8[np.ndarray, "N H W 3"]
    labels: UInt8[np.ndarray, "N H W"]
    poses: Float[np.ndarray, "N 18 3"]

    def __len__(self) -> int:
        return len(self.images)


def read_samples(
    root: Path,
    images: pd.DataFrame,
    keypoints: pd.DataFrame,
    parses: pd.DataFrame,
    triples: pd.DataFrame,
    split: str,
    size: tuple[int, int],
    workers: int = 1,
) -> Samples:
    """Read every person photo of ``split`` that has a label map and keypoints.

    Args:
        root: the data root.
        images: the manifest's photos.
        keypoints: the manifest's poses.
        parses: the manifest's label maps.
        triples: the manifest's triples, which say what a photo's split is.
        split: train or test.
        size: (H, W) that all are fitted into.
        workers: threads that decode.

    Raises:
        DataError: no such photo.
    """
    of_split = triples[triples["split"] == split]
    wanted = set(of_split["source_id"]) | set(of_split["target_id"].dropna())
    table = images.merge(parses, on="image_id", suffixes=("", "_parse")).merge(keypoints, on="image_id")
    table = table[table["image_id"].isin(wanted)].sort_values("image_id")
    if table.empty:
        raise DataError(
            f"Expected {split} photos with label maps and keypoints to train the parser, found none. "
            "Ingest a set that has label maps, such as the rendered one."
        )

    def read(row: tuple[str, str, str, object]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        path, parse, label_set, pose = row
        photo = read_photo(root / path)
        fit = Fit.of(photo.shape[:2], size)
        points = np.asarray(pose, np.float32).reshape(NUM_KEYPOINTS, 3)
        return fit.photo(photo), fit.labels(read_labels(root / parse, label_set)), fit.pose(points)

    rows = list(table[["path", "path_parse", "label_set", "keypoints"]].itertuples(index=False, name=None))
    found = []
    with progress_bar(f"reading {split} photos", len(rows)) as progress:
        for sample in Parallel(n_jobs=workers, prefer="threads", return_as="generator")(
            delayed(read)(row) for row in rows
        ):
            found.append(sample)
            progress.advance()
    photos, labels, poses = (np.stack(parts) for parts in zip(*found, strict=True))
    return Samples(photos, labels, poses)
