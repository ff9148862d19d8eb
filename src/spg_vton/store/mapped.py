"""The store's files, mapped into memory: their description, their Arrow readers and zero-copy columns."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int

from spg_vton.errors import DataError
from spg_vton.store.schema import FORMAT, META, TABLES, schemas

REMEDY = "Pack the data again (`kedro run --pipelines packing`); the store is only ever written whole."


class Column:
    """A fixed-shape column as zero-copy (rows, …) views, one a record batch."""

    def __init__(self, reader: pa.RecordBatchFileReader, name: str, rows_per_batch: int) -> None:
        batches = (reader.get_batch(i) for i in range(reader.num_record_batches))
        self.views: list[np.ndarray] = [batch.column(name).to_numpy_ndarray() for batch in batches]
        self.rows_per_batch = rows_per_batch

    def gather(self, rows: Int[np.ndarray, " n"]) -> np.ndarray:
        """Copy the given rows out, (n, …); pictures (H, W, 3) come as (3, H, W)."""
        views = [view.transpose(0, 3, 1, 2) if view.ndim == 4 else view for view in self.views]
        out = np.empty((len(rows), *views[0].shape[1:]), views[0].dtype)
        for position, row in enumerate(rows.tolist()):
            batch, offset = divmod(row, self.rows_per_batch)
            out[position] = views[batch][offset]
        return out


def open_table(folder: Path, table: str) -> pa.RecordBatchFileReader:
    """Map a table's file; nothing but its footer is read.

    Raises:
        DataError: it is not an Arrow IPC file.
    """
    path = folder / f"{table}.arrow"
    try:
        return pa.ipc.open_file(pa.memory_map(str(path)))
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path.name}: expected an Arrow IPC file, got: {error}. {REMEDY}") from error


def read_meta(folder: Path) -> dict[str, Any]:
    """Read ``store.json`` and check that the tables are there and whole, by size and columns.

    Raises:
        DataError: no store there, one of another format version, or one whose files are incomplete.
    """
    path = folder / META
    try:
        meta = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise DataError(f"{folder}: expected a packed store with a {META}, got none. {REMEDY}") from error
    except ValueError as error:
        raise DataError(f"{path}: expected JSON, got: {error}. {REMEDY}") from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        found = meta.get("format") if isinstance(meta, dict) else type(meta).__name__
        raise DataError(f"{path}: expected store format {FORMAT}, got {found}. {REMEDY}")
    missing = {"height", "width", "batch_rows", "counts", "bytes", "sha256"} - meta.keys()
    if missing:
        raise DataError(f"{path}: expected the keys {sorted(missing)}, got none of them. {REMEDY}")
    for table in TABLES:
        _check(folder, table, meta)
    return meta


def _check(folder: Path, table: str, meta: dict[str, Any]) -> None:
    path = folder / f"{table}.arrow"
    expected = meta["bytes"].get(table)
    found = path.stat().st_size if path.is_file() else None
    if found != expected:
        raise DataError(f"{path.name}: expected {expected} bytes, got {found or 'no file'}. {REMEDY}")
    schema = schemas(meta["height"], meta["width"])[table]
    if not open_table(folder, table).schema.equals(schema):
        raise DataError(f"{path.name}: its columns differ from format {FORMAT}'s. {REMEDY}")
