"""Where nodes report losses while they run: nowhere by default, into MLflow when the hook has opened a run."""

from typing import Protocol


class Tracker(Protocol):
    """Takes metrics as they come."""

    def log_metrics(self, values: dict[str, float], step: int) -> None:
        """Record ``values`` at ``step``."""
        ...

    def tag(self, name: str, value: str) -> None:
        """Mark the run."""
        ...


class NullTracker:
    """Records nothing."""

    def log_metrics(self, values: dict[str, float], step: int) -> None:
        """Ignore ``values``."""

    def tag(self, name: str, value: str) -> None:
        """Ignore the mark."""


_current: Tracker = NullTracker()


def current() -> Tracker:
    """The tracker of the node that runs."""
    return _current


def install(tracker: Tracker) -> None:
    """Make ``tracker`` the current one until another is installed."""
    global _current
    _current = tracker
