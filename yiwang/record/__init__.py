"""Floor 2: what has happened, and the documents it happened with."""
