"""The city and what its tests share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.test import override_settings

from tests.hall.world import build
from tests.kept import kept


@pytest.fixture
def city(rehearsal: object, at: datetime, tmp_path: Path) -> object:
    """A rehearsal with everybody whom a tender needs; documents go to a folder of the test."""
    with override_settings(FILES_ROOT=tmp_path / "files", PUBLIC_ROOT=tmp_path / "public"):
        yield kept("the city of the hall", lambda: build(at))
