"""What photos are annotated with where a data set brings no annotations: poses and garment masks."""
