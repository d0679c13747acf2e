"""What must be known before Django is: the folder of all state."""

from __future__ import annotations

import os
from pathlib import Path


def home_folder() -> Path:
    """The folder of all state: YIWANG_HOME, else ``home`` below the current folder."""
    return Path(os.environ.get("YIWANG_HOME", "home")).expanduser().resolve()
