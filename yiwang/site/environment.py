"""What must be known before Django is: the folder of all state, and which database."""

from __future__ import annotations

import os
from pathlib import Path


def home_folder() -> Path:
    """The folder of all state: YIWANG_HOME, else ``home`` below the current folder."""
    return Path(os.environ.get("YIWANG_HOME", "home")).expanduser().resolve()


def database_address() -> str:
    """YIWANG_DATABASE, ``postgresql://…``; "" where the database is SQLite in the home folder."""
    return os.environ.get("YIWANG_DATABASE", "")
