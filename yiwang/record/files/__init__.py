"""Documents by their content: stored once under their SHA-256, hashed while streaming, typed by what they contain.

This room has no routes of its own: the room that owns a document mounts the view and decides who may read it."""
