"""Floor 0: no Django here. What stands on this floor could be published on its own."""
