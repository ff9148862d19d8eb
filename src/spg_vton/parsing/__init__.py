"""Human parsing: a photo and its keypoints in, a map of the 20 labels out."""
