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
_INSIDE |= {Keypoint.RIGHT_EAR: 0.3, Keypoint.LEFT_EAR: 0.3}
_JOINT_INSIDE = 1.6
VISIBLE, OCCLUDED = 1.0, 0.5


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
    world[Keypoint.NECK] = (world[Keypoint.RIGHT_SHOULDER] + world[Keypoint.LEFT_SHOULDER]) / 2
    # A little inside the tip, so that the point lies on the face in profile too.
    world[Keypoint.NOSE] = 0.88 * posed[body.nose_tip] + 0.12 * body.joint(posed, "head")
    world[Keypoint.LEFT_EAR], world[Keypoint.RIGHT_EAR] = posed[list(body.ears)]
    xy, near = camera.project(world, supersampling=1)
    found = np.zeros((NUM_KEYPOINTS, 3), np.float32)
    for keypoint in Keypoint:
        column, row = int(np.floor(xy[keypoint, 0])), int(np.floor(xy[keypoint, 1]))
        if not (0 <= column < WIDTH and 0 <= row < HEIGHT):
            continue
        seen = depth[row, column] - near[keypoint] < _INSIDE.get(keypoint, _JOINT_INSIDE)
        if seen or keypoint not in _INSIDE:
            found[keypoint] = (*(xy[keypoint] - 0.5), VISIBLE if seen else OCCLUDED)
    return found
