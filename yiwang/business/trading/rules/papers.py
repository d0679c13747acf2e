"""The kinds of papers that a bid consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.words import Words

OTHER = "other"
AGREEMENT = "consortium-agreement"
PAPER_KINDS: Mapping[str, Words] = {
    "technical": Words("技术文件", "Technical"),
    "commercial": Words("商务文件", "Commercial"),
    "price": Words("报价文件", "Price"),
    AGREEMENT: Words("共同投标协议", "Consortium agreement"),
    OTHER: Words("其他文件", "Other"),
}


def paper_kind_findings(kinds: Mapping[str, str], papers: int) -> Iterator[Finding]:
    """Objections to the kinds (digest → kind) that come with ``papers`` papers."""
    for kind in sorted({each for each in kinds.values() if each not in PAPER_KINDS}):
        yield Finding("paper-kind", params={"kind": kind[:20]}, field="papers")
    if len(kinds) > papers:
        yield Finding("paper-kind", params={"kind": ""}, field="papers")
