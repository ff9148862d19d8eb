"""Face identity loss (Eq. 15): embeddings of the face-and-hair crops of result and truth."""

from collections.abc import Callable

from jaxtyping import Bool, Float
from torch import Tensor

from spg_vton.geometry.crops import crop, keypoint_boxes, mask_boxes

#: Side of the crops, in pixels.
CROP_SIZE = 150


def face_identity(
    embed: Callable[[Tensor], Tensor],
    predicted: Float[Tensor, "B 3 H W"],
    truth: Float[Tensor, "B 3 H W"],
    head_mask: Float[Tensor, "B 1 H W"],
) -> tuple[Float[Tensor, ""], int]:
    """Mean over samples with a visible head of ‖F(crop of predicted) − F(crop of truth)‖₁, and how many those are.

    Args:
        embed: F, (B, 3, s, s) RGB in [-1, 1] → (B, d).
        predicted: Î_t in [-1, 1].
        truth: I_t in [-1, 1].
        head_mask: face and hair; one box, from this mask, cuts both images.

    Returns:
        The loss, 0 (with a gradient of 0) where no head is seen, and the number of heads seen.
    """
    boxes, seen = mask_boxes(head_mask.detach())
    mask = (head_mask > 0.5).to(predicted)
    return _compare(embed, predicted * mask, truth * mask, boxes, seen)


def face_identity_at_keypoints(
    embed: Callable[[Tensor], Tensor],
    predicted: Float[Tensor, "B 3 H W"],
    truth: Float[Tensor, "B 3 H W"],
    keypoints: Float[Tensor, "B 18 3"],
) -> tuple[Float[Tensor, ""], int]:
    """:func:`face_identity` with the box around the target pose's face keypoints, and all that lies in it."""
    return _compare(embed, predicted, truth, *keypoint_boxes(keypoints))


def _compare(
    embed: Callable[[Tensor], Tensor],
    predicted: Float[Tensor, "B 3 H W"],
    truth: Float[Tensor, "B 3 H W"],
    boxes: Float[Tensor, "B 4"],
    seen: Bool[Tensor, " B"],
) -> tuple[Float[Tensor, ""], int]:
    count = int(seen.sum())
    if not count:
        return predicted.sum() * 0, 0
    result, target = (crop(image[seen], boxes[seen], CROP_SIZE) for image in (predicted, truth))
    difference = embed(result) - embed(target).detach()
    return difference.abs().sum(1).mean(), count
