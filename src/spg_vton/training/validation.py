"""How far a stage has come, on persons it does not train on: one cheap number, smaller is better."""

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from spg_vton.config import TrainingConfig
from spg_vton.losses.reconstruction import l1
from spg_vton.models.inputs import Truth, TryOnInputs, prepare
from spg_vton.models.spg_vton import SpgVton
from spg_vton.store.dataset import Store
from spg_vton.training.stages import Stage

#: The metric's name in the curve: of stage 1 the L1 of the semantic map, else of the try-on photo in [-1, 1].
NAME = "validation.l1"


class Validation:
    """Judges a stage's generators as they predict: nothing is erased, GMM1 reads the predicted mask.

    Args:
        stage: what is judged.
        store: packed triples.
        rows: the held-out ones.
        config: batch size, and how often.
        fabric: shares the rows among the processes.
    """

    def __init__(self, stage: Stage, store: Store, rows: np.ndarray, config: TrainingConfig, fabric: Fabric) -> None:
        self.stage, self.store, self.rows, self.fabric = stage, store, rows, fabric
        self.every, self.batch_size = config.validation.every, config.batch_size

    def is_due(self, step: int, steps: int) -> bool:
        """Whether to look after ``step`` of ``steps``."""
        return len(self.rows) > 0 and (step % self.every == 0 or step == steps)

    @torch.no_grad()
    def score(self, model: SpgVton) -> float:
        """The mean over all held-out triples."""
        rows = self.rows[self.fabric.global_rank :: self.fabric.world_size]
        total = torch.zeros(2, dtype=torch.float64, device=self.fabric.device)
        for first in range(0, len(rows), self.batch_size):
            batch = self.store.batch(rows[first : first + self.batch_size]).to(self.fabric.device)
            inputs, truth = prepare(batch)
            assert truth is not None
            total[0] += self._distance(model, inputs, truth) * len(batch)
            total[1] += len(batch)
        summed = self.fabric.all_reduce(total, reduce_op="sum")
        assert isinstance(summed, Tensor)
        return float(summed[0] / summed[1])

    def _distance(self, model: SpgVton, inputs: TryOnInputs, truth: Truth) -> Tensor:
        if not self.stage.synthesises:
            return l1(torch.softmax(model.spm.predict_logits(inputs), dim=1), truth.semantic_map)
        return l1(model(inputs).try_on.image, truth.image)
