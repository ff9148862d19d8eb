"""Things worn besides clothes: glasses, hats, scarves, necklaces, bags, gloves and coats."""

from spg_vton.render.accessories.kinds import STYLES, Accessory, sample_accessory
from spg_vton.render.accessories.worn import accessory_glazes, accessory_surfaces, arrange_hair

__all__ = [
    "STYLES",
    "Accessory",
    "accessory_glazes",
    "accessory_surfaces",
    "arrange_hair",
    "sample_accessory",
]
