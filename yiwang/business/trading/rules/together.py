"""Several lots of a project in one act or in one notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yiwang.pure.kernel.codes import PROJECT_CODE_LENGTH
from yiwang.pure.kernel.findings import Finding

MOST_TOGETHER = 20


def lots_findings(codes: Sequence[str], at_least: int = 1) -> Iterator[Finding]:
    """The lots are of one project, each named once, neither too few nor too many."""
    if not codes:
        yield Finding("no-lots-chosen", field="lots")
    elif len(set(codes)) < at_least:
        yield Finding("too-few-lots", params={"at_least": at_least}, field="lots")
    if len(set(codes)) < len(codes):
        yield Finding("lot-twice", field="lots")
    if len(codes) > MOST_TOGETHER:
        yield Finding("too-many-lots", params={"at_most": MOST_TOGETHER}, field="lots")
    if len({each[:PROJECT_CODE_LENGTH] for each in codes}) > 1:
        yield Finding("lots-of-one-project", field="lots")


def same_notice_findings(announced_in: Sequence[str]) -> Iterator[Finding]:
    """What changes the tender notice of several lots changes one notice: that in which all of them were announced."""
    if len(set(announced_in)) > 1:
        yield Finding("lots-announced-apart", field="lots")


def one_notice_findings(
    overtaken: Sequence[str | None], forms: Sequence[object] = (), publish_at: Sequence[object] = ()
) -> Iterator[Finding]:
    """One notice can say it for all of its lots: it overtakes one earlier notice of all of them or none of any, has
    one form by the law of each lot, and appears at one instant.

    ``overtaken``: of each lot the published notice that a new one takes the place of, None for none.
    """
    if len(set(overtaken)) > 1:
        known = sorted({each for each in overtaken if each})
        yield Finding("lots-overtake-apart", params={"codes": "、".join(known)}, field="lots")
    if any(each != forms[0] for each in forms):
        yield Finding("lots-under-other-law", field="lots")
    if len(set(publish_at)) > 1:
        yield Finding("lots-appear-apart", field="publish_at")
