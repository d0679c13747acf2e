"""What the command line says: every finding in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.tlog.refusals import sentences


def said(findings: Iterable[Finding]) -> list[str]:
    """Two lines a finding: Chinese first, then English."""
    texts = sentences()
    return [texts.say(each, language) for each in findings for language in ("zh", "en")]
