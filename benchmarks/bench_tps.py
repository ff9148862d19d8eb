"""TPS grid and sampling against kornia's, forward, and forward and backward: ``python benchmarks/bench_tps.py``."""

import argparse
from pathlib import Path

import torch
from kornia.geometry.transform import get_tps_transform, warp_image_tps
from measuring import interleaved, report
from torch import Tensor

from spg_vton.geometry import tps

SIZE, BATCH, CONTROL = (256, 192), 8, 5


def ours(image: Tensor, theta: Tensor) -> Tensor:
    """Our warp."""
    return tps.warp(image, theta, "border")


def fitted(theta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """kornia's spline through the moved control points: kernel centres, kernel weights, affine weights."""
    points = tps.control_points(CONTROL).float().expand(len(theta), -1, -1)
    moved = points + theta.view(len(theta), 2, -1).transpose(1, 2)
    return moved, *get_tps_transform(points, moved)


def kornias(image: Tensor, theta: Tensor) -> Tensor:
    """kornia's warp: solve for the moved control points, then sample."""
    return warp_image_tps(image, *fitted(theta), align_corners=True, padding_mode="border")


def main(repeats: int, threads: int, out: Path | None) -> None:
    """Time both in turns."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    image = torch.rand(BATCH, 3, *SIZE)
    theta = (torch.rand(BATCH, 2 * CONTROL**2) * 0.2 - 0.1).requires_grad_()

    def both_ways(warp) -> None:
        warp(image, theta).sum().backward()

    with torch.no_grad():
        solved = fitted(theta)
        calls = {
            "ours": lambda: ours(image, theta),
            "kornia": lambda: kornias(image, theta),
            "kornia's warp_image_tps alone": lambda: warp_image_tps(image, *solved, align_corners=True),
        }
        forward = interleaved(calls, repeats)
    trained = interleaved({"ours": lambda: both_ways(ours), "kornia": lambda: both_ways(kornias)}, repeats)
    rows: list[tuple[str, float | int | str]] = [
        ("batch", BATCH),
        ("size", f"{SIZE[0]}×{SIZE[1]}"),
        ("threads", threads),
    ]
    for name, seconds in (("forward", forward), ("forward and backward", trained)):
        rows += [(f"{name}, {who}, ms", 1e3 * value) for who, value in seconds.items()]
        rows += [(f"{name}, {who} / ours", seconds[who] / seconds["ours"]) for who in seconds if who != "ours"]
    report("TPS warp of one batch", rows, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    main(arguments.repeats, arguments.threads, arguments.out)
