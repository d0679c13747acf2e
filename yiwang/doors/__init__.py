"""Floor 6: the doors by which people come in."""
