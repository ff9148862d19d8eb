"""What the benchmarks share: timing, the processor's name, and a table that also goes to a file."""

import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import torch


def interleaved(calls: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Median seconds of each call; the calls take turns, so that a busy machine slows all of them alike."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - start)
    return {name: median(values[1:]) for name, values in seconds.items()}  # the first fills caches


def cpu_model() -> str:
    """The processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def report(title: str, rows: list[tuple[str, float | int | str]], out: Path | None) -> None:
    """Print what was measured, and write it to ``out`` as JSON."""
    print(f"{title} ({cpu_model()})")
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"  {name:<{width}}  {f'{value:.4g}' if isinstance(value, float) else value}")
    if out is not None:
        about = {"title": title, "cpu": cpu_model(), "torch": torch.__version__}
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(about | dict(rows), indent=2, ensure_ascii=False) + "\n")
