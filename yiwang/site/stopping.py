"""The one way in which a command gives up."""


class Stop(Exception):
    """A command cannot go on; the text says why and what to do, in both languages."""
