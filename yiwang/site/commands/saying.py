"""Findings as lines for a terminal, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.common.shell.api import say
from yiwang.pure.kernel.findings import Refused


def said(refused: Refused) -> Iterator[str]:
    """One line a reason."""
    for each in refused.findings:
        yield f"{say(each, 'zh-hans')} / {say(each, 'en')}"
