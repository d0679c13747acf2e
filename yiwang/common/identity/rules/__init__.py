"""What identity decides: pure functions, facts in, findings out."""
