"""The verbs of identity, one file a matter."""
