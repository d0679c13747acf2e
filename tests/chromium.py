"""The browser of the tests: Debian's chromium, as the shell without windows where that is installed.

``chromium-headless-shell`` draws the same pages with half the processor time.
"""

from __future__ import annotations

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
"""Its program; None where there is none."""
EXECUTABLE = CHROMIUM or "chromium"
"""What to start; where there is none, starting it says so."""
