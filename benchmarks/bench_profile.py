"""What each part of a step of stage 3 costs, in time, FLOPs and memory: ``python benchmarks/bench_profile.py``.

A part is a network, the warps, the perceptual network, making the inputs, the transfer to the device, the optimisers;
what is left are the losses and the joints between. Its time holds its backward passes. The step is one without R1.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from flops import REST, CountFlops, Parts
from measuring import report
from torch.autograd.profiler_util import FunctionEvent
from training_setup import SIZES, random_parts, read_experiment

import spg_vton.training.steps as steps
from spg_vton.losses.objective import build_objective
from spg_vton.training.trainer import Trainer
from spg_vton.types import Batch

NETWORKS = ("spm.g1", "spm.g2", "cwm.gmm1", "cwm.gmm2", "tsm.g3")
BYTES_A_WEIGHT = 16  # itself, its gradient, and Adam's two moments, in float32


def mark(parts: Parts, owner: Any, name: str, part: str) -> None:
    """Let the calls of ``owner.name`` count as ``part``."""
    called: Callable[..., Any] = getattr(owner, name)

    def marked(*args: Any, **named: Any) -> Any:
        with parts.part(part):
            return called(*args, **named)

    setattr(owner, name, marked)


def mark_all(parts: Parts, trainer: Trainer) -> dict[str, int]:
    """Mark every part of ``trainer``'s step; returns the bytes of the weights and what goes with them."""
    networks = {name: trainer.model.get_submodule(name) for name in NETWORKS}
    networks |= dict(trainer.networks["discriminators"].named_children())
    for name, network in networks.items():
        mark(parts, network, "forward", name)
    mark(parts, trainer.step.objective.features, "forward", "perceptual network")
    mark(parts, trainer.model.cwm, "_warp", "warps")
    mark(parts, trainer, "_move", "optimisers")
    mark(parts, steps, "prepare", "inputs")
    mark(parts, Batch, "to", "transfer")
    return {name: BYTES_A_WEIGHT * sum(value.numel() for value in net.parameters()) for name, net in networks.items()}


def owner(event: FunctionEvent, parts: Parts) -> str:
    """The part an operation belongs to: that of its backward node, or the innermost that it ran in."""
    at: FunctionEvent | None = event
    while at is not None:
        if at.scope == 1 and at.sequence_nr >= 0:  # a backward function
            return parts.of_node(at.sequence_nr)
        if at.name.startswith("part:"):
            return at.name.removeprefix("part:")
        at = at.cpu_parent
    return REST


def profile(trainer: Trainer, parts: Parts, step: Callable[[], Any], repeats: int) -> Counter[str]:
    """Microseconds of each part over ``repeats`` steps, on the device that computes."""
    on_gpu = trainer.fabric.device.type == "cuda"
    activities = [torch.profiler.ProfilerActivity.CPU] + [torch.profiler.ProfilerActivity.CUDA] * on_gpu
    with torch.profiler.profile(activities=activities) as profiler:
        for _ in range(repeats):
            step()
    spent: Counter[str] = Counter()
    for event in profiler.events():
        if event.device_type == torch.autograd.DeviceType.CPU:
            spent[owner(event, parts)] += event.self_device_time_total if on_gpu else event.self_cpu_time_total
    return spent


def main(size: str, threads: int, repeats: int, out: Path | None) -> None:
    """Warm up, profile, count, weigh."""
    experiment = read_experiment(size, threads=threads, accelerator="auto")
    trainer = Trainer("joint", experiment, build_objective(experiment.lambdas, experiment.objective), {})
    (part,) = random_parts(experiment, 1)
    parts = Parts()
    weights = mark_all(parts, trainer)

    def step() -> None:
        trainer.run_step([part], 1)

    for _ in range(2):
        step()
    parts.intervals.clear()
    spent = profile(trainer, parts, step, repeats)
    parts.intervals.clear()
    with parts.weigh_saved(), CountFlops(parts) as counter:
        step()
    shares = {name: spent[name] / spent.total() for name in sorted(spent, key=spent.__getitem__, reverse=True)}
    seconds, flops = spent.total() / 1e6 / repeats, counter.counted.total()
    rows: list[tuple[str, float | int | str]] = [
        ("batch", experiment.training.batch_size), ("size", f"{experiment.model.height}×{experiment.model.width}"),
        ("width", experiment.model.generator_width), ("threads", threads), ("ms a step, profiled", 1e3 * seconds),
        ("GFLOP a step", flops / 1e9), ("GFLOP a second", flops / 1e9 / seconds),
    ]  # fmt: skip
    rows += [(f"time, {name}, %", 100 * share) for name, share in shares.items()]
    rows += [(f"FLOPs, {name}, %", 100 * counter.counted[name] / flops) for name in shares if counter.counted[name]]
    rows += [(f"kept for backward, {name}, MB", parts.saved[name] / 1e6) for name in shares if parts.saved[name]]
    rows += [(f"weights, gradients, moments, {name}, MB", weights[name] / 1e6) for name in shares if name in weights]
    report("A step of stage 3, by part", rows, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="embedded")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=6)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    main(arguments.size, arguments.threads, arguments.repeats, arguments.out)
