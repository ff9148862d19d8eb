"""The three-stage training (section III-E)."""
