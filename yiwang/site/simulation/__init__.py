"""A seeded simulation of a city: parties register, tender, bid, err and are refused, all through the real verbs."""
