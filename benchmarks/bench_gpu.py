"""Samples a second and share of the GPU's peak, stages 1 to 3 at 256×192, width 64, bfloat16.

``python benchmarks/bench_gpu.py``; needs CUDA, and says so where there is none.
"""

import argparse
import time
from pathlib import Path

import torch
from flops import CountFlops
from measuring import report
from training_setup import SIZES, random_parts, read_experiment

from spg_vton.config import STAGE_NAMES, StageName
from spg_vton.losses.objective import build_objective
from spg_vton.training.trainer import Trainer

#: Dense bfloat16 TFLOP/s as the makers' data sheets give them, by a word of the device's name.
PEAKS = {"H200": 989.0, "H100": 989.0, "A100": 312.0, "L40S": 362.0, "A10": 125.0, "4090": 165.2}


def measure(stage: StageName, size: str, batch: int, repeats: int) -> tuple[float, float]:
    """Seconds and FLOPs of an ordinary step (without R1)."""
    experiment = read_experiment(
        size, batch_size=batch, precision="bf16-mixed", channels_last=True, accelerator="cuda", threads=0
    )
    trainer = Trainer(stage, experiment, build_objective(experiment.lambdas, experiment.objective), {})
    parts = random_parts(experiment, 2)
    with CountFlops() as counter:
        trainer.run_step([parts[0]], 1)
    for number in range(1, 6):
        trainer.run_step([parts[number % 2]], 1)
    torch.cuda.synchronize()
    start = time.perf_counter()
    for number in range(repeats):
        trainer.run_step([parts[number % 2]], 1)
    torch.cuda.synchronize()
    return (time.perf_counter() - start) / repeats, float(counter.counted.total())


def main(size: str, batch: int, repeats: int, peak: float, out: Path | None) -> None:
    """Measure each stage, or say why not."""
    title = "Training on a GPU"
    if not torch.cuda.is_available():
        return report(title, [("not measured", "no CUDA device")], out)
    name = torch.cuda.get_device_name()
    peak = peak or next((value for word, value in PEAKS.items() if word in name), 0.0)
    rows: list[tuple[str, float | int | str]] = [("size", size), ("batch", batch), ("gpu", name)]
    for stage in STAGE_NAMES:
        seconds, flops = measure(stage, size, batch, repeats)
        rows += [(f"{stage}, samples a second", batch / seconds), (f"{stage}, TFLOP/s", flops / seconds / 1e12)]
        if peak:
            rows.append((f"{stage}, % of {peak:g} TFLOP/s", 100 * flops / seconds / 1e12 / peak))
    report(title, rows, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="paper")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--peak", type=float, default=0.0, help="dense bfloat16 TFLOP/s, for a GPU not in PEAKS")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    main(arguments.size, arguments.batch, arguments.repeats, arguments.peak, arguments.out)
