"""Renderer of people: photos, label maps, keypoints and in-shop garments made from CC0 body data."""
