"""The data card: what a rendered set holds, how to make it again, and a picture of it."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path

import jinja2
import numpy as np
from PIL import Image

from spg_vton.keypoints import Keypoint, read_openpose
from spg_vton.labels import NUM_LABELS, PALETTE, Label
from spg_vton.render.camera import HEIGHT, WIDTH
from spg_vton.render.config import RENDERER_VERSION, RenderConfig
from spg_vton.render.person_files import write_aside
from spg_vton.render.records import IMAGES, KEYPOINTS, PARSES, PersonRecord, side_file
from spg_vton.render.summary import RenderSummary
from spg_vton.render.views import Views

CARD, SHEET = "data_card.md", "contact_sheet.jpg"
_SAMPLE = 500  # photos at most whose maps and keypoints are counted
_SHEET_PEOPLE, _PEOPLE_A_ROW, _SHEET_PHOTOS = 8, 2, 3
_CELLS_OF_PERSON = 1 + _SHEET_PHOTOS + 2  # garment, photos, label map, unpaired truth
_SHEET_QUALITY = 88
#: Options whose names differ from their fields'.
_OPTIONS = {"noise_rate": "noise", "noise_shares": "noise-kinds"}
_NOT_OF_THE_SET = ("persons", "workers")


@dataclass(frozen=True, slots=True)
class LabelShare:
    """How common a label is, 0 to 1: of all pixels, and of the photos that show it."""

    name: str
    pixels: float
    photos: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What the files of a sample of photos show.

    Attributes:
        photos: size of the sample.
        labels: of the 20 labels, in their order.
        visible: share of photos that show each keypoint.
    """

    photos: int
    labels: tuple[LabelShare, ...]
    visible: dict[str, float]


def spread(names: Sequence[str], most: int) -> list[str]:
    """At most so many names, evenly spread over the list."""
    count = min(most, len(names))
    return [names[k * len(names) // count] for k in range(count)]


def measure(folder: Path, photos: Sequence[str]) -> Measured:
    """Count labels and keypoints of photos of a set."""
    pixels, shown, visible = np.zeros(NUM_LABELS), np.zeros(NUM_LABELS), np.zeros(len(Keypoint))
    for name in photos:
        with Image.open(folder / side_file(PARSES, name, ".png")) as image:
            share = np.bincount(np.asarray(image).ravel(), minlength=NUM_LABELS) / (image.width * image.height)
        pixels += share
        shown += share > 0
        visible += read_openpose(folder / side_file(KEYPOINTS, name, "_keypoints.json"))[:, 2] > 0
    count = len(photos)
    return Measured(
        photos=count,
        labels=tuple(
            LabelShare(label.name.lower(), float(pixels[label] / count), float(shown[label] / count)) for label in Label
        ),
        visible={point.name.lower(): float(visible[point] / count) for point in Keypoint},
    )


def command(config: RenderConfig) -> str:
    """The command line that renders the set again; defaults are left out."""
    words, usual = [f"spg-vton render --persons {config.persons} --out FOLDER"], RenderConfig(persons=config.persons)
    for field in fields(config):
        value = getattr(config, field.name)
        if field.name not in _NOT_OF_THE_SET and value != getattr(usual, field.name):
            words.append(_as_option(_OPTIONS.get(field.name, field.name).replace("_", "-"), value))
    return " ".join(words)


def _as_option(name: str, value: object) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    shares = vars(value) if isinstance(value, Views) else value
    if isinstance(shares, dict):
        return f"--{name} " + ",".join(f"{key}={share}" for key, share in shares.items())
    return f"--{name} {value}"


def _cells(folder: Path, record: PersonRecord) -> dict[int, Image.Image]:
    """A person's garment, photos, first label map and first unpaired truth, by column."""
    names = [record.clothes, *record.photos[:_SHEET_PHOTOS]]
    paths = dict(enumerate(folder / IMAGES / name for name in names))
    if record.truths:
        paths[_CELLS_OF_PERSON - 1] = folder / IMAGES / record.truths[0]
    cells: dict[int, Image.Image] = {}
    for column, path in paths.items():
        with Image.open(path) as image:
            cells[column] = image.convert("RGB")
    with Image.open(folder / side_file(PARSES, record.photos[0], ".png")) as labels:
        cells[_CELLS_OF_PERSON - 2] = Image.fromarray(PALETTE[np.asarray(labels)].astype(np.uint8))
    return cells


def contact_sheet(folder: Path, records: Sequence[PersonRecord]) -> Image.Image:
    """Several people side by side: in-shop photo, photos, a label map and, in the test split, an unpaired truth."""
    rows = -(-len(records) // _PEOPLE_A_ROW)
    sheet = Image.new("RGB", (_PEOPLE_A_ROW * _CELLS_OF_PERSON * WIDTH, rows * HEIGHT), "white")
    for number, record in enumerate(records):
        row, place = divmod(number, _PEOPLE_A_ROW)
        for column, picture in _cells(folder, record).items():
            sheet.paste(picture, ((place * _CELLS_OF_PERSON + column) * WIDTH, row * HEIGHT))
    return sheet


def write_data_card(
    folder: Path, config: RenderConfig, summary: RenderSummary, records: Iterable[PersonRecord]
) -> None:
    """Write ``data_card.md`` and ``contact_sheet.jpg`` into a finished set's folder.

    Neither depends on the number of workers or on interruptions.
    """
    photos: list[str] = []
    shown: list[PersonRecord] = []
    people = dict.fromkeys(summary.triples, 0)
    for record in records:
        photos += [*record.photos, *record.truths]
        people[record.split] += 1
        if len(shown) < _SHEET_PEOPLE:
            shown.append(record)
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(files("spg_vton.render").joinpath("data_card.md.j2").read_text("utf-8"))
    card = template.render(
        summary=summary,
        people=people,
        photos=len(photos),
        command=command(config),
        version=RENDERER_VERSION,
        config={field: value for field, value in summary.config.items() if field != "workers"},
        measured=measure(folder, spread(photos, _SAMPLE)),
        sheet=SHEET,
    )
    write_aside(folder / CARD, card.encode())
    stream = io.BytesIO()
    contact_sheet(folder, shown).save(stream, "JPEG", quality=_SHEET_QUALITY)
    write_aside(folder / SHEET, stream.getvalue())
