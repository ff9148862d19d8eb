"""Which list rows are kept: none that leaks a test person into training, none with a picture that cannot be used."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from spg_vton.sources.check import Checked
from spg_vton.sources.listing import Listing, Row


@dataclass(frozen=True)
class Pictures:
    """The checked pictures of a listing, by image id."""

    persons: dict[str, Checked]
    poses: dict[str, Checked]
    cloths: dict[str, Checked]

    def all(self) -> list[Checked]:
        """Return the pictures of every role."""
        return [*self.persons.values(), *self.poses.values(), *self.cloths.values()]


def without_leaks(listing: Listing) -> tuple[list[Row], dict[str, Any]]:
    """Drop the training rows whose person, or whose product on a person, is in the test split too."""
    tested = {image for row in listing.rows if row.split == "test" for image in row.persons}
    groups = {listing.groups[image] for image in tested}
    photos: set[str] = set()
    products: set[str] = set()
    kept = []
    for row in listing.rows:
        own_photos = tested.intersection(row.persons)
        own_products = groups.intersection(listing.groups[image] for image in row.persons)
        if row.split == "train" and own_products:
            photos |= own_photos
            products |= own_products
        else:
            kept.append(row)
    dropped = len(listing.rows) - len(kept)
    leaks = {"leaked_photos": len(photos), "leaked_products": len(products)}
    return kept, {**leaks, "rows_dropped": {"leak": dropped} if dropped else {}}


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
