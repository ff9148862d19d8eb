"""CPU seconds that each step of rendering takes, and a photo with a plain NumPy rasteriser instead of the compiled one.

``python benchmarks/bench_render.py [--persons N] [--reference N] [--out FILE.json]``
"""

import argparse
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
from measuring import report
from plain_rasterizer import plain_rasterizer

from spg_vton.render.body import load_body
from spg_vton.render.casting import Casting, cast
from spg_vton.render.config import RenderConfig
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.person_files import render_person
from spg_vton.render.scene import Photo, build_figure, take_photo
from spg_vton.render.textures import make_texture
from spg_vton.render.wearing import wear

STEPS = ("figure", "texture", "in-shop photo", "fit of the garment", "photo")
#: Share of pixels at which the reference's photo may differ: float32 and float64 part at triangles' edges.
TOLERANCE = 1e-3


def steps(config: RenderConfig, casting: Casting) -> list[float]:
    """CPU seconds of each of STEPS for one person, the photo's an average over its takes."""
    marks = [time.process_time()]

    def mark() -> None:
        marks.append(time.process_time())

    figure = build_figure(casting.identity)
    mark()
    texture = make_texture(casting.garment)
    mark()
    photograph_inshop(casting.garment, texture)
    mark()
    worn = wear(load_body(), figure.points, casting.garment, texture, casting.identity.tucked)
    mark()
    for take in casting.takes:
        take_photo(figure, worn, take.shot, take.extras, config.supersampling)
    mark()
    spent = [after - before for before, after in pairwise(marks)]
    return [*spent[:-1], spent[-1] / len(casting.takes)]


def whole_person(config: RenderConfig, index: int) -> float:
    """CPU seconds a photo of all that a person takes, its share of garments and files included."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        record = render_person(config, index, Path(folder))
        spent = time.process_time() - start
    return spent / (len(record.photos) + len(record.truths))


def against_reference(config: RenderConfig, casting: Casting) -> tuple[float, float]:
    """CPU seconds of one person's first photo: compiled and with the reference.

    Raises:
        RuntimeError: the photos differ.
    """
    figure = build_figure(casting.identity)
    worn = wear(load_body(), figure.points, casting.garment, make_texture(casting.garment), casting.identity.tucked)
    take = casting.takes[0]

    def photo() -> tuple[Photo, float]:
        start = time.process_time()
        taken = take_photo(figure, worn, take.shot, take.extras, config.supersampling)
        return taken, time.process_time() - start

    compiled, ours = photo()
    with plain_rasterizer():
        plain, reference = photo()
    differing = float((compiled.image != plain.image).any(-1).mean())
    if differing > TOLERANCE:
        raise RuntimeError(
            f"person {casting.index}: expected the reference's photo to differ at no more than {TOLERANCE:.1%} of the "
            f"pixels, got {differing:.1%}; bring benchmarks/plain_rasterizer.py in line with render/rasterizer.py"
        )
    return ours, reference


def main(persons: int, reference: int, out: Path | None) -> None:
    """Time each step over several persons, after one that compiles and loads."""
    config = RenderConfig(persons=persons + 1)
    castings = [cast(config, index) for index in range(persons + 1)]
    steps(config, castings[0])
    whole_person(config, 0)
    seconds = np.median([steps(config, casting) for casting in castings[1:]], axis=0)
    whole = median(whole_person(config, casting.index) for casting in castings[1:])
    rows: list[tuple[str, float | int | str]] = [
        ("persons", persons),
        ("photos", sum(len(casting.takes) for casting in castings[1:])),
        ("supersampling", config.supersampling),
        *((f"{step}, CPU s", float(value)) for step, value in zip(STEPS, seconds, strict=True)),
        ("a photo with all its files, CPU s", whole),
    ]
    if reference:
        ours, plain = np.median([against_reference(config, casting) for casting in castings[1 : reference + 1]], axis=0)
        rows += [
            ("photos against the reference", min(reference, persons)),
            ("photo, compiled, CPU s", float(ours)),
            ("photo, plain NumPy rasteriser, CPU s", float(plain)),
            ("plain / compiled", float(plain / ours)),
        ]
    report("Rendering at 256×192, medians", rows, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=20)
    parser.add_argument("--reference", type=int, default=5, help="Photos rendered by the reference too; 0 for none.")
    parser.add_argument("--out", type=Path, help="JSON file to write.")
    arguments = parser.parse_args()
    main(arguments.persons, arguments.reference, arguments.out)
