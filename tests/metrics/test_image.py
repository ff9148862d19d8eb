"""l1 and ssim against scikit-image and known answers."""

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity

from spg_vton.metrics.image import l1_distance, ssim


def photos(seed=0, size=(64, 48)):
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(3, 3, size[0] // 8, size[1] // 8, generator=generator) * 2 - 1
    return torch.nn.functional.interpolate(coarse, size=size, mode="bilinear").clamp(-1, 1)


def test_l1_is_a_share_of_the_full_range():
    white, black = torch.ones(2, 3, 4, 4), -torch.ones(2, 3, 4, 4)
    assert l1_distance(white, black).tolist() == [1, 1]
    assert l1_distance(white, white * 0.5).tolist() == pytest.approx([0.25, 0.25])


def test_ssim_equals_scikit_images_gaussian_one():
    a, b = photos(0), photos(0) * 0.7 + photos(1) * 0.3
    ours = ssim(a, b).numpy()
    for index in range(3):
        x, y = (((image[index] + 1) / 2).numpy().astype(np.float64) for image in (a, b))
        # the same window of 11; scikit-image's own mean leaves the border out, torchmetrics' takes the whole image
        _, whole = structural_similarity(
            x, y, channel_axis=0, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1, full=True
        )
        assert ours[index] == pytest.approx(whole.mean(), abs=1e-4)


def test_ssim_of_equal_photos_is_one_and_falls_with_noise():
    a = photos()
    noise = torch.randn(a.shape, generator=torch.Generator().manual_seed(1))
    scores = [ssim(a, (a + level * noise).clamp(-1, 1)).mean().item() for level in (0, 0.05, 0.2, 0.8)]
    assert scores[0] == pytest.approx(1)
    assert scores == sorted(scores, reverse=True)


def test_batched_equals_single():
    a, b = photos(0), photos(1)
    for metric in (l1_distance, ssim):
        single = torch.cat([metric(a[i : i + 1], b[i : i + 1]) for i in range(3)])
        assert torch.allclose(metric(a, b), single, atol=1e-6)
