"""Yiwang (一网): the open platform of a city's public resource trading centre."""

__version__ = "0.1.0"
