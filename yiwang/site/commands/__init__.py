"""One module a command. They are imported when a command runs, after the environment is known."""
