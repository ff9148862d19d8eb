"""The kinds of noise of section IV-A, one vocabulary for those who make it and those who find it."""

from enum import StrEnum


class NoiseKind(StrEnum):
    """What makes a triple noisy: one person photo has what the other lacks, or the given clothes are not those worn."""

    GLASSES = "glasses"  # clear ones and sunglasses
    BAG = "bag"
    HAT = "hat"
    SCARF = "scarf"
    NECKLACE = "necklace"
    GLOVES = "gloves"
    COAT = "coat"  # or jacket or cardigan, over the upper clothes
    UPPER_CLOTHES = "upper_clothes"  # the two photos show different ones
    BACKGROUND = "background"
    CLOTH_MISMATCH = "cloth_mismatch"  # the in-shop photo shows other clothes than both person photos


#: Kinds that are a thing worn in one photo only.
THINGS_WORN = (
    NoiseKind.GLASSES, NoiseKind.BAG, NoiseKind.HAT, NoiseKind.SCARF, NoiseKind.NECKLACE, NoiseKind.GLOVES,
    NoiseKind.COAT,
)  # fmt: skip
