"""The contact sheet: source, garment, pose, predicted map, warped garment, coarse, final and truth, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from spg_vton.keypoints import LIMBS
from spg_vton.labels import PALETTE
from spg_vton.models.inputs import prepare, to_bytes
from spg_vton.models.spg_vton import SpgVton
from spg_vton.store.dataset import Store

COLUMNS = ("source", "garment", "target pose", "predicted map", "warped garment", "coarse", "final", "truth")
#: Headings by whether the source wears the garment.
PAIRING_TITLES = {
    True: "paired: the garment that the source wears",
    False: "unpaired: another garment, and the true photo of it",
}
_CELL_HEIGHT = 256
_GAP = 6
_HEADING = 34
_INK, _FAINT, _PAPER = (28, 32, 38), (110, 116, 124), (255, 255, 255)
_BONE, _JOINT = (70, 130, 180), (214, 73, 51)


@dataclass(frozen=True)
class Section:
    """Rows of the sheet under one heading."""

    title: str
    rows: Sequence[int]


def pose_picture(pose: np.ndarray, size: tuple[int, int], scale: float) -> Image.Image:
    """A stick figure of an (18, 3) pose in pixels of ``size`` (H, W), drawn ``scale`` times as large."""
    image = Image.new("RGB", (round(size[1] * scale), round(size[0] * scale)), (246, 246, 244))
    draw = ImageDraw.Draw(image)
    points = [((x + 0.5) * scale, (y + 0.5) * scale) for x, y, _ in pose]
    for a, b in LIMBS:
        if pose[a, 2] > 0 and pose[b, 2] > 0:
            draw.line([points[a], points[b]], fill=_BONE, width=3)
    for (x, y), confidence in zip(points, pose[:, 2], strict=True):
        if confidence > 0:
            draw.ellipse([x - 3, y - 3, x + 3, y + 3], fill=_JOINT)
    return image


def photo_picture(image: UInt8[np.ndarray, "H W 3"], scale: float, smooth: bool = True) -> Image.Image:
    """An enlarged photo; maps are enlarged without smoothing."""
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return Image.fromarray(image).resize(size, Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST)


@torch.no_grad()
def triple_pictures(model: SpgVton, store: Store, row: int) -> dict[str, Image.Image]:
    """Every column of :data:`COLUMNS` for one triple; no ``truth`` where there is none."""
    model.eval()
    batch = store.batch([row])
    inputs, _ = prepare(batch)
    output = model(inputs)
    scale = _CELL_HEIGHT / store.height
    pictures = {
        "source": photo_picture(_photo(batch.source_image), scale),
        "garment": photo_picture(_photo(batch.cloth), scale),
        "target pose": pose_picture(batch.target_keypoints[0].numpy(), (store.height, store.width), scale),
        "predicted map": photo_picture(PALETTE[output.semantic_map[0].argmax(0).numpy()], scale, smooth=False),
        "warped garment": photo_picture(_photo(to_bytes(output.warped.cloth)), scale),
        "coarse": photo_picture(_photo(to_bytes(output.coarse.image)), scale),
        "final": photo_picture(_photo(to_bytes(output.try_on.image)), scale),
    }
    if batch.target_image is not None:
        pictures["truth"] = photo_picture(_photo(batch.target_image), scale)
    return pictures


def evenly_spaced(rows: np.ndarray, count: int) -> list[int]:
    """``count`` of ``rows`` from the first to the last, or all where there are fewer."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(int))].tolist()


def contact_sheet(model: SpgVton, store: Store, sections: Sequence[Section]) -> Image.Image:
    """The sheet: a heading a section, a row a triple."""
    width = round(_CELL_HEIGHT * store.width / store.height)
    rows = sum(len(section.rows) for section in sections)
    total = (
        len(COLUMNS) * (width + _GAP) + _GAP,
        rows * (_CELL_HEIGHT + _GAP) + len(sections) * _HEADING + _HEADING + _GAP,
    )
    sheet = Image.new("RGB", total, _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=17)
    for column, name in enumerate(COLUMNS):
        draw.text((_GAP + column * (width + _GAP) + width / 2, _HEADING / 2), name, _INK, font, anchor="mm")
    y = _HEADING
    for section in sections:
        draw.text((_GAP, y + _HEADING / 2), section.title, _FAINT, font, anchor="lm")
        y += _HEADING
        for row in section.rows:
            pictures = triple_pictures(model, store, row)
            for column, name in enumerate(COLUMNS):
                if name in pictures:
                    sheet.paste(pictures[name], (_GAP + column * (width + _GAP), y))
            y += _CELL_HEIGHT + _GAP
    return sheet


def _photo(images: Tensor) -> UInt8[np.ndarray, "H W 3"]:
    return images[0].permute(1, 2, 0).numpy()
