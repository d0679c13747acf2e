"""Floor 4: the businesses of the centre. Rooms on this floor do not know each other."""
