"""Measures of try-on quality: pure functions and frozen networks, each named with its protocol."""
