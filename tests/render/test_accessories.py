import dataclasses

import numpy as np
import pytest
from scipy import ndimage

from spg_vton.labels import Label
from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.accessories import STYLES, Accessory, sample_accessory
from spg_vton.render.casting import Casting, GarmentNumber, cast, garment_of
from spg_vton.render.config import RenderConfig
from spg_vton.render.scene import GARMENT_REACH, Photo, build_figure, take_photo

from .conftest import dress, outside_garments, standing
from .test_photo import SWAP_TOLERANCE

PLAIN = RenderConfig(persons=100, seed=7, attribute_share=0.0)
LABELS = {
    NoiseKind.GLASSES: Label.SUNGLASSES, NoiseKind.HAT: Label.HAT, NoiseKind.SCARF: Label.SCARF,
    NoiseKind.GLOVES: Label.GLOVE, NoiseKind.COAT: Label.COAT,
}  # fmt: skip
STYLE_OF_KIND = [(kind, style) for kind, styles in STYLES.items() for style in styles]


def one_of(kind: str, style: str) -> Accessory:
    return dataclasses.replace(sample_accessory(kind, np.random.default_rng(2)), style=style)


def photographed(kind: str, style: str, yaw: float = 0.0, other_garment: bool = False) -> tuple[Photo, Photo]:
    """A person without and with a thing."""
    casting = cast(PLAIN, 5)
    figure, take = build_figure(casting.identity), casting.takes[0]
    shot = dataclasses.replace(take.shot, pose=standing(yaw), whole_body=False, zoom=1.0, offset=(0.0, 0.0))
    garment = garment_of(PLAIN, 5, GarmentNumber.UNPAIRED) if other_garment else casting.garment
    worn = dress(casting, figure, garment)
    photos = [take_photo(figure, worn, shot, extras, supersampling=1) for extras in ((), (one_of(kind, style),))]
    return photos[0], photos[1]


@pytest.mark.parametrize(("kind", "style"), STYLE_OF_KIND)
def test_each_thing_shows_and_has_its_label(kind, style):
    plain, odd = photographed(kind, style)
    changed = (np.abs(plain.image.astype(int) - odd.image).max(-1) > 24).sum()
    assert changed > 25
    assert (plain.keypoints == odd.keypoints).all()
    if kind in LABELS:
        assert not (plain.labels == LABELS[kind]).any()
        assert (odd.labels == LABELS[kind]).sum() > 25
    if kind == NoiseKind.NECKLACE:
        assert (plain.labels == odd.labels).all()
    if kind == NoiseKind.BAG:
        hidden = (plain.labels != Label.BACKGROUND) & (odd.labels == Label.BACKGROUND)
        assert hidden.sum() > 25 and set(np.unique(odd.labels)) <= set(np.unique(plain.labels))


@pytest.mark.parametrize("kind", [NoiseKind.GLASSES, NoiseKind.NECKLACE])
def test_what_lies_in_front_does_not_show_from_behind(kind):
    plain, odd = photographed(kind, next(iter(STYLES[kind])), yaw=180.0)
    assert (plain.labels != odd.labels).sum() < 30  # ends of a frame may stick out at the temples


@pytest.mark.parametrize("yaw", [0.0, 80.0, 180.0])
@pytest.mark.parametrize("style", STYLES[NoiseKind.COAT])
def test_no_upper_clothes_pierce_a_coat_from_outside(style, yaw):
    """Upper clothes show in the coat's opening as one piece; slivers elsewhere would be holes in the coat."""
    _, odd = photographed(NoiseKind.COAT, style, yaw)
    pieces, count = ndimage.label(odd.labels == Label.UPPER_CLOTHES, np.ones((3, 3)))
    sizes = np.bincount(pieces.ravel())[1:]
    inside = ndimage.binary_erosion(ndimage.binary_fill_holes(odd.labels == Label.COAT), iterations=2)
    slivers = [size for number, size in enumerate(sizes, 1) if inside[pieces == number].all() and size < 40]
    assert sum(slivers) <= 24, f"{count} pieces"  # at the arm, where sleeve and trunk of the coat meet


@pytest.mark.parametrize("yaw", [0.0, 80.0, 180.0])
@pytest.mark.parametrize("style", STYLES[NoiseKind.HAT])
def test_no_hair_pierces_a_hat(style, yaw):
    """Whatever the hair, a hat has no hole."""
    styles = set()
    for index in range(7):
        casting = cast(PLAIN, index)
        styles.add(casting.identity.hair_style)
        figure = build_figure(casting.identity)
        shot = dataclasses.replace(casting.takes[0].shot, pose=standing(yaw))
        worn = dress(casting, figure, casting.garment)
        labels = take_photo(figure, worn, shot, (one_of(NoiseKind.HAT, style),), supersampling=1).labels
        hat = labels == Label.HAT
        assert (ndimage.binary_fill_holes(hat) & ~hat).sum() <= 2
    assert len(styles) >= 3


@pytest.mark.parametrize("kind", STYLES)
def test_another_garment_changes_nothing_else(kind):
    style = next(iter(STYLES[kind]))
    _, first = photographed(kind, style)
    _, second = photographed(kind, style, other_garment=True)
    outside, unshaded = (outside_garments(first, second, reach) for reach in (1, GARMENT_REACH))
    assert not (first.labels != second.labels)[outside].any()
    assert ((first.image != second.image).any(-1) & unshaded).mean() < SWAP_TOLERANCE


def _traits(casting: Casting) -> list[str]:
    """What is worth photographing about a person: attributes, garments of one piece, socks that show."""
    look, whole_body = casting.identity.lower_look, casting.takes[0].shot.whole_body
    return [
        *(one.kind for one in casting.attributes),
        *([casting.garment.kind] if casting.garment.whole and whole_body else []),
        *(["socks"] if look.socks and whole_body and look.cut.kind != "pants" and not casting.garment.whole else []),
        *([look.cut.kind] if not casting.garment.whole and whole_body else []),
    ]


@pytest.fixture(scope="module")
def default_people() -> dict[str, tuple[Casting, list[Photo]]]:
    """The first person of a default set of 320 with each trait, and their photos."""
    config, people = RenderConfig(persons=320), {}
    for index in range(config.persons):
        casting = cast(config, index)
        new = [trait for trait in _traits(casting) if trait not in people]
        if new:
            figure = build_figure(casting.identity)
            worn = dress(casting, figure, casting.garment)
            photos = [take_photo(figure, worn, take.shot, take.extras, supersampling=1) for take in casting.takes]
            people |= dict.fromkeys(new, (casting, photos))
    return people


def test_every_label_occurs_in_a_default_set(default_people):
    assert set(STYLES) | {"dress", "jumpsuit", "socks", "skirt", "shorts", "pants"} == set(default_people)
    seen = {label for _, photos in default_people.values() for photo in photos for label in np.unique(photo.labels)}
    assert seen == set(Label)


@pytest.mark.parametrize("kind", [NoiseKind.HAT, NoiseKind.SCARF, NoiseKind.COAT])
def test_attributes_are_worn_in_all_photos(kind, default_people):
    casting, photos = default_people[kind]
    assert all(take.extras == casting.attributes and not take.noise for take in casting.takes)
    assert all((photo.labels == LABELS[kind]).sum() > 25 for photo in photos)


def test_attributes_reach_their_share_and_none_means_none():
    people = [cast(RenderConfig(persons=400, attribute_share=0.3, seed=4), index) for index in range(400)]
    assert abs(np.mean([bool(one.attributes) for one in people]) - 0.3) < 0.07
    assert not any(cast(PLAIN, index).attributes for index in range(100))


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError, match="expected a kind of glasses"):
        sample_accessory("moustache", np.random.default_rng(0))
