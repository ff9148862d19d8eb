"""Keypoints of a posed body, in the photo."""

import numpy as np
from jaxtyping import Float

from spg_vton.keypoints import NUM_KEYPOINTS, Keypoint
from spg_vton.render.body import Body
from spg_vton.render.camera import HEIGHT, WIDTH, Camera
from spg_vton.render.mesh import Points

_JOINTS = {
    Keypoint.RIGHT_SHOULDER: "r-shoulder",
    Keypoint.RIGHT_ELBOW: "r-elbow",
    Keypoint.RIGHT_WRIST: "r-hand",
    Keypoint.LEFT_SHOULDER: "l-shoulder",
    Keypoint.LEFT_ELBOW: "l-elbow",
    Keypoint.LEFT_WRIST: "l-hand",
    Keypoint.RIGHT_HIP: "r-upper-leg",
    Keypoint.RIGHT_KNEE: "r-knee",
    Keypoint.RIGHT_ANKLE: "r-ankle",
    Keypoint.LEFT_HIP: "l-upper-leg",
    Keypoint.LEFT_KNEE: "l-knee",
    Keypoint.LEFT_ANKLE: "l-ankle",
    Keypoint.RIGHT_EYE: "r-eye",
    Keypoint.LEFT_EYE: "l-eye",
}
#: How far, in decimetres, a point lies at most behind the surface that shows it; joints lie inside the body.
_INSIDE = {Keypoint.NOSE: 0.45, Keypoint.RIGHT_EYE: 0.35, Keypoint.LEFT_EYE: 0.35}
_INSIDE |= {Keypoint.RIGHT_EAR: 0.45, Keypoint.LEFT_EAR: 0.45}
_JOINT_INSIDE = 1.6
_INSIDE_LIMB = 0.75
_LIMB_JOINTS = (Keypoint.LEFT_ELBOW, Keypoint.RIGHT_ELBOW, Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)
#: From the rig's joints to where OpenPose puts them on MPV's photos: the share of the way to the pair's middle, and
#: decimetres up the trunk.
_SHOULDER_INWARDS, _SHOULDER_UP = 0.1, 0.2
_HIP_INWARDS, _HIP_UP = 0.08, 0.25
_EAR_INWARDS = 0.14
VISIBLE, OCCLUDED = 1.0, 0.5


def _to_annotated_places(body: Body, posed: Points, world: Float[np.ndarray, "18 3"]) -> None:
    """Move shoulders and hips, in place, from the rig's joints to where annotators see them."""
    trunk = body.joint(posed, "neck") - body.joint(posed, "pelvis")
    up = trunk / np.linalg.norm(trunk)
    for pair, inwards, rise in (
        ([Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_SHOULDER], _SHOULDER_INWARDS, _SHOULDER_UP),
        ([Keypoint.RIGHT_HIP, Keypoint.LEFT_HIP], _HIP_INWARDS, _HIP_UP),
    ):
        world[pair] += inwards * (world[pair].mean(0) - world[pair]) + rise * up


def locate_keypoints(
    body: Body, posed: Points, camera: Camera, depth: Float[np.ndarray, "256 192"]
) -> Float[np.ndarray, "18 3"]:
    """Project joints and face points.

    Args:
        body: shared topology.
        posed: the posed skin and joints.
        camera: the camera.
        depth: depth of the undressed body at final size.

    Returns:
        (x, y, confidence) in pixels of the photo, top-left pixel centre at (0, 0). Confidence 1 is visible and 0.5
        hidden behind the body; points outside the photo and hidden points of the face are (0, 0, 0).
    """
    world = np.zeros((NUM_KEYPOINTS, 3))
    for keypoint, joint in _JOINTS.items():
        world[keypoint] = body.joint(posed, joint)
    _to_annotated_places(body, posed, world)
    world[Keypoint.NECK] = (world[Keypoint.RIGHT_SHOULDER] + world[Keypoint.LEFT_SHOULDER]) / 2
    # A little inside the tip, so that the point lies on the face in profile too.
    world[Keypoint.NOSE] = 0.88 * posed[body.nose_tip] + 0.12 * body.joint(posed, "head")
    ears = posed[list(body.ears)]
    world[[Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]] = ears + _EAR_INWARDS * (ears.mean(0) - ears)
    xy, near = camera.project(world, supersampling=1)
    found = np.zeros((NUM_KEYPOINTS, 3), np.float32)
    for keypoint in Keypoint:
        column, row = int(np.floor(xy[keypoint, 0])), int(np.floor(xy[keypoint, 1]))
        if not (0 <= column < WIDTH and 0 <= row < HEIGHT):
            continue
        limit = _INSIDE_LIMB if keypoint in _LIMB_JOINTS else _INSIDE.get(keypoint, _JOINT_INSIDE)
        seen = depth[row, column] - near[keypoint] < limit
        if seen or keypoint not in _INSIDE:
            found[keypoint] = (*(xy[keypoint] - 0.5), VISIBLE if seen else OCCLUDED)
    return found
