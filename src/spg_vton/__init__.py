"""SPG-VTON: semantic prediction guidance for multi-pose virtual try-on."""

from pathlib import Path as _Path

__version__ = "0.1.0"

# In a source tree the wiring lies beside the library, in <root>/pipelines; a wheel carries it as spg_vton/pipelines.
_root = _Path(__file__).resolve().parents[2]
if (_root / "pipelines" / "__init__.py").is_file() and (_root / "pyproject.toml").is_file():
    __path__.append(str(_root))
