"""The three stages as data (section III-E): which networks learn in each, and what each predicts with."""

from dataclasses import dataclass, replace

from spg_vton.config import ModelConfig, ObjectiveConfig, StageName

PHOTO_DISCRIMINATORS = ("d2", "d_global", "d_local")
_SYNTHESIS = ("spm.g2", "cwm.gmm1", "cwm.gmm2", "tsm.g3")


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


#: The paper's.
STAGES: dict[StageName, Stage] = {
    "semantic": Stage("semantic", ("spm.g1",), ("d1",)),
    "synthesis": Stage("synthesis", _SYNTHESIS, PHOTO_DISCRIMINATORS),
    "joint": Stage("joint", ("spm.g1", *_SYNTHESIS), ("d1", *PHOTO_DISCRIMINATORS)),
}


def stage_for(name: StageName, model: ModelConfig, objective: ObjectiveConfig) -> Stage:
    """The stage under these settings: without the discriminators that are switched off, with the networks added."""
    stage = STAGES[name]
    off = {"d_global": not objective.global_adversarial, "d_local": not objective.local_adversarial}
    added = ("cwm.flow",) if model.residual_flow and stage.synthesises else ()
    return replace(
        stage,
        generators=stage.generators + added,
        discriminators=tuple(part for part in stage.discriminators if not off.get(part)),
    )
