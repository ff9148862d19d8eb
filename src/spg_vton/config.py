"""Typed settings of networks, losses and training; the defaults are the paper's where its text gives them.

A field that departs from the paper says "deviation" and is off by default.
"""

import json
from dataclasses import asdict
from typing import Any, Literal, Self, get_args

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

Norm = Literal["instance", "none"]
Tail = Literal["paper", "wide"]
CycleOn = Literal["clothes", "masks"]
IdentityName = Literal["dlib-face", "sphere-face", "none"]
HeadBox = Literal["map", "keypoints"]
FeatureName = Literal["vgg19", "vgg19-imagenet", "squeezenet", "alexnet"]
StageName = Literal["semantic", "synthesis", "joint"]
STAGE_NAMES: tuple[StageName, ...] = get_args(StageName)

_STRICT = ConfigDict(extra="forbid")

#: Training settings that say how fast, where and how safely, not what comes out (but for the rounding of sums).
_PACE = (
    "checkpoint_seconds", "checkpoint_steps", "keep_last", "log_every", "threads", "devices", "num_nodes", "rendezvous",
)  # fmt: skip


@dataclass(frozen=True, config=_STRICT)
class ModelConfig:
    """Sizes and options of the networks; the defaults are the paper's."""

    height: int = Field(default=256, ge=64, multiple_of=8)
    """Of the images, in pixels."""
    width: int = Field(default=192, ge=48, multiple_of=8)
    generator_width: int = Field(default=64, ge=4)
    """Channels of the generators' first layer."""
    discriminator_width: int = Field(default=32, ge=4)
    discriminator_scales: int = Field(default=3, ge=1, le=4)
    matching_width: int = Field(default=64, ge=4)
    """Channels of the GMMs' first layer."""
    norm: Norm = "instance"
    """Of generators and discriminators; the text says instance, the authors' code none."""
    skips: bool = False
    """U-Net connections in the generators (deviation)."""
    tail: Tail = "paper"
    """``wide`` keeps the generators' width up to the last layer (deviation)."""
    prealign: bool = False
    """Match the masks' moments before the TPS (deviation)."""
    tps_reach: float = Field(default=1.0, gt=0, le=2)
    """Largest TPS offset in normalised coordinates."""
    gate: bool = False
    """Multiply the composition mask by the warped garment's (deviation)."""
    map_guidance: bool = True
    """Pass Ŝ_t on to what follows G1; off, zeros stand in its place (ablation)."""
    map_in_g3: bool = False
    """Ŝ_t among G3's inputs (deviation)."""
    adaptive_norm: bool = False
    """Spatially adaptive normalisation on Ŝ_t in the decoders of G2 and G3 (deviation)."""
    residual_flow: bool = False
    """An appearance flow added to the TPS's grid (deviation)."""

    @property
    def size(self) -> tuple[int, int]:
        """(H, W)."""
        return self.height, self.width


@dataclass(frozen=True, config=_STRICT)
class Lambdas:
    """The paper's λ1 … λ5; the defaults are the paper's values."""

    focal: float = Field(default=10.0, ge=0)
    """λ1, of the focal loss of the predicted map (Eq. 2)."""
    coarse: float = Field(default=10.0, ge=0)
    """λ2, of the coarse photo's reconstruction and perceptual losses (Eq. 6)."""
    cycle: float = Field(default=20.0, ge=0)
    """λ3, of the conductible cycle (Eq. 9)."""
    try_on: float = Field(default=10.0, ge=0)
    """λ4, of the try-on photo's reconstruction and perceptual losses (Eq. 16)."""
    identity: float = Field(default=10.0, ge=0)
    """λ5, of the face identity loss (Eq. 16)."""


@dataclass(frozen=True, config=_STRICT)
class ObjectiveConfig:
    """What the losses are made of; the defaults are the paper's."""

    image_weight: float = Field(default=2.0, ge=0)
    """α1 of Eq. 11, of ‖Î_t − I_t‖₁."""
    composition_weight: float = Field(default=0.5, ge=0)
    """α2 of Eq. 11, of ‖1 − M‖₁."""
    adversarial_weight: float = Field(default=1.0, ge=0)
    """Of every adversarial term; 1 in the paper."""
    global_adversarial: bool = True
    """L_adv^g of Eq. 13; off, D_g is not trained (ablation)."""
    local_adversarial: bool = True
    """L_adv^l of Eq. 14; off, D_l is not trained (ablation)."""
    cycle: CycleOn = "clothes"
    """``clothes``: Eq. 8; ``masks``: the L1 between masks that section III-C argues against (ablation)."""
    mask_l1_weight: float = Field(default=0.0, ge=0)
    """Of ‖M_w^C − M_t^c‖₁ (deviation; 0 in the paper)."""
    tps_regularity_weight: float = Field(default=0.0, ge=0)
    """Of the second-order differences of the TPS control grids (deviation; 0 in the paper)."""
    flow_smoothness_weight: float = Field(default=10.0, ge=0)
    """Of the residual flow's roughness (ours); without ``model.residual_flow`` there is no such term."""
    flow_truth_weight: float = Field(default=0.0, ge=0)
    """Of the warp's distance to the true one, where a triple carries it (deviation; 0 in the paper)."""
    perceptual: FeatureName = "vgg19"
    """Feature network of Eq. 4 and 12."""
    perceptual_upsample: int = Field(default=1, ge=1, le=4)
    """Enlarge images this many times before the feature network."""
    identity: IdentityName = "dlib-face"
    """Face network F of Eq. 15; where dlib's weights are absent the term is off, and says so."""
    identity_file: str = ""
    """Weights of ``sphere-face``, which no package carries: a state dictionary of sphere20a."""
    identity_sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    """The hash that file must have."""
    head_box: HeadBox = "map"
    """What places Eq. 15's crop: the predicted map's face and hair, or the target pose's face keypoints."""

    @model_validator(mode="after")
    def _sphere_face_names_its_file(self) -> Self:
        if self.identity == "sphere-face" and not (self.identity_file and self.identity_sha256):
            raise ValueError(
                "identity: sphere-face needs identity_file and identity_sha256, for no package carries its weights; "
                "give both, or take dlib-face."
            )
        return self


@dataclass(frozen=True, config=_STRICT)
class StageConfig:
    """Length and pace of one stage."""

    steps: int = Field(ge=0)
    """Optimiser steps; 0 leaves the stage out."""
    learning_rate: float = Field(default=2e-4, gt=0)
    """Of Adam, at its highest; 2e-4 in the paper."""
    adversarial_from: float = Field(default=0.0, ge=0, le=1)
    """Share of the stage after which the adversarial terms join; 0 in the paper, 1 leaves them out."""


@dataclass(frozen=True, config=_STRICT)
class OptimiserConfig:
    """Adam, and how its rate runs through a stage."""

    beta1: float = Field(default=0.0, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    weight_decay: float = Field(default=5e-4, ge=0)
    """Coupled L2, as in the paper."""
    schedule: Literal["constant", "cosine"] = "constant"
    """``cosine``: a warm-up over the first 5 %, then a cosine down to 2 % (the text names no schedule)."""
    clip_norm: float = Field(default=0.0, ge=0)
    """Largest norm of either side's gradient (deviation); 0 leaves gradients as they are."""


@dataclass(frozen=True, config=_STRICT)
class ValidationConfig:
    """Persons of the train split kept back, by whom a stage's best state is chosen; the test split is never touched."""

    share: float = Field(default=0.0, ge=0, lt=1)
    """Of the train split's persons; 0 trains on all of them and takes the last state."""
    every: int = Field(default=100, ge=1)
    """Steps between two looks; the last step is always looked at."""
    triples: int = Field(default=64, ge=1)
    """At most so many of theirs, evenly spaced."""
    seed: int = Field(default=0, ge=0)
    """Chooses the persons."""


@dataclass(frozen=True, config=_STRICT)
class TrainingConfig:
    """Everything about the training but the networks and the weights of the losses."""

    semantic: StageConfig
    """Stage 1: G1 and D1."""
    synthesis: StageConfig
    """Stage 2: the rest, with G1 frozen."""
    joint: StageConfig
    """Stage 3: everything together."""
    optimiser: OptimiserConfig = Field(default_factory=OptimiserConfig)
    batch_size: int = Field(default=8, ge=1)
    """Triples a step, over all devices and accumulated parts; the text does not give it."""
    accumulate: int = Field(default=1, ge=1)
    """Parts that a device takes its share of the batch in, one after the other; saves memory."""
    ema_decay: float = Field(default=0.0, ge=0, lt=1)
    """Of the running mean of the generators' weights, which then is the result (deviation); 0 = off."""
    flip: bool = False
    """Mirror half of the triples at random (deviation)."""
    erase_probability: float = Field(default=0.5, ge=0, le=1)
    """Of a rectangle erased from I_p."""
    true_mask_in_synthesis: bool = False
    """Stage 2 feeds GMM1 the true clothes mask instead of M_p^c (deviation)."""
    noisy_triples: Literal["keep", "drop", "downweight"] = "keep"
    """What becomes of the triples marked noisy; the paper keeps them."""
    noisy_weight: float = Field(default=0.25, gt=0, le=1)
    """How often ``downweight`` draws a noisy triple, as a share of how often a clean one."""
    validation: ValidationConfig = Field(default_factory=ValidationConfig)
    r1_weight: float = Field(default=0.01, ge=0)
    """Of the gradient penalty on real samples."""
    r1_every: int = Field(default=1, ge=1)
    """Apply it every so many steps, with the weight times as much (lazy R1)."""
    seed: int = Field(default=0, ge=0)
    accelerator: str = "auto"
    """Fabric's: auto, cpu or cuda."""
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    """Fabric's; ``bf16-mixed`` runs generators and discriminators in bfloat16, warps and losses in float32."""
    channels_last: bool = False
    """Keep images and convolutions with channels last in memory (faster on most GPUs)."""
    compile: bool = False
    """``torch.compile`` the generators; not the discriminators, whose R1 needs second derivatives."""
    devices: int = Field(default=1, ge=1)
    """Processes on this machine, one a device."""
    num_nodes: int = Field(default=1, ge=1)
    """Machines."""
    rendezvous: str = ""
    """``host:port`` at which several machines meet; unused on one."""
    threads: int = Field(default=0, ge=0)
    """CPU threads of PyTorch; 0 leaves its choice."""
    log_every: int = Field(default=10, ge=1)
    """Steps between two records of the losses."""
    checkpoint_seconds: float = Field(default=60, gt=0)
    """Between two writings of the resumable state."""
    checkpoint_steps: int = Field(default=0, ge=0)
    """Write it each so many steps as well; 0 goes by the seconds alone."""
    keep_last: int = Field(default=2, ge=1)
    """How many written states stay."""

    @property
    def processes(self) -> int:
        """On all machines together."""
        return self.devices * self.num_nodes

    @model_validator(mode="after")
    def _parts_are_equal(self) -> "TrainingConfig":
        parts = self.processes * self.accumulate
        if self.batch_size % parts:
            raise ValueError(
                f"batch_size: expected a multiple of devices × num_nodes × accumulate = {parts}, got {self.batch_size}"
            )
        if self.num_nodes > 1 and not self.rendezvous:
            raise ValueError(f"rendezvous: expected host:port where num_nodes is {self.num_nodes}, got nothing")
        return self


@dataclass(frozen=True, config=_STRICT)
class EvaluationConfig:
    """How the test split is judged and shown."""

    lpips_upsample: int = Field(default=1, ge=1, le=4)
    """Enlarge both photos this many times before LPIPS; AlexNet needs some 100 pixels. Part of the protocol."""
    batch_size: int = Field(default=16, ge=1)
    sheet_rows: int = Field(default=6, ge=1)
    """Rows of the contact sheet, paired and again unpaired."""


@dataclass(frozen=True, config=_STRICT)
class Experiment:
    """Everything that decides what comes out of the training."""

    model: ModelConfig
    training: TrainingConfig
    lambdas: Lambdas
    objective: ObjectiveConfig

    def stage_settings(self, stage: StageName) -> dict[str, Any]:
        """The settings that ``stage`` depends on, as plain values; what only other stages read is left out."""
        settings = asdict(self)
        for other in STAGE_NAMES:
            if other != stage:
                del settings["training"][other]
        for name in _PACE:
            del settings["training"][name]
        if stage == "semantic":
            settings["lambdas"] = {"focal": self.lambdas.focal}
            settings["objective"] = {"adversarial_weight": self.objective.adversarial_weight}
        return settings

    def metadata(self, stage: StageName, data_sha256: str) -> dict[str, str]:
        """What a model file says of itself."""
        settings = {"model": asdict(self.model), "lambdas": asdict(self.lambdas), "objective": asdict(self.objective)}
        return {
            "stage": stage,
            "data_sha256": data_sha256,
            **{name: json.dumps(value) for name, value in settings.items()},
            "training": json.dumps(asdict(self.training)),
        }
