"""Which list rows are kept: none that leaks a test person into training, none with a picture that cannot be used."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from spg_vton.sources.check import Checked
from spg_vton.sources.listing import Files, Listing, Rejected, Row


@dataclass(frozen=True)
class Pictures:
    """The checked pictures of a listing, by image id."""

    persons: dict[str, Checked]
    poses: dict[str, Checked]
    cloths: dict[str, Checked]

    def all(self) -> list[Checked]:
        """Return the pictures of every role."""
        return [*self.persons.values(), *self.poses.values(), *self.cloths.values()]

    def used_by(self, rows: list[Row]) -> list[Checked]:
        """Return the pictures that ``rows`` use, each once and in the role it is used in."""
        poses = {row.pose for row in rows}
        persons = poses.union(*(row.persons for row in rows))
        cloths = {row.cloth for row in rows}
        return [
            *(picture for name, picture in self.persons.items() if name in persons),
            *(picture for name, picture in self.poses.items() if name in poses),
            *(picture for name, picture in self.cloths.items() if name in cloths),
        ]


@dataclass(frozen=True)
class Leaks:
    """What would have carried test pictures into training, and was left out."""

    rows: int  # training rows left out
    counts: dict[str, int]  # photos and garments that stand in both splits, products that are shown in both
    rejected: list[Rejected]  # a file each: the training photos and garments of a product that is tested on


def without_leaks(listing: Listing, root: Path) -> tuple[list[Row], Leaks]:
    """Leave out the training rows with a photo or a garment whose product a test row shows too.

    Splits are by identity and garment, and a product is both: its photos show one person in one garment.
    """
    tested = {image for row in listing.rows if row.split == "test" for image in row.shown}
    products = {listing.groups[image] for image in tested}
    kept: list[Row] = []
    persons: dict[str, None] = {}  # ordered sets
    cloths: dict[str, None] = {}
    for row in listing.rows:
        shared = [image for image in row.shown if listing.groups[image] in products]
        if row.split == "test" or not shared:
            kept.append(row)
            continue
        persons |= dict.fromkeys(image for image in shared if image != row.cloth)
        cloths |= dict.fromkeys(image for image in shared if image == row.cloth)
    counts = {
        "leaked_photos": len(tested & persons.keys()),
        "leaked_garments": len(tested & cloths.keys()),
        "leaked_products": len({listing.groups[image] for image in (*persons, *cloths)}),
    }
    files = {name: listing.persons[name] for name in persons} | {name: listing.cloths[name] for name in cloths}
    rejected = [_leak(place, root, name in tested, listing.groups[name]) for name, place in files.items()]
    return kept, Leaks(len(listing.rows) - len(kept), counts, rejected)


def _leak(place: Files, root: Path, itself: bool, product: str) -> Rejected:
    file = place.photo.relative_to(root).as_posix() if place.photo else place.expected
    what = "this photo" if itself else f"another photo of its product {product}"
    detail = f"{what} is in a test row too; the test split keeps it, the training rows with this photo are left out."
    return Rejected(file, "leak", detail)


def usable_rows(rows: list[Row], pictures: Pictures) -> tuple[list[Row], dict[str, int]]:
    """Keep the rows all of whose pictures can be used; count the first reason of the others."""
    dropped: Counter[str] = Counter()
    kept = []
    for row in rows:
        pose = pictures.persons.get(row.pose) or pictures.poses[row.pose]
        checks = {
            "cloth_is_a_person": row.cloth not in pictures.persons and row.cloth not in pictures.poses,
            "source_unusable": pictures.persons[row.source].image is not None,
            "target_unusable": row.target is None or pictures.persons[row.target].image is not None,
            "cloth_unusable": pictures.cloths[row.cloth].image is not None,
            "pose_unusable": pose.image is not None or pose.keypoints is not None,
            "truth_unusable": row.truth is None or pictures.persons[row.truth].image is not None,
        }
        reason = next((reason for reason, good in checks.items() if not good), None)
        if reason:
            dropped[reason] += 1
        else:
            kept.append(row)
    return kept, dict(dropped)
