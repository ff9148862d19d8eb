"""Seconds of CPU time a rendered photo and a garment take: ``python benchmarks/bench_render.py [persons]``."""

import sys
import time
from itertools import pairwise
from statistics import median

from spg_vton.render.body import load_body
from spg_vton.render.casting import cast
from spg_vton.render.config import RenderConfig
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.scene import build_figure, take_photo
from spg_vton.render.textures import make_texture
from spg_vton.render.wearing import wear


def main(persons: int) -> None:
    """Time each step over several persons, after one that compiles and loads."""
    config = RenderConfig(persons=persons + 1)
    seconds: dict[str, list[float]] = {"figure": [], "texture and in-shop photo": [], "fit": [], "photo": []}
    for index in range(persons + 1):
        casting, marks = cast(config, index), [time.process_time()]
        figure = build_figure(casting.identity)
        marks.append(time.process_time())
        texture = make_texture(casting.garment)
        photograph_inshop(casting.garment, texture)
        marks.append(time.process_time())
        worn = wear(load_body(), figure.points, casting.garment, texture, casting.identity.tucked)
        marks.append(time.process_time())
        for take in casting.takes:
            take_photo(figure, worn, take.shot, take.extras, config.supersampling)
        marks.append(time.process_time())
        if index == 0:
            continue
        spent = [after - before for before, after in pairwise(marks)]
        spent[-1] /= len(casting.takes)
        for step, value in zip(seconds, spent, strict=True):
            seconds[step].append(value)
    for step, values in seconds.items():
        print(f"{step}: {median(values):.4f} s CPU (median of {len(values)})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
