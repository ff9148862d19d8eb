"""The manifest: the tables that say what a data set holds, the same for every source.

Each table's model states its columns; a table that breaks its model raises before anything is computed from it.
``path`` is POSIX and relative to the data root, which is given beside the manifest.
"""

import dataclasses
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors
from pandera.typing import Series

from spg_vton.errors import DataError
from spg_vton.keypoints import NUM_KEYPOINTS
from spg_vton.labels import LABEL_SETS


class _Table(pa.DataFrameModel):
    class Config:
        strict = True
        coerce = True


class Images(_Table):
    """Photos that were decoded and found whole."""

    image_id: Series[str] = pa.Field(unique=True)
    path: Series[str]
    kind: Series[str] = pa.Field(isin=["person", "cloth"])
    source: Series[str]  # name of the data set
    width: Series[int] = pa.Field(gt=0)  # pixels
    height: Series[int] = pa.Field(gt=0)
    sha256: Series[str] = pa.Field(str_length={"min_value": 64, "max_value": 64})


class Triples(_Table):
    """What is learnt from: a person, the pose to take, the cloth to wear."""

    triple_id: Series[str] = pa.Field(unique=True)  # source|pose|cloth
    source_id: Series[str]
    target_id: Series[str] = pa.Field(nullable=True)  # null: no photo of this person in this pose and this cloth
    target_pose_id: Series[str]  # a row of keypoints
    cloth_id: Series[str]
    split: Series[str] = pa.Field(isin=["train", "test"])
    paired: Series[bool]  # the person photos wear the cloth


class Keypoints(_Table):
    """Poses in pixels of their photo; a pose-only target has a row here and none in images."""

    image_id: Series[str] = pa.Field(unique=True)
    keypoints: Series[object]  # 54 floats: 18 × (x, y, confidence)

    @pa.check("keypoints")
    def _has_54_values(cls, values: Series[object]) -> Series[bool]:  # noqa: N805
        return values.map(len) == 3 * NUM_KEYPOINTS


class Parses(_Table):
    """Label maps and the numbering each is written in."""

    image_id: Series[str] = pa.Field(unique=True)
    path: Series[str]
    label_set: Series[str] = pa.Field(isin=list(LABEL_SETS))


class ClothMasks(_Table):
    """Masks that came with in-shop photos; a cloth may have none."""

    image_id: Series[str] = pa.Field(unique=True)
    path: Series[str]


class MadeMasks(_Table):
    """Masks that annotation made of in-shop photos that came without one."""

    image_id: Series[str] = pa.Field(unique=True)
    png: Series[object]  # the bytes of a one-bit PNG of the photo's size


class Noise(_Table):
    """Section IV-A's noise, a row a triple."""

    triple_id: Series[str] = pa.Field(unique=True)
    noisy: Series[bool]
    kinds: Series[str]  # names joined by ;
    score: Series[float] = pa.Field(in_range={"min_value": 0, "max_value": 1})
    by: Series[str]  # who says so


class UnpairedTruth(_Table):
    """For rendered sets: the photo an unpaired triple should yield."""

    triple_id: Series[str] = pa.Field(unique=True)
    cloth_id: Series[str]
    image_id: Series[str]  # a row of images


_MODELS: dict[str, type[_Table]] = {
    "images": Images,
    "triples": Triples,
    "keypoints": Keypoints,
    "parses": Parses,
    "cloth_masks": ClothMasks,
    "made_masks": MadeMasks,
    "unpaired_truth": UnpairedTruth,
    "noise": Noise,
}


@dataclass(frozen=True)
class Manifest:
    """One data set's tables, checked on construction."""

    images: pd.DataFrame
    triples: pd.DataFrame
    keypoints: pd.DataFrame
    parses: pd.DataFrame
    cloth_masks: pd.DataFrame
    made_masks: pd.DataFrame  # annotation's; empty before it
    unpaired_truth: pd.DataFrame

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, check_table(field.name, getattr(self, field.name)))
        self._check_references()

    @classmethod
    def from_rows(cls, **rows: list[dict[str, object]]) -> Self:
        """Build the tables from lists of row dicts; a table not given is empty."""
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(**{name: table(name, rows.get(name, [])) for name in names})

    def poses(self) -> dict[str, np.ndarray]:
        """Return each pose as (18, 3) float32, by ``image_id``."""
        values = (np.asarray(row, np.float32).reshape(NUM_KEYPOINTS, 3) for row in self.keypoints["keypoints"])
        return dict(zip(self.keypoints["image_id"], values, strict=True))

    def masked_cloths(self) -> set[str]:
        """Return the cloths whose mask is known, given or made."""
        return {*self.cloth_masks["image_id"], *self.made_masks["image_id"]}

    def _check_references(self) -> None:
        images = set(self.images["image_id"])
        triples = self.triples
        wanted = {
            "triples.source_id": triples["source_id"],
            "triples.target_id": triples["target_id"].dropna(),
            "triples.cloth_id": triples["cloth_id"],
            "unpaired_truth.image_id": self.unpaired_truth["image_id"],
        }
        for name, ids in wanted.items():
            _all_in(ids, images, name, "images")
        _all_in(self.unpaired_truth["triple_id"], set(triples["triple_id"]), "unpaired_truth.triple_id", "triples")


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return ``rows`` as a data frame with the columns of the table ``name``, also where there are none."""
    return pd.DataFrame(rows, columns=list(_MODELS[name].to_schema().columns))


def check_table(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Check one table against its model and return it, columns coerced.

    Raises:
        DataError: a column is missing, unknown, of another type or holds a value it must not.
    """
    try:
        return _MODELS[name].validate(frame)
    except (SchemaError, SchemaErrors) as error:
        raise DataError(f"Manifest table `{name}`: {error}. Build the manifest again by `ingest`.") from error


def _all_in(ids: pd.Series, known: set[str], name: str, table_name: str) -> None:
    strange = sorted(set(ids) - known)
    if strange:
        raise DataError(
            f"Manifest: expected every {name} to be a row of {table_name}, got {len(strange)} that are not, "
            f"such as {strange[:3]}. Build the manifest again by `ingest`."
        )
