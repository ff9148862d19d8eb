"""Packing: manifest + annotations → the store, photos decoded, fitted and written once.

Work goes record batch by record batch, so memory stays flat however large the set is; everything is written into a
folder beside the final one and renamed when it is whole.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from spg_vton.errors import DataError
from spg_vton.sources.manifest import Manifest
from spg_vton.sources.parallel import map_chunks
from spg_vton.store.index import Index, build_index
from spg_vton.store.rows import RowReader, StoredRow
from spg_vton.store.schema import FORMAT, META, TABLES, digest, schemas


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class PackConfig:
    """The store's shape."""

    height: int = Field(default=256, ge=16)  # of every stored picture, pixels
    width: int = Field(default=192, ge=16)
    batch_rows: int = Field(default=64, ge=1)  # rows a record batch: what is held in memory while packing


def pack(
    manifest: Manifest, noise: pd.DataFrame, root: Path, folder: Path, config: PackConfig, workers: int = 1
) -> dict[str, Any]:
    """Write the store into ``folder`` (an older one there is replaced) and return ``store.json``'s content.

    Args:
        manifest: the tables; paths in them are relative to ``root``.
        noise: the noise table; a triple that is not in it counts as clean.
        root: the data root.
        folder: where the store goes.
        config: its size.
        workers: threads that decode and resize.

    Raises:
        DataError: no triple is complete, or a picture that was found whole before cannot be read now.
    """
    index = build_index(manifest, noise)
    if index.triples.empty:
        raise DataError(
            f"Nothing to pack: none of {len(manifest.triples)} triples is complete, left out {index.left_out}. "
            "Annotate the photos first (`kedro run --pipelines annotation`)."
        )
    staging = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    reader = RowReader(manifest, root, (config.height, config.width))
    write = partial(_write, staging, config, workers)
    write("persons", index.persons, reader.person)
    write("cloths", index.cloths, reader.cloth)
    write("poses", index.poses, reader.pose)
    write("triples", index.triples.to_dict("records"), _same)
    meta = _meta(staging, index, config)
    (staging / META).write_text(json.dumps(meta, indent=2) + "\n")
    _move_into_place(staging, folder)
    return meta


def _write(
    folder: Path, config: PackConfig, workers: int, table: str, items: list[Any], make: Callable[[Any], StoredRow]
) -> None:
    schema = schemas(config.height, config.width)[table]
    chunks = map_chunks(make, items, workers, config.batch_rows, f"packing {table}")
    with pa.OSFile(str(folder / f"{table}.arrow"), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for rows in chunks:
            writer.write_batch(_record_batch(schema, rows))


def _record_batch(schema: pa.Schema, rows: Iterable[StoredRow]) -> pa.RecordBatch:
    arrays = []
    for field in schema:
        values = [row[field.name] for row in rows]
        if isinstance(field.type, pa.FixedShapeTensorType):
            stacked = np.ascontiguousarray(np.stack(values))
            arrays.append(pa.FixedShapeTensorArray.from_numpy_ndarray(stacked))
        else:
            arrays.append(pa.array(values, field.type))
    return pa.record_batch(arrays, schema=schema)


def _meta(folder: Path, index: Index, config: PackConfig) -> dict[str, Any]:
    triples = index.triples
    return {
        "format": FORMAT,
        "height": config.height,
        "width": config.width,
        "batch_rows": config.batch_rows,
        "counts": {
            "persons": len(index.persons),
            "cloths": len(index.cloths),
            "poses": len(index.poses),
            "triples": len(triples),
            "noisy": int(triples["noisy"].sum()),
            "without_target": int((triples["target"] < 0).sum()),
        },
        "left_out": index.left_out,
        "bytes": {table: (folder / f"{table}.arrow").stat().st_size for table in TABLES},
        "sha256": digest(folder),
    }


def _move_into_place(staging: Path, folder: Path) -> None:
    older = folder.with_name(f".{folder.name}.older")
    shutil.rmtree(older, ignore_errors=True)
    if folder.exists():
        folder.rename(older)
    staging.rename(folder)
    shutil.rmtree(older, ignore_errors=True)


def _same(row: StoredRow) -> StoredRow:
    return row
