"""Colours of a flat panel: which family of ``prints`` draws which pattern."""

import numpy as np

from spg_vton.render.flat_layout import FlatLayout
from spg_vton.render.garments import Garment
from spg_vton.render.prints import animals, blocks, checks, dots, florals, gradients, images, ornaments, stripes
from spg_vton.render.prints.chest import paint_chest
from spg_vton.render.prints.design import CHEST_PRINTS
from spg_vton.render.prints.plane import Painter, Picture, cloth_plane, plain

_UNEVENNESS = 0.01  # by which the brightness of panels differs
#: Patterns that cover the whole garment.
ALL_OVER: dict[str, Painter] = {
    "solid": lambda plane, colours, scale, rng: plain(colours[0], plane.u),
    "melange": gradients.melange, "ombre": gradients.ombre, "tie-dye": gradients.tie_dye, "marble": gradients.marble,
    "breton": stripes.breton, "block stripes": stripes.block_stripes, "multi stripes": stripes.multi_stripes,
    "uneven stripes": stripes.uneven_stripes, "diagonal stripes": stripes.diagonal_stripes,
    "pinstripes": stripes.pinstripes,
    "gingham": checks.gingham, "tartan": checks.tartan, "windowpane": checks.windowpane, "buffalo": checks.buffalo,
    "polka dots": dots.polka_dots, "pin dots": dots.pin_dots, "scattered dots": dots.scattered_dots,
    "ditsy": florals.ditsy, "bouquets": florals.bouquets,
    "bands": ornaments.bands, "paisley": ornaments.paisley, "lace": ornaments.lace,
    "leopard": animals.leopard, "zebra": animals.zebra, "camouflage": animals.camouflage,
    "blocks": blocks.blocks, "raglan": blocks.raglan, "yoke": blocks.yoke,
    "landscape": images.landscape, "palms": images.palms, "clouds": images.clouds,
}  # fmt: skip


def paint_pattern(garment: Garment, layout: FlatLayout, side: int, rng: np.random.Generator) -> Picture:
    """The colours of one panel, 0 to 255.

    Both panels carry the same design, whose random choices come from ``garment.print.seed``. ``rng`` adds the little by
    which dyeing makes them differ.
    """
    plane = cloth_plane(layout, side, garment.sleeve != "none")
    colours = np.array(garment.colours, np.float32)
    shared = np.random.default_rng(garment.print.seed)
    if garment.pattern in CHEST_PRINTS:
        picture = paint_chest(garment.pattern, garment.neckline, garment.print, plane, colours, shared)
    else:
        picture = ALL_OVER[garment.pattern](plane, colours, garment.print.scale, shared)
    return np.clip(picture * (1 + _UNEVENNESS * rng.uniform(-1, 1)), 0, 255).astype(np.float32)
