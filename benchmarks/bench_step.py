"""A step of stage 3 against a plain trainer of the same mathematics: ``python benchmarks/bench_step.py``.

Both trainers (``training.trainer`` and ``plain_training.py``) take the same batches from memory, in turns of a block of
steps, in one process. A block has one step with the (lazy) R1 penalty; its time a step weighs that one as the schedule
of ``r1_every`` does. The ratio is the median over blocks, its spread the quartiles.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from measuring import report
from plain_training import PlainTrainer
from training_setup import SIZES, random_parts, read_experiment

from spg_vton.config import Experiment
from spg_vton.losses.objective import build_objective
from spg_vton.training.trainer import Trainer

Steps = dict[str, Callable[[int], object]]


def make_steps(experiment: Experiment, count: int) -> Steps:
    """By trainer: a function of the step's number that takes the step and reads nothing."""
    objective = build_objective(experiment.lambdas, experiment.objective)
    trainer = Trainer("joint", experiment, objective, {})
    rate, every = experiment.training.joint.learning_rate, experiment.training.r1_every
    plain = PlainTrainer(experiment, trainer.model, trainer.networks["discriminators"], objective, rate)
    parts = random_parts(experiment, count)

    def plain_step(number: int) -> object:
        part = parts[number % count]
        return plain.step(part.batch, part.erasing, number % every == 0)

    return {"project": lambda number: trainer.run_step([parts[number % count]], number), "plain": plain_step}


def block_seconds(step: Callable[[int], object], r1_every: int, ordinary: int) -> float:
    """Seconds a step under the schedule, from one step with R1 and some without."""
    start = time.perf_counter()
    step(0)
    middle = time.perf_counter()
    for number in range(1, 1 + ordinary):
        step(number)
    plain = (time.perf_counter() - middle) / ordinary
    return ((middle - start) + (r1_every - 1) * plain) / r1_every


def measure(experiment: Experiment, blocks: int, ordinary: int) -> dict[str, np.ndarray]:
    """Seconds a step of each trainer, block by block; the first block warms up and is left out."""
    torch.set_num_threads(experiment.training.threads)
    steps = make_steps(experiment, ordinary + 1)
    every = experiment.training.r1_every
    rounds = [{name: block_seconds(step, every, ordinary) for name, step in steps.items()} for _ in range(blocks + 1)]
    return {name: np.array([seconds[name] for seconds in rounds[1:]]) for name in steps}


def main(size: str, threads: list[int], blocks: int, ordinary: int, out: Path | None) -> None:
    """Measure with each number of threads."""
    experiment = read_experiment(size)
    model, batch = experiment.model, experiment.training.batch_size
    rows: list[tuple[str, float | int | str]] = [
        ("batch", batch), ("size", f"{model.height}×{model.width}"), ("width", model.generator_width),
        ("blocks", blocks), ("steps a block", 1 + ordinary),
    ]  # fmt: skip
    for count in threads:
        seconds = measure(read_experiment(size, threads=count, accelerator="cpu"), blocks, ordinary)
        ratios = seconds["plain"] / seconds["project"]
        word = f"{count} thread{'s' * (count > 1)}"
        rows += [(f"{word}, {name}, ms a step", 1e3 * float(np.median(values))) for name, values in seconds.items()]
        rows += [(f"{word}, plain / project", float(np.median(ratios)))]
        rows += [
            (f"{word}, plain / project, quartile {number}", float(np.quantile(ratios, number / 4))) for number in (1, 3)
        ]
    report("A step of stage 3", rows, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="embedded")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--blocks", type=int, default=8)
    parser.add_argument("--ordinary", type=int, default=15, help="steps without R1 in a block")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    main(arguments.size, arguments.threads, arguments.blocks, arguments.ordinary, arguments.out)
