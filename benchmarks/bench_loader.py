"""The store's loader against decoding photos and drawing heatmaps: ``python benchmarks/bench_loader.py``.

Both give the same batch: photos in [-1, 1], one-hot maps, 18 discs a pose. Where there is an accelerator the processor
reads the raw batch only, a twentieth of the bytes, and the maps are made there; that part is timed by itself as well.
The photos are made up (smooth colour noise, JPEG at quality 95), in the MPV size. Samples are counted a second on one
core. Memory is what the process alone holds (not the store's mapped pages, which the system may drop and others
share), while as many triples are read from a store as from one with ten times the triples and photos.
"""

import argparse
import hashlib
import multiprocessing
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from measuring import interleaved, report
from PIL import Image, ImageDraw
from torch import Tensor

from spg_vton.models.inputs import prepare
from spg_vton.sources.manifest import Manifest, table
from spg_vton.store.dataset import Store
from spg_vton.store.pack import PackConfig, pack

HEIGHT, WIDTH, RADIUS = 256, 192, 4
TRIPLES, TIMES_MORE, BATCH = 48, 10, 8


def photo(path: Path, generator: np.random.Generator) -> None:
    """A smooth picture of random colours."""
    coarse = Image.fromarray(generator.integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), np.uint8))
    coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).save(path, quality=95)


def plane(path: Path, generator: np.random.Generator, values: int, scale: int) -> None:
    """A map of random patches, without loss."""
    coarse = generator.integers(0, values, (HEIGHT // 16, WIDTH // 16)).astype(np.uint8) * scale
    Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST).save(path)


def make_files(root: Path, triples: int) -> tuple[Manifest, dict[str, np.ndarray]]:
    """Two photos with maps and poses, and one garment with its mask, a triple."""
    generator = np.random.default_rng(0)
    images, rows, parses, masks, poses = [], [], [], [], {}
    for number in range(triples):
        a, b, c = names = (f"{number}_a", f"{number}_b", f"{number}_c")
        for name, kind in zip(names, ("person", "person", "cloth"), strict=True):
            photo(root / f"{name}.jpg", generator)
            digest = hashlib.sha256(name.encode()).hexdigest()
            size = {"width": WIDTH, "height": HEIGHT}
            images.append(
                {"image_id": name, "path": f"{name}.jpg", "kind": kind, "source": "made", "sha256": digest} | size
            )
        for name in (a, b):
            plane(root / f"{name}.png", generator, 20, 1)
            parses.append({"image_id": name, "path": f"{name}.png", "label_set": "cihp20"})
            poses[name] = np.c_[generator.random((18, 2)) * (WIDTH, HEIGHT), np.ones(18)]
        plane(root / f"{c}.png", generator, 2, 255)
        masks.append({"image_id": c, "path": f"{c}.png"})
        rows.append({"triple_id": f"{a}|{b}|{c}", "source_id": a, "target_id": b, "target_pose_id": b, "cloth_id": c,
                     "split": "train", "paired": True})  # fmt: skip
    keypoints = [{"image_id": name, "keypoints": pose.reshape(-1).tolist()} for name, pose in poses.items()]
    manifest = Manifest.from_rows(
        images=images, triples=rows, keypoints=keypoints, parses=parses, cloth_masks=masks, unpaired_truth=[]
    )
    return manifest, poses


def decoded(root: Path, poses: dict[str, np.ndarray], numbers: np.ndarray) -> tuple[Tensor, ...]:
    """A batch as most try-on code makes it: sample by sample from files, each keypoint drawn."""
    samples = [_sample(root, poses, number) for number in numbers]
    return tuple(torch.stack(parts) for parts in zip(*samples, strict=True))


def _sample(root: Path, poses: dict[str, np.ndarray], number: int) -> tuple[Tensor, ...]:
    def rgb(name: str) -> Tensor:
        with Image.open(root / f"{number}_{name}.jpg") as image:
            return torch.from_numpy(np.asarray(image.convert("RGB")).copy()).permute(2, 0, 1).float() / 127.5 - 1

    def labels(name: str) -> Tensor:
        with Image.open(root / f"{number}_{name}.png") as image:
            values = torch.from_numpy(np.asarray(image).copy()).long()
        return torch.nn.functional.one_hot(values, 20).permute(2, 0, 1).float()

    with Image.open(root / f"{number}_c.png") as image:
        mask = torch.from_numpy(np.asarray(image) > 127)[None].float()
    heatmaps = [_disc(x, y) for x, y, _ in poses[f"{number}_b"]]
    return rgb("a"), rgb("b"), rgb("c"), mask, labels("a"), labels("b"), torch.stack(heatmaps)


def _disc(x: float, y: float) -> Tensor:
    canvas = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(canvas).ellipse((x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS), fill=1)
    return torch.from_numpy(np.asarray(canvas).copy()).float()


def make_store(root: Path, triples: int) -> tuple[Path, dict[str, np.ndarray]]:
    """The files under ``root`` and the store made of them."""
    root.mkdir()
    manifest, poses = make_files(root, triples)
    pack(manifest, table("noise", []), root, root / "store", PackConfig(HEIGHT, WIDTH))
    return root / "store", poses


def batches(count: int) -> Iterator[np.ndarray]:
    """Numbers below ``count`` in a random order."""
    order = np.random.default_rng(0).permutation(count)
    return (order[start : start + BATCH] for start in range(0, count, BATCH))


def peak_memory(folder: Path, queue: "multiprocessing.Queue[int]") -> None:
    """Bytes the process alone holds at most while it reads as many triples as the larger store has."""
    torch.set_num_threads(1)
    store, peak = Store.open(folder), 0
    for rows in batches(TRIPLES * TIMES_MORE):
        rows %= len(store)
        prepared = prepare(store.batch(rows))
        peak = max(peak, _anonymous_bytes())
        del prepared
    queue.put(peak)


def _anonymous_bytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def measured_memory(folder: Path) -> int:
    """:func:`peak_memory` in a fresh process."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=peak_memory, args=(folder, queue))
    process.start()
    peak = queue.get()
    process.join()
    return peak


def main(repeats: int, out: Path | None) -> None:
    """Measure speed in turns, then memory."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="bench-loader-") as scratch:
        small, poses = make_store(Path(scratch) / "small", TRIPLES)
        large, _ = make_store(Path(scratch) / "large", TRIPLES * TIMES_MORE)
        store, numbers = Store.open(small), np.arange(BATCH)
        check(decoded(small.parent, poses, numbers), store, numbers)
        calls = {
            "store": lambda: prepare(store.batch(numbers)),
            "store, raw": lambda: store.batch(numbers),
            "files": lambda: decoded(small.parent, poses, numbers),
        }
        seconds = interleaved(calls, repeats)
        memory = {folder.parent.name: measured_memory(folder) for folder in (small, large)}
    rate = {name: BATCH / value for name, value in seconds.items()}
    rows: list[tuple[str, float | int | str]] = [
        ("batch", BATCH), ("size", f"{HEIGHT}×{WIDTH}"),
        ("store, samples a second a core", rate["store"]), ("files, samples a second a core", rate["files"]),
        ("store / files", rate["store"] / rate["files"]),
        ("store, the raw batch that goes to an accelerator", rate["store, raw"]),
        ("store, raw / files", rate["store, raw"] / rate["files"]),
        (f"peak memory, {TRIPLES} triples, MB", memory["small"] / 1e6),
        (f"peak memory, {TRIPLES * TIMES_MORE} triples, MB", memory["large"] / 1e6),
        ("peak memory, ten times the triples / once", memory["large"] / memory["small"]),
    ]  # fmt: skip
    report("From disk to a batch on the device", rows, out)


def check(files: tuple[Tensor, ...], store: Store, numbers: np.ndarray) -> None:
    """Both ways must give the same batch, but for a disc's rim."""
    inputs, truth = prepare(store.batch(numbers))
    assert truth is not None
    ours = (inputs.source_image, truth.image, inputs.cloth, inputs.cloth_mask, inputs.source_map, truth.semantic_map)
    for theirs, mine in zip(files, ours, strict=False):
        torch.testing.assert_close(theirs, mine)
    if (files[-1] - inputs.pose).abs().mean() > 1e-3:
        raise SystemExit("The two ways give other heatmaps.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    main(arguments.repeats, arguments.out)
