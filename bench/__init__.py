"""Measurements: figures with the goal beside them, and a reference in the same run."""
