"""``yiwang check`` says where marks from before a lost key are no longer compared."""

from __future__ import annotations

import pytest

from yiwang.record.journal.api import keyed_mark
from yiwang.site.commands.check import remarks


def said() -> list[str]:
    return [each.words.en for each in remarks() if "key of marks" in each.words.en]


@pytest.mark.django_db
def test_a_lost_key_of_marks_is_a_remark_and_one_that_was_exchanged_is_none(settings):
    keyed_mark("account", "6217")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second key", [settings.SECRET_KEY]
    keyed_mark("account", "6217")
    assert said() == []
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the third key", []
    keyed_mark("account", "6217")
    assert len(said()) == 1
    assert "was lost once:" in said()[0]
