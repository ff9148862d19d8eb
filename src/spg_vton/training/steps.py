"""One training step of a stage: forward, both sides' losses, by name (section III-E)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from spg_vton.config import TrainingConfig
from spg_vton.losses.objective import Breakdown, Objective, Synthesis
from spg_vton.models.inputs import Truth, TryOnInputs, prepare
from spg_vton.models.spg_vton import SpgVton
from spg_vton.models.try_on_synthesis import random_erase
from spg_vton.training.contest import Contest, photo_contests, play, semantic_contest
from spg_vton.training.stages import Stage
from spg_vton.training.terms import Terms
from spg_vton.types import Batch

_TERM_NAMES = {
    "d1": "semantic_adversarial",
    "d2": "coarse_adversarial",
    "d_global": "global_adversarial",
    "d_local": "local_adversarial",
}


@dataclass(frozen=True)
class StepLosses:
    """What a step minimises on either side."""

    generators: Breakdown
    discriminators: dict[str, Tensor]

    def terms(self) -> Terms:
        """Every loss by name, without its graph."""
        return Terms.of(self.generators, self.discriminators)


class Step:
    """The losses of a batch in a stage.

    Args:
        stage: what learns.
        model: the generators.
        discriminators: by name.
        objective: weighs the generators' terms.
        config: erasing, R1, and whose mask GMM1 reads in stage 2.
    """

    def __init__(
        self, stage: Stage, model: SpgVton, discriminators: nn.ModuleDict, objective: Objective, config: TrainingConfig
    ) -> None:
        self.stage, self.model, self.discriminators = stage, model, discriminators
        self.objective, self.config = objective, config

    def __call__(self, batch: Batch, erasing: Tensor, *, adversarial: bool, r1: bool) -> StepLosses:
        """Losses of ``batch``.

        Args:
            batch: with target photos, on the networks' device.
            erasing: the draws of ``random_erase``, (5, B).
            adversarial: whether the discriminators take part.
            r1: whether this step carries the (lazy) gradient penalty.
        """
        inputs, truth = prepare(batch)
        if truth is None:
            raise ValueError("Step: expected triples with target photos, got a batch without.")
        semantic_map, breakdown = self._predict_map(inputs, truth)
        contests = {"d1": semantic_contest(semantic_map, inputs, truth)} if self.stage.learns_map else {}
        if self.stage.synthesises:
            made = self._synthesise(inputs, truth, semantic_map, erasing)
            breakdown = breakdown + self.objective.synthesis(made, inputs, truth)
            if adversarial:
                contests |= photo_contests(made, inputs, truth, self.stage.discriminators)
        if not adversarial:
            return StepLosses(breakdown, {})
        terms, losses = self._play(contests, r1)
        return StepLosses(breakdown + self.objective.adversarial(terms), losses)

    def _predict_map(self, inputs: TryOnInputs, truth: Truth) -> tuple[Tensor, Breakdown]:
        with torch.set_grad_enabled(self.stage.learns_map):
            logits = self.model.spm.predict_logits(inputs)
            semantic_map = torch.softmax(logits.float(), dim=1)
        if not self.stage.learns_map:
            return semantic_map, Breakdown()
        return semantic_map, self.objective.semantic(logits, semantic_map, truth)

    def _synthesise(self, inputs: TryOnInputs, truth: Truth, semantic_map: Tensor, erasing: Tensor) -> Synthesis:
        coarse = self.model.spm.synthesise(inputs, semantic_map)
        forced = self.config.true_mask_in_synthesis and not self.stage.learns_map
        mask = truth.clothes_mask if forced else coarse.clothes_mask
        warped = self.model.cwm(inputs.cloth, inputs.cloth_mask, mask)
        restored = self.model.cwm.restore(warped, inputs.cloth_mask)
        erased = random_erase(coarse.image, erasing, self.config.erase_probability)
        try_on = self.model.tsm(erased, warped, inputs.pose, coarse.guidance)
        return Synthesis(semantic_map, coarse, warped, restored, try_on)

    def _play(self, contests: dict[str, Contest], r1: bool) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        weight = self.config.r1_weight * self.config.r1_every if r1 else 0.0
        terms, losses = {}, {}
        for name, contest in contests.items():
            terms[_TERM_NAMES[name]], losses[name] = play(self.discriminators[name], contest, weight)
        return terms, losses
