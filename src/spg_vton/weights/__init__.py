"""Pretrained weights: a registry, and where its files are found. `readers` reads them, running no code from a file."""

from spg_vton.weights.digest import sha256_of
from spg_vton.weights.registry import REGISTRY, PretrainedFile, find_entry
from spg_vton.weights.store import WEIGHTS_VARIABLE, locate, weights_folder

__all__ = [
    "REGISTRY",
    "WEIGHTS_VARIABLE",
    "PretrainedFile",
    "find_entry",
    "locate",
    "sha256_of",
    "weights_folder",
]
