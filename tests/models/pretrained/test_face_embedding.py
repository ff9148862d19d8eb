"""dlib's face network in torch."""

import pytest
import torch
from torch.nn import functional

from spg_vton.models.pretrained import FaceEmbedding


@pytest.fixture(scope="module")
def embed():
    return FaceEmbedding()


@pytest.fixture(scope="module")
def astronaut():
    data = pytest.importorskip("skimage.data")
    return torch.from_numpy(data.astronaut().copy()).permute(2, 0, 1)[None].float() / 127.5 - 1


def crop(image, top, left, side):
    return image[:, :, top : top + side, left : left + side]


def test_shape_and_determinism(embed):
    crops = torch.rand(3, 3, 40, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1
    points = embed(crops)
    assert points.shape == (3, 128)
    assert torch.equal(points, embed(crops))
    torch.testing.assert_close(points[1:2], embed(crops[1:2]), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(points, FaceEmbedding()(crops), rtol=0, atol=0)


def test_known_point(embed, astronaut):
    """From an implementation compared with dlib itself, which it equals within 4e-7 on aligned faces."""
    expected = torch.tensor([-0.0439, 0.0311, 0.0160, -0.0470, -0.1750])
    torch.testing.assert_close(embed(crop(astronaut, 60, 160, 130))[0, :5], expected, rtol=0, atol=2e-3)


def test_equals_dlib(embed, astronaut):
    dlib = pytest.importorskip("dlib", reason="dlib is not installed")
    from spg_vton.weights import locate

    face = functional.interpolate(crop(astronaut, 60, 160, 130), size=(150, 150), mode="bilinear", antialias=True)
    pixels = ((face[0].permute(1, 2, 0) + 1) * 127.5).round().to(torch.uint8)
    reference = dlib.face_recognition_model_v1(str(locate("dlib-face"))).compute_face_descriptor(
        pixels.contiguous().numpy()
    )
    found = embed(pixels.permute(2, 0, 1)[None].float() / 127.5 - 1)[0]
    torch.testing.assert_close(found, torch.tensor(list(reference)), rtol=0, atol=1e-5)


def test_one_face_is_nearer_to_itself_than_to_anything_else(embed, astronaut):
    data = pytest.importorskip("skimage.data")
    cat = torch.from_numpy(data.chelsea().copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    face, shifted = embed(crop(astronaut, 60, 160, 130)), embed(crop(astronaut, 70, 168, 120))
    others = [embed(crop(cat, 50, 80, 200)), embed(crop(astronaut, 300, 300, 130))]
    same = (face - shifted).norm()
    assert same < 0.4
    assert min((face - other).norm() for other in others) > 0.5


def test_gradient_flows_to_the_crop_only(embed, astronaut):
    face = crop(astronaut, 60, 160, 64).clone().requires_grad_()
    embed(face).square().sum().backward()
    assert torch.isfinite(face.grad).all()
    assert face.grad.abs().mean() > 0
    assert all(parameter.grad is None for parameter in embed.parameters())
    assert not embed.train().training
