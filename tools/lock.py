"""Resolve the dependencies for Python 3.11 and 3.12 and write ``constraints.txt``: one exact pin a line.

Needs ``python3.11`` and ``python3.12`` on the PATH. Nothing is installed: the package client only resolves.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = {"3.11": 'python_version < "3.12"', "3.12": 'python_version >= "3.12"'}
#: torch names its own CUDA packages exactly; other platforms have none.
LEFT_OUT = ("nvidia-", "cuda-", "triton", "spg-vton")
HEADER = "# Exact pins for Python 3.11 and 3.12, written by `make lock`; torch pins CUDA's packages itself.\n"


def resolve(python: str, folder: Path) -> dict[str, str]:
    """Package → version, as the package client resolves it for ``python``."""
    interpreter = shutil.which(f"python{python}")
    if interpreter is None:
        sys.exit(f"python{python}: expected on the PATH, found none. Install it, then lock again.")
    environment, report = folder / python, folder / f"{python}.json"
    subprocess.run([interpreter, "-m", "venv", environment], check=True)
    pip = [environment / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--upgrade", "pip"], check=True)
    request = ["--dry-run", "--ignore-installed", "--quiet", "--report", report, f"{ROOT}[app,cluster,dev]"]
    subprocess.run([*pip, "install", *request], check=True)
    metadata = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    pins = {item["name"].lower().replace("_", "-").replace(".", "-"): item["version"] for item in metadata}
    return {name: version.partition("+")[0] for name, version in pins.items() if not name.startswith(LEFT_OUT)}


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        resolved = {python: resolve(python, Path(folder)) for python in PYTHONS}
    lines = []
    for name in sorted(set().union(*resolved.values())):
        versions = {python: pins.get(name) for python, pins in resolved.items()}
        if len(set(versions.values())) == 1:
            lines.append(f"{name}=={versions['3.11']}")
        else:
            lines += [f"{name}=={version} ; {PYTHONS[python]}" for python, version in versions.items() if version]
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(lines) + "\n")
    print(f"constraints.txt: {len(lines)} pins")


if __name__ == "__main__":
    main()
