"""Pure rules of the works tender: facts in, findings out."""
