"""Hair: ribbons that grow out of the scalp, fall with gravity and lie over a cap in the hair's colour."""

from spg_vton.render.hair.growth import HairShells, grow_hair
from spg_vton.render.hair.hairline import in_hairline
from spg_vton.render.hair.posing import hair_surfaces

__all__ = ["HairShells", "grow_hair", "hair_surfaces", "in_hairline"]
