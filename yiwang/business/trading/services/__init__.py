"""The verbs of trading: each one transaction: lock, load facts, ask the rules, save, record."""
