"""Kedro wiring: one folder a pipeline, in data order; nothing is computed here."""
