"""The store's files, columns and version: what ``pack`` writes and ``dataset`` reads.

A folder with four Arrow IPC files and ``store.json``. An image is stored once; a triple is a row of indices:

- ``persons.arrow``: image_id, image (H, W, 3) uint8, labels (H, W) uint8
- ``cloths.arrow``: image_id, image (H, W, 3) uint8, mask (H, W) uint8, 0 or 1
- ``poses.arrow``: image_id, keypoints (18, 3) float32, pixels of the stored size
- ``triples.arrow``: triple_id; row numbers source (persons), target (persons; −1: no truth), source_pose and pose
  (poses), cloth (cloths); split, paired, noisy, noise_score

Every record batch but a file's last holds ``batch_rows`` rows, so row r lies in batch r // batch_rows.
"""

import hashlib
from pathlib import Path

import pyarrow as pa

from spg_vton.keypoints import NUM_KEYPOINTS

FORMAT = 1
META = "store.json"
TABLES = ("persons", "cloths", "poses", "triples")

_CHUNK = 1 << 22


def schemas(height: int, width: int) -> dict[str, pa.Schema]:
    """Return each table's Arrow schema for photos of ``height`` × ``width`` pixels."""
    image = pa.fixed_shape_tensor(pa.uint8(), (height, width, 3))
    plane = pa.fixed_shape_tensor(pa.uint8(), (height, width))
    pose = pa.fixed_shape_tensor(pa.float32(), (NUM_KEYPOINTS, 3))
    key = ("image_id", pa.string())
    indices = [(name, pa.int32()) for name in ("source", "target", "source_pose", "pose", "cloth")]
    marks = [("split", pa.string()), ("paired", pa.bool_()), ("noisy", pa.bool_()), ("noise_score", pa.float32())]
    return {
        "persons": pa.schema([key, ("image", image), ("labels", plane)]),
        "cloths": pa.schema([key, ("image", image), ("mask", plane)]),
        "poses": pa.schema([key, ("keypoints", pose)]),
        "triples": pa.schema([("triple_id", pa.string()), *indices, *marks]),
    }


def digest(folder: Path) -> str:
    """Return one SHA-256 over the four tables' bytes, in the order of ``TABLES``."""
    total = hashlib.sha256()
    for table in TABLES:
        with (folder / f"{table}.arrow").open("rb") as file:
            while block := file.read(_CHUNK):
                total.update(block)
    return total.hexdigest()
