"""The edge for readers."""
