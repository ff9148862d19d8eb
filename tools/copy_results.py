"""Copy the last run's results to ``docs/results`` and write the README's tables from them (``make results``)."""

import json
import os
import platform
import shutil
import sys
from pathlib import Path

from PIL import Image

from spg_vton.report.readme import fill, results_section

ROOT = Path(__file__).parents[1]
REPORTS, RESULTS, README = ROOT / "data" / "08_reporting", ROOT / "docs" / "results", ROOT / "README.md"
PEOPLE = ROOT / "data" / "01_raw" / "rendered" / "contact_sheet.jpg"
FILES = ("metrics.json", "comparisons.json", "annotation_report.json", "noise_report.json", "stage_seconds.json")


def main() -> None:
    """Copy, then write."""
    wanted = [*(REPORTS / name for name in (*FILES, "contact_sheet.png")), PEOPLE]
    missing = [path.name for path in wanted if not path.is_file()]
    if missing:
        sys.exit(f"{ROOT / 'data'}: expected {', '.join(missing)}. Run `kedro run` first.")
    RESULTS.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(REPORTS / name, RESULTS / name)
    machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    (RESULTS / "machine.json").write_text(json.dumps(machine, indent=2) + "\n")
    Image.open(PEOPLE).save(RESULTS / "rendered_people.jpg", quality=85, optimize=True)
    Image.open(REPORTS / "contact_sheet.png").convert("RGB").save(RESULTS / "contact_sheet.jpg", quality=88)
    README.write_text(fill(README.read_text(), results_section(RESULTS)))
    print(f"{RESULTS} and {README.name} are up to date")


if __name__ == "__main__":
    main()
