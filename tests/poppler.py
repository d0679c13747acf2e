"""What a PDF says to a program that we did not write: Debian's poppler-utils."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest


def poppler(program: str, file: bytes, *arguments: str) -> str:
    """The output of ``program`` for a PDF. Where it cannot be had the test is skipped; a failure where all is required."""
    found = shutil.which(program)
    if found is None:
        said = f"{program} is not here; install Debian's poppler-utils"
        if os.environ.get("YIWANG_REQUIRE_ALL") == "1":
            pytest.fail(said)
        pytest.skip(said)
    return subprocess.run(
        [found, "-", *arguments], input=file, capture_output=True, check=True
    ).stdout.decode()


def text_of(file: bytes) -> str:
    """What a reader can copy out of a PDF, without white space."""
    return re.sub(r"\s", "", poppler("pdftotext", file, "-"))
