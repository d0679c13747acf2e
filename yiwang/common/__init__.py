"""Floor 3: what every business of the centre needs."""
