"""One look for every progress bar: what, how far, time left, and a note such as the losses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@dataclass(frozen=True)
class Bar:
    """A running progress bar; in a log, where nothing can move, a line every tenth of the way."""

    progress: Progress
    task: TaskID

    def advance(self, by: int = 1) -> None:
        """Count ``by`` more as done."""
        task = self.progress.tasks[0]
        before = int(10 * task.completed / max(task.total or 1, 1))
        self.progress.advance(self.task, by)
        after = int(10 * task.completed / max(task.total or 1, 1))
        if after > before and not self.progress.console.is_terminal:
            left = f", {task.time_remaining:.0f} s left" if task.time_remaining else ""
            note = task.fields["note"]
            line = f"{task.description}: {task.completed:.0f}/{task.total:.0f}{left}  {note}"
            self.progress.console.print(line.rstrip(), highlight=False, soft_wrap=True)

    def note(self, text: str) -> None:
        """Show ``text`` behind the bar."""
        self.progress.update(self.task, note=text)


@contextmanager
def progress_bar(what: str, total: int, done: int = 0, quiet: bool = False) -> Iterator[Bar]:
    """Show a bar over ``total`` items, ``done`` of which are done already, on the error stream; ``quiet`` hides it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Bar(progress, progress.add_task(what, total=total, completed=done, note=""))
