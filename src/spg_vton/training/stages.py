"""The three stages as data (section III-E): which networks learn in each, and what each predicts with."""

from dataclasses import dataclass

from spg_vton.config import StageName


@dataclass(frozen=True)
class Stage:
    """One stage of the training."""

    name: StageName
    generators: tuple[str, ...]
    """Dotted names of the generators' parts that learn."""
    discriminators: tuple[str, ...]

    @property
    def learns_map(self) -> bool:
        """Whether G1 learns; else it is frozen."""
        return "spm.g1" in self.generators

    @property
    def synthesises(self) -> bool:
        """Whether the stage goes beyond the semantic map."""
        return "tsm.g3" in self.generators


_SYNTHESIS = ("spm.g2", "cwm.gmm1", "cwm.gmm2", "tsm.g3")
_PHOTO_DISCRIMINATORS = ("d2", "d_global", "d_local")

STAGES: dict[StageName, Stage] = {
    "semantic": Stage("semantic", ("spm.g1",), ("d1",)),
    "synthesis": Stage("synthesis", _SYNTHESIS, _PHOTO_DISCRIMINATORS),
    "joint": Stage("joint", ("spm.g1", *_SYNTHESIS), ("d1", *_PHOTO_DISCRIMINATORS)),
}
