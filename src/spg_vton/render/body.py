"""The body pack: base mesh, shape targets, rig and the canonical coordinates every material is written in.

All people share one topology; the *template* is the mean young adult. A surface point's canonical coordinates are
where it lies on the template, so that a neckline or an eyebrow sits at the same coordinates on everybody.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from spg_vton.render.mesh import Faces, Points, neighbour_mean

#: Vertices below this index are skin; the rest are helpers (clothes, hair, eyes, joints).
SKIN_VERTICES = 13380
SIDES = ("l", "r")
_ARM_BONES = ("upperarm", "lowerarm", "hand", "thumb", "index", "middle", "ring", "pinky")
_HAND_BONES = _ARM_BONES[2:]
_LEG_BONES = ("thigh", "calf", "foot", "ball")


class Canon(IntEnum):
    """A column of the canonical coordinates."""

    X = 0  # template position, decimetres
    Y = 1
    Z = 2
    ALONG_ARM = 3  # 0 shoulder, 1 elbow, 2 wrist
    ARM = 4  # skinning weight of the arm, 0 to 1
    LEG = 5
    HAND = 6


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Heights and places on the template, decimetres."""

    neck: float
    shoulder: float
    hip: float
    pelvis: float
    knee: float
    ankle: float
    ground: float
    eye: tuple[float, float, float]  # the left one; the right one is its mirror image
    mouth: float
    nose: float
    chin: float


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What all people share."""

    base: Points
    template: Points
    target_names: tuple[str, ...]
    targets: Float[np.ndarray, "T V 3"]
    bones: tuple[str, ...]
    parents: Int[np.ndarray, " B"]
    bone_heads: tuple[Int[np.ndarray, " n"], ...]
    weights: sparse.csr_matrix  # (V, B), four bones a vertex
    joints: dict[str, Int[np.ndarray, " n"]]
    skin: Faces
    tights: Faces
    skirt: Faces
    eyes: Faces
    tights_mean: sparse.csr_matrix
    canon: Float[np.ndarray, "V 7"]
    landmarks: Landmarks
    nose_tip: int
    ears: tuple[int, int]  # left, right

    def joint(self, points: Points, name: str) -> Float[np.ndarray, " 3"]:
        """Where a joint lies in ``points``: the mean of its cube of helper vertices."""
        return points[self.joints[name]].mean(0)

    def bone(self, name: str) -> int:
        """The index of a bone."""
        return self.bones.index(name)


def _ragged(pack: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, ...]:
    bounds = pack[f"{name}_offsets"]
    return tuple(pack[f"{name}_flat"][a:b] for a, b in pairwise(bounds))


def _weight_of(weights: sparse.csr_matrix, bones: tuple[str, ...], prefixes: tuple[str, ...]) -> np.ndarray:
    columns = [i for i, bone in enumerate(bones) if bone.startswith(prefixes)]
    return np.asarray(weights[:, columns].sum(1)).ravel()


def _along_arm(template: Points, joints: dict[str, np.ndarray]) -> np.ndarray:
    """0 at the shoulder, 1 at the elbow, 2 at the wrist; negative inside the trunk."""
    along = np.full(len(template), -1.0)
    for side in SIDES:
        shoulder, elbow, hand = (template[joints[f"{side}-{name}"]].mean(0) for name in ("shoulder", "elbow", "hand"))
        upper, lower = elbow - shoulder, hand - elbow
        upper_length, lower_length = np.linalg.norm(upper), np.linalg.norm(lower)
        first = (template - shoulder) @ upper / upper_length**2
        second = (template - elbow) @ lower / lower_length**2
        bisector = upper / upper_length + lower / lower_length
        blend = np.clip((template - elbow) @ bisector / np.linalg.norm(bisector) / 0.6 + 0.5, 0, 1)
        here = (1 - blend) * np.minimum(first, 1.2) + blend * (1 + np.maximum(second, -0.2))
        along = np.where((template[:, 0] > 0) == (side == "l"), here, along)
    return along


def _landmarks(template: Points, joints: dict[str, np.ndarray], nose_tip: int) -> Landmarks:
    def height(name: str) -> float:
        return float(template[joints[name]].mean(0)[1])

    skin = template[:SKIN_VERTICES]
    chin = skin[(np.abs(skin[:, 0]) < 0.1) & (skin[:, 2] > 1.2) & (skin[:, 1] > height("neck"))]
    eye = template[joints["l-eye"]].mean(0)
    return Landmarks(
        neck=height("neck"),
        shoulder=height("l-shoulder"),
        hip=height("l-upper-leg"),
        pelvis=height("pelvis"),
        knee=height("l-knee"),
        ankle=height("l-ankle"),
        ground=float(skin[:, 1].min()),
        eye=(float(eye[0]), float(eye[1]), float(eye[2])),
        # The lips part between the upper and the lower row of teeth.
        mouth=float((template[15060:15128, 1].min() + template[14992:15060, 1].max()) / 2 - 0.02),
        nose=float(template[nose_tip, 1]),
        chin=float(chin[:, 1].min()),
    )


def _read_pack() -> dict[str, np.ndarray]:
    source = resources.files("spg_vton.render") / "assets" / "body_pack.npz"
    with source.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _skinning(pack: dict[str, np.ndarray]) -> sparse.csr_matrix:
    """Weights (V, B) whose rows sum to 1."""
    weights = pack["weights"].astype(np.float64)
    weights /= weights.sum(1, keepdims=True)
    rows = np.repeat(np.arange(len(weights)), weights.shape[1])
    shape = (len(weights), len(pack["bones"]))
    return sparse.csr_matrix((weights.ravel(), (rows, pack["weight_bones"].ravel())), shape)


def _face_points(template: Points, joints: dict[str, np.ndarray]) -> tuple[int, tuple[int, int]]:
    """Vertices of the nose's tip and of the left and the right ear."""
    skin = template[:SKIN_VERTICES]
    eye, neck = (template[joints[name]].mean(0)[1] for name in ("l-eye", "neck"))
    middle = np.flatnonzero((np.abs(skin[:, 0]) < 0.02) & (skin[:, 1] > neck) & (skin[:, 1] < eye))
    sides = np.flatnonzero((skin[:, 1] > eye - 0.5) & (skin[:, 1] < eye + 0.2))
    ears = int(sides[skin[sides, 0].argmax()]), int(sides[skin[sides, 0].argmin()])
    return int(middle[skin[middle, 2].argmax()]), ears


@cache
def load_body() -> Body:
    """Read the pack and compute the canonical coordinates, once a process."""
    pack = _read_pack()
    template, weights = pack["template"].astype(np.float64), _skinning(pack)
    bones = tuple(str(bone) for bone in pack["bones"])
    joints = {str(name): vertices for name, vertices in zip(pack["joints"], _ragged(pack, "joints"), strict=True)}
    nose_tip, ears = _face_points(template, joints)
    parts = [_weight_of(weights, bones, prefixes) for prefixes in (_ARM_BONES, _LEG_BONES, _HAND_BONES)]
    return Body(
        base=pack["base"].astype(np.float64),
        template=template,
        target_names=tuple(str(name) for name in pack["target_names"]),
        targets=pack["targets"],
        bones=bones,
        parents=pack["parents"],
        bone_heads=_ragged(pack, "heads"),
        weights=weights,
        joints=joints,
        skin=pack["faces_body"],
        tights=pack["faces_tights"],
        skirt=pack["faces_skirt"],
        eyes=np.concatenate([pack["faces_l_eye"], pack["faces_r_eye"]]),
        tights_mean=neighbour_mean(pack["faces_tights"], len(template)),
        canon=np.column_stack([template, _along_arm(template, joints), *parts]).astype(np.float32),
        landmarks=_landmarks(template, joints, nose_tip),
        nose_tip=nose_tip,
        ears=ears,
    )
