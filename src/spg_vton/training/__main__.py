"""``python -m spg_vton.training CONFIG``: train without Kedro, MLflow or DVC (docs/training.md)."""

import argparse
import logging
import os
import sys
from pathlib import Path

import torch

from spg_vton.errors import ConfigError, DataError, SpgVtonError
from spg_vton.training.job import read_job, run_job
from spg_vton.training.launch import command

_MISTAKE, _FAILURE, _INTERRUPTED = 2, 1, 130


def main() -> int:
    """Run the command; the exit code is 2 for a mistake in CONFIG or its paths, 1 for any other known error."""
    parser = argparse.ArgumentParser(prog="python -m spg_vton.training", description="Train as CONFIG says.")
    parser.add_argument("config", type=Path, metavar="CONFIG", help="YAML file; docs/training.md shows one")
    config: Path = parser.parse_args().config
    first = os.environ.get("RANK", "0") == "0"
    logging.basicConfig(level=logging.INFO if first else logging.WARNING, format="%(message)s")
    try:
        job = read_job(config)
        if job.training.processes > 1 and not torch.distributed.is_torchelastic_launched():
            line = command(config, job.training)
            os.execv(line[0], line)
        run_job(job)
    except SpgVtonError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201
        return _MISTAKE if isinstance(error, ConfigError | DataError) else _FAILURE
    except KeyboardInterrupt:
        return _INTERRUPTED
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
    return 0


if __name__ == "__main__":
    sys.exit(main())
