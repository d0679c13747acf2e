"""Funds: what has to be paid back to whom, with which interest, until when, and whether it was done.

No money moves here and no bank is connected: the room keeps the duty, counts it, and shows what is overdue."""
