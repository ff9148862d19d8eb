"""Run the benchmarks and write their results into ``docs`` (``make benchmarks``); names as arguments run only those."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS, PAGE = ROOT / "docs" / "results" / "performance.json", ROOT / "docs" / "performance.md"
BENCHMARKS = ("bench_step", "bench_profile", "bench_loader", "bench_tps", "bench_render", "bench_gpu")
HEAD = """# Performance

Written by `make benchmarks` from `docs/results/performance.json`. Each table is one run of one file of `benchmarks/`,
whose first lines say what is compared; what is compared took turns in one process, so ratios say more than times.
What bounds a step is in the table of its parts: on a CPU the convolutions, in generators and discriminators.
What no table shows was not measured.
"""


def page(results: dict[str, dict]) -> str:
    """The page of ``results``, by benchmark."""
    lines = [HEAD]
    for name, values in results.items():
        rows = {key: value for key, value in values.items() if key not in ("title", "cpu", "torch")}
        lines += [f"## {values['title']}", "", f"`benchmarks/{name}.py`, {values['cpu']}, torch {values['torch']}", ""]
        lines += ["| | |", "|---|---:|", *(f"| {key} | {_shown(value)} |" for key, value in rows.items()), ""]
    return "\n".join(lines)


def _shown(value: float | int | str) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def main(names: list[str]) -> None:
    """Run, then write."""
    results = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in names or BENCHMARKS:
            out = Path(scratch) / f"{name}.json"
            subprocess.run([sys.executable, Path(__file__).with_name(f"{name}.py"), "--out", out], check=True)
            results[name] = json.loads(out.read_text())
    write({name: results[name] for name in BENCHMARKS if name in results})


def write(results: dict[str, dict]) -> None:
    """Write both files."""
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    PAGE.write_text(page(results))


if __name__ == "__main__":
    main(sys.argv[1:])
