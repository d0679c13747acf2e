"""What tests of the public site share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def transactional_search(db: None) -> Any:
    """A block whose entries are gone when it ends, for many examples in one test."""
    from contextlib import contextmanager

    from django.db import transaction

    class Undone(Exception):
        pass

    @contextmanager
    def block() -> Any:
        try:
            with transaction.atomic():
                yield
                raise Undone
        except Undone:
            pass

    return block
