"""The command ``spg-vton pose``: keypoints of any photos, as files."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from spg_vton.annotators.pose import PoseExtractor, PoseResult
from spg_vton.errors import DataError
from spg_vton.keypoints import write_openpose
from spg_vton.sources.mpv_layouts import PHOTO_SUFFIXES, POSE_SUFFIX

Photos = Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.", metavar="PHOTO…")]


def find_photos(given: list[Path]) -> list[Path]:
    """The photos named, and those in the folders named, in order.

    Raises:
        DataError: a path does not exist, a folder holds no photo, or two photos would give files of one name.
    """
    photos: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix.lower() in PHOTO_SUFFIXES)
            if not inside:
                raise DataError(f"{path}: expected JPEG or PNG photos in the folder, found none.")
            photos += inside
        elif path.is_file():
            photos.append(path)
        else:
            raise DataError(f"{path}: expected a photo or a folder of photos, found nothing there.")
    twice = [stem for stem, count in Counter(path.stem for path in photos).items() if count > 1]
    if twice:
        raise DataError(f"Expected photos of different names, got several called {twice[0]}: use a folder for each.")
    return photos


def pose(
    photos: Photos,
    out: Annotated[Path, typer.Option(help="Folder for <photo>_keypoints.json; made where it is not there.")],
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
) -> None:
    """Extract the 18 OpenPose keypoints of each photo's main person, in pixels of the upright photo.

    Exit code 1 says that nobody was found in some photo, or that it could not be read; the others are written.
    """
    found = find_photos(photos)
    results = PoseExtractor().extract_many(found, workers)
    out.mkdir(parents=True, exist_ok=True)
    table = Table(Column("photo", overflow="fold"), "keypoints", "remark")
    for path, result in zip(found, results, strict=True):
        if result.persons:
            write_openpose(out / f"{path.stem}{POSE_SUFFIX}", result.pose)
        table.add_row(path.name, str(int((result.pose[:, 2] > 0).sum())), _remark(result))
    Console().print(table)
    empty = [path.name for path, result in zip(found, results, strict=True) if not result.persons]
    if empty:
        Console(stderr=True).print(f"No keypoints for {len(empty)} of {len(found)} photos: {', '.join(empty[:5])}")
        raise typer.Exit(1)


def _remark(result: PoseResult) -> str:
    if result.problem:
        return result.problem
    if not result.persons:
        return "no person was found"
    return f"{result.persons} persons; the most prominent one is written" if result.persons > 1 else ""
