"""Try-on pictures for every test triple of the store."""

from collections.abc import Callable
from pathlib import Path

from spg_vton.models.model_file import ModelFile


def try_on(store_folder: Path, model: ModelFile) -> Callable[[Path], object]:
    """What fills the folder of pictures."""
    from spg_vton.models.loading import load_generators
    from spg_vton.store.dataset import Store
    from spg_vton.try_on import try_on_all

    network = load_generators(model.weights, model.metadata)
    return lambda folder: try_on_all(network, Store.open(store_folder), folder)
