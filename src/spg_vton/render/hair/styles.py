"""The styles: how each one grows, as numbers; decimetres, and canonical heights."""

from dataclasses import dataclass, replace
from types import MappingProxyType

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """A hair style; ranges run from the shortest or least wavy person to the longest or most wavy.

    Attributes:
        comb: which way hair leaves the scalp: part, forward, up or out.
        end: height at which the tips hang; None where ``length`` counts.
        length: of the strands on top, for styles whose tips do not hang; of an "out" comb the radius of the hair.
        sides: length of the strands at ears and nape relative to those on top.
        layering: how much of the length the uppermost strands lack.
        bend: length over which a strand gives in to gravity.
        lay: how far hair that stands off is pressed down onto the head, 0 to 1.
        volume: height of the outermost strands over the scalp.
        wave: sideways amplitude of waves.
        wave_length: length of one wave.
        curl: depth of a wave relative to its width; 1 is a corkscrew.
        frizz: random displacement of single strands.
        clump: how far tips draw together into locks, 0 to 1.
        strands: how many.
        width: of a ribbon in its middle.
        segments: of a ribbon; waves need more of them.
        gather: where hair is tied together, None if it is not.
    """

    comb: str = "part"
    end: Range | None = None
    length: Range = (0.0, 0.0)
    sides: float = 1.0
    layering: float = 0.1
    bend: float = 0.5
    lay: float = 0.3
    volume: float = 0.2
    wave: Range = (0.0, 0.0)
    wave_length: float = 1.2
    curl: float = 0.3
    frizz: float = 0.02
    clump: float = 0.4
    strands: int = 900
    width: float = 0.085
    segments: int = 16
    gather: str | None = None


_TIED = Style(volume=0.09, frizz=0.012, width=0.075)
STYLES = MappingProxyType({
    "long_straight": Style(end=(4.9, 3.5), volume=0.16, wave=(0.01, 0.05), wave_length=2.2, layering=0.06, clump=0.3),
    "long_wavy": Style(
        end=(5.0, 3.7), volume=0.24, wave=(0.06, 0.13), wave_length=1.15, layering=0.16, curl=0.5, frizz=0.025,
        clump=0.5, segments=26,
    ),
    "long_curly": Style(
        end=(5.2, 4.1), volume=0.26, wave=(0.07, 0.11), wave_length=0.62, layering=0.3, curl=0.7, frizz=0.03,
        clump=0.6, bend=0.65, segments=40,
    ),
    "afro": Style(
        comb="out", length=(1.3, 1.75), bend=6.0, lay=0.0, volume=0.05, wave=(0.09, 0.12), wave_length=0.33,
        curl=0.9, frizz=0.03, clump=0.12, strands=1700, width=0.08, segments=20,
    ),
    "bob": Style(end=(6.8, 6.2), volume=0.22, wave=(0.01, 0.06), wave_length=1.3, layering=0.03, clump=0.25),
    "layered": Style(
        end=(5.9, 5.2), volume=0.24, wave=(0.03, 0.09), wave_length=1.1, layering=0.3, curl=0.4, frizz=0.025,
        clump=0.5, segments=18,
    ),
    "pixie": Style(length=(0.7, 1.05), sides=0.4, bend=0.6, lay=0.85, volume=0.16, strands=1100,
                    wave=(0.02, 0.05), wave_length=0.9, clump=0.6),
    "high_bun": replace(_TIED, gather="high_bun"),
    "low_bun": replace(_TIED, gather="low_bun"),
    "ponytail": replace(_TIED, gather="ponytail", wave=(0.02, 0.09), wave_length=1.2, end=(5.2, 4.0)),
    "braid": replace(_TIED, gather="braid", end=(4.6, 3.6), segments=36),
    "crop": Style(
        comb="forward", length=(0.3, 0.5), sides=0.5, bend=0.6, lay=0.9, volume=0.1, clump=0.3,
        strands=1200, width=0.06,
    ),
    "side_part": Style(
        length=(0.5, 0.85), sides=0.3, bend=0.7, lay=0.9, volume=0.15, wave=(0.0, 0.03), clump=0.4, strands=1200,
        width=0.065,
    ),
    "quiff": Style(
        comb="up", length=(0.4, 0.75), sides=0.16, bend=2.5, lay=0.12, volume=0.15, wave=(0.0, 0.04), clump=0.4,
        strands=1200, width=0.065,
    ),
    "curly_short": Style(
        comb="out", length=(0.95, 1.25), bend=2.0, lay=0.0, volume=0.05, wave=(0.06, 0.09), wave_length=0.3,
        curl=1.0, frizz=0.03, clump=0.15, strands=1300, width=0.075,
    ),
    "buzz": Style(comb="forward", volume=0.07, strands=0),
    "receding": Style(comb="forward", length=(0.16, 0.3), sides=0.8, lay=0.9, volume=0.08, strands=900,
                      width=0.055),
    "bald": Style(comb="forward", volume=0.0, strands=0),
})  # fmt: skip
