"""The forms of the hall: what is typed, in the units in which people write it."""
