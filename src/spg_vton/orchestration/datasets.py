"""Catalog datasets that Kedro's own collection lacks: a folder, and weights with their metadata."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kedro.io import AbstractDataset

from spg_vton.errors import DataError
from spg_vton.models.model_file import ModelFile, read_model, write_model

Produce = Callable[[Path], Any]


class FolderDataset(AbstractDataset[Produce, Path]):
    """A folder as a dataset: loading gives its path; saving calls the node's result with the path to write to.

    Args:
        filepath: the folder.
        create: whether loading makes it where it is absent (for folders of the program's own state).
        remedy: what to do where it is absent.
        metadata: free to use by others; Kedro ignores it.
    """

    def __init__(
        self, *, filepath: str, create: bool = False, remedy: str = "", metadata: dict[str, Any] | None = None
    ) -> None:
        self._filepath, self._create, self._remedy = Path(filepath), create, remedy
        self.metadata = metadata

    def load(self) -> Path:
        """The folder's path."""
        if self._create:
            self._filepath.mkdir(parents=True, exist_ok=True)
        if not self._filepath.is_dir():
            raise DataError(f"{self._filepath}: expected a folder, found none. {self._remedy}".strip())
        return self._filepath

    def save(self, data: Produce) -> None:
        """Let ``data`` fill the folder; how it writes aside and renames is its own affair."""
        self._filepath.parent.mkdir(parents=True, exist_ok=True)
        data(self._filepath)

    def _exists(self) -> bool:
        return self._create or self._filepath.is_dir()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._filepath)}


class SafetensorsDataset(AbstractDataset[ModelFile, ModelFile]):
    """Tensors by name in a safetensors file, with string metadata; written aside and renamed."""

    def __init__(self, *, filepath: str, metadata: dict[str, Any] | None = None) -> None:
        self._filepath = Path(filepath)
        self.metadata = metadata

    def load(self) -> ModelFile:
        """Read the file onto the CPU."""
        return read_model(self._filepath)

    def save(self, data: ModelFile) -> None:
        """Write the file."""
        write_model(self._filepath, data)

    def _exists(self) -> bool:
        return self._filepath.is_file()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._filepath)}


class TextDataset(AbstractDataset[str, str]):
    """A UTF-8 text file, such as a report; written aside and renamed."""

    def __init__(self, *, filepath: str, metadata: dict[str, Any] | None = None) -> None:
        self._filepath = Path(filepath)
        self.metadata = metadata

    def load(self) -> str:
        """Read the file."""
        return self._filepath.read_text(encoding="utf-8")

    def save(self, data: str) -> None:
        """Write the file."""
        self._filepath.parent.mkdir(parents=True, exist_ok=True)
        aside = self._filepath.with_suffix(".tmp")
        aside.write_text(data, encoding="utf-8")
        aside.replace(self._filepath)

    def _exists(self) -> bool:
        return self._filepath.is_file()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._filepath)}
