import dataclasses
from functools import lru_cache

import numpy as np
import pytest
from scipy import ndimage

from spg_vton.labels import CLOTHES, Label
from spg_vton.render.body import load_body
from spg_vton.render.casting import Casting, GarmentNumber, cast, garment_of
from spg_vton.render.config import RenderConfig
from spg_vton.render.garments import Garment
from spg_vton.render.poses import Pose, sample_pose
from spg_vton.render.scene import Figure, Photo, build_figure, take_photo
from spg_vton.render.textures import make_texture
from spg_vton.render.wearing import Worn, wear

CONFIG = RenderConfig(persons=100, seed=7, attribute_share=0.0)
_HANGING = next(
    pose for pose in (sample_pose("front", np.random.default_rng(seed)) for seed in range(99))
    if pose.kind.endswith(" hang") and "walk" not in pose.kind
)  # fmt: skip


def standing(yaw: float) -> Pose:
    """Standing with hanging arms, turned by ``yaw`` degrees."""
    return dataclasses.replace(_HANGING, yaw=yaw)


def outside_garments(first: Photo, second: Photo, reach: int = 1) -> np.ndarray:
    """Pixels further than ``reach`` from what either garment covers; a dress is worn instead of lower clothes."""
    changing = [*CLOTHES]
    if Label.DRESS in first.labels or Label.DRESS in second.labels:
        changing += [Label.PANTS, Label.SKIRT]
    covered = np.isin(first.labels, changing) | np.isin(second.labels, changing)
    return ~ndimage.binary_dilation(covered, np.ones((3, 3)), iterations=reach)


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


@lru_cache(maxsize=200)
def wear_once(garment: Garment, view: str = "front") -> Photo:
    """One photo of the same woman in trousers, with a garment worn over them."""
    casting = next(c for c in (cast(CONFIG, index) for index in range(100))
                   if c.identity.female and c.identity.lower == "pants" and not c.identity.tucked)  # fmt: skip
    figure = build_figure(dataclasses.replace(casting.identity, hair_style="low_bun"))
    shot = dataclasses.replace(
        casting.takes[0].shot,
        pose=sample_pose(view, np.random.default_rng(5)),
        whole_body=False,
        zoom=1.0,
        offset=(0.0, 0.0),
    )
    return take_photo(figure, dress(casting, figure, garment), shot)
