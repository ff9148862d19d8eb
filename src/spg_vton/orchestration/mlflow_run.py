"""An MLflow run written through the client with explicit run ids, its metrics buffered.

No fluent "active run": threads and processes cannot mix runs up. A batch of metrics costs 13 ms on SQLite, hence the
buffer.
"""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

_BUFFER = 500
_PARAM_LENGTH = 6000


def tracking_uri(root: Path) -> str:
    """MLFLOW_TRACKING_URI where set, else an SQLite file at the project's root, by absolute path."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{(root / 'mlflow.db').resolve()}"


def git_revision(root: Path) -> str:
    """Commit of the source tree, with ``-dirty`` where files differ; ``nogit`` outside a repository."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=12"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return result.stdout.strip() or "nogit"


class MlflowRun:
    """A run that takes parameters, metrics and files, and is closed once."""

    def __init__(self, client: Any, run_id: str) -> None:
        self.client, self.run_id = client, run_id
        self._buffer: list[Any] = []

    def log_params(self, params: dict[str, Any]) -> None:
        """Record parameters, a hundred a call."""
        from mlflow.entities import Param

        items = [Param(name, str(value)[:_PARAM_LENGTH]) for name, value in params.items()]
        for start in range(0, len(items), 100):
            self.client.log_batch(self.run_id, params=items[start : start + 100])

    def log_metrics(self, values: dict[str, float], step: int = 0) -> None:
        """Record metrics; they reach the store in batches."""
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        self._buffer += [Metric(name, float(value), now, step) for name, value in values.items()]
        if len(self._buffer) >= _BUFFER:
            self.flush()

    def log_file(self, path: Path) -> None:
        """Keep a copy of a file with the run."""
        self.client.log_artifact(self.run_id, str(path))

    def tag(self, name: str, value: str) -> None:
        """Set a tag."""
        self.client.set_tag(self.run_id, name, value[:500])

    def flush(self) -> None:
        """Send what is buffered."""
        for start in range(0, len(self._buffer), _BUFFER):
            self.client.log_batch(self.run_id, metrics=self._buffer[start : start + _BUFFER])
        self._buffer = []

    def close(self, status: str) -> None:
        """Send what is buffered and end the run as FINISHED, FAILED or KILLED."""
        self.flush()
        self.client.set_terminated(self.run_id, status)
