"""Image geometry: thin-plate splines, pose maps, crops."""
