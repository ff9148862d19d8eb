"""Pretrained networks the losses and metrics look through; their weights never change."""

from spg_vton.models.pretrained.face_embedding import FaceEmbedding
from spg_vton.models.pretrained.features import (
    FEATURE_NAMES,
    AlexNetFeatures,
    FeatureExtractor,
    FeatureName,
    SqueezeNetFeatures,
    Vgg19Features,
    Vgg19ImageNetFeatures,
    build_features,
)
from spg_vton.models.pretrained.sphere_face import SphereFace

__all__ = [
    "FEATURE_NAMES",
    "AlexNetFeatures",
    "FaceEmbedding",
    "FeatureExtractor",
    "FeatureName",
    "SphereFace",
    "SqueezeNetFeatures",
    "Vgg19Features",
    "Vgg19ImageNetFeatures",
    "build_features",
]
