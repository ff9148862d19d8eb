import pytest

from spg_vton.render.body import load_body
from spg_vton.render.casting import Casting, GarmentNumber, cast, garment_of
from spg_vton.render.config import RenderConfig
from spg_vton.render.garments import Garment
from spg_vton.render.scene import Figure, Photo, build_figure, take_photo
from spg_vton.render.textures import make_texture
from spg_vton.render.wearing import Worn, wear

CONFIG = RenderConfig(persons=100, seed=7)


def dress(casting: Casting, figure: Figure, garment: Garment) -> Worn:
    return wear(load_body(), figure.points, garment, make_texture(garment), casting.identity.tucked)


def photograph(index: int, other_garment: bool = False) -> list[Photo]:
    """All takes of one person, in its garment or in another."""
    casting = cast(CONFIG, index)
    figure = build_figure(casting.identity)
    garment = garment_of(CONFIG, index, GarmentNumber.UNPAIRED) if other_garment else casting.garment
    worn = dress(casting, figure, garment)
    return [take_photo(figure, worn, take.shot, take.extras) for take in casting.takes]


@pytest.fixture(scope="session")
def photos() -> list[Photo]:
    """24 photos of eight people."""
    return [photo for index in range(8) for photo in photograph(index)]
