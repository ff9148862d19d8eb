"""Try-on over the triples of a store: pictures in, pictures out, target photos not needed."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from spg_vton.errors import DataError
from spg_vton.models.inputs import prepare, to_bytes
from spg_vton.models.spg_vton import SpgVton
from spg_vton.progress import progress_bar
from spg_vton.report.contact_sheet import Section, contact_sheet
from spg_vton.store.dataset import Store

_SHEET_ROWS = 8


def require_size(model: SpgVton, store: Store) -> None:
    """Raise DataError unless the store's pictures have the model's size."""
    if (store.height, store.width) != model.config.size:
        raise DataError(
            f"The model was trained on {model.config.height}×{model.config.width} pictures, the store holds "
            f"{store.height}×{store.width}. Pack at the model's size (parameter `packing`), or train at the store's."
        )


@torch.no_grad()
def try_on_all(model: SpgVton, store: Store, folder: Path, batch_size: int = 16) -> list[Path]:
    """Write one PNG a test triple and a sheet of the first ones with the steps between.

    Returns:
        The pictures written, the sheet last.
    """
    require_size(model, store)
    rows = store.select(split="test")
    if not len(rows):
        raise DataError("The store holds no test triple to try on. Mark rows as `test` in the list.")
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with progress_bar("try on", len(rows)) as progress:
        for start in range(0, len(rows), batch_size):
            part = rows[start : start + batch_size]
            written += _write(model, store, part, folder)
            progress.advance(len(part))
    sheet = folder / "contact_sheet.png"
    contact_sheet(model, store, [Section("the first test triples", rows[:_SHEET_ROWS].tolist())]).save(sheet)
    return [*written, sheet]


def _write(model: SpgVton, store: Store, rows: np.ndarray, folder: Path) -> list[Path]:
    # triples with and without a target photo may lie in one batch: the truth is not looked at
    batch = store.batch(rows)
    inputs, _ = prepare(batch)
    images = to_bytes(model(inputs).try_on.image).permute(0, 2, 3, 1).numpy()
    paths = [folder / f"{name.replace('/', '_').replace('|', '__')}.png" for name in batch.triple_ids]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(image).save(path)
    return paths
