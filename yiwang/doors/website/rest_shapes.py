"""What the public part of /api/v1 gives: the contract, field by field, and how each is filled.

Money is integer fen; instants are RFC 3339 in UTC, those of explained deadlines with the offset of Shanghai;
days are days of Shanghai; words stand in both languages. Fields are added, never changed or removed.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from yiwang.business.trading.api import (
    ChangedTerm,
    ClarificationLine,
    LotPage,
    OpeningRow,
    PrequalificationLine,
    ProjectPage,
    clarifications_of,
    standing_of,
)
from yiwang.common.notices.api import Notice
from yiwang.doors.website.models import SearchEntry
from yiwang.law.api import Limit
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.words import Words

Standing = Annotated[
    Literal["", "amended", "corrected", "replaced", "partly-void", "void"],
    Field(
        description="What became of the notice: empty while it counts as it appeared; `replaced`, `partly-void` (for some"
        " of its lots) and `void` no longer count, `amended` and `corrected` count with what was published later."
    ),
]


class WordsOut(Schema):
    zh: str
    en: str


class NoticeLine(Schema):
    """A published notice in a list; ``standing``: what became of it."""

    code: str
    form: str
    category: str
    title: str
    region: str
    stage: str
    project: str
    lot: str
    published_at: datetime
    standing: Standing


class NoticeList(Schema):
    notices: list[NoticeLine]
    next: str | None


class NoticeOut(Schema):
    code: str
    form: str
    category: str
    about: str
    title: str
    region: str
    law_on: date
    tenderee: str
    corrects: str
    published_at: datetime
    values: dict[str, Any]
    lots: list[str]
    parts: list[dict[str, Any]]
    body: str
    sha256: str
    standing: Standing


class LotLine(Schema):
    """A lot in a list; ``deadline_at`` is that of the applications while its stage is applying, else that of the bids."""

    code: str
    project: str
    title: str
    region: str
    stage: str
    deadline_at: datetime | None
    shown_at: datetime


class LotList(Schema):
    lots: list[LotLine]
    next: str | None


class DayLeftOut(Schema):
    day: date
    why: str
    why_en: str


class ClockOut(Schema):
    """A deadline counted by the law; further members explain it."""

    rule: str
    title: str
    title_en: str
    value: int
    unit: str
    source: str
    sure: str
    result: str
    result_at: datetime
    not_counted: list[DayLeftOut]
    provisional: bool


class OpeningRowOut(Schema):
    place: int
    bidder: str
    name: str
    price_fen: int
    period_days: int
    deposit_fen: int
    received_at: datetime
    leaf_hash: str
    status: str
    evaluated_fen: int | None
    ground: WordsOut | None
    rank: int | None


class ClarificationOut(Schema):
    """A clarification or amendment that appeared; ``answers``: how many questions it answers (never whose)."""

    notice: str
    content: str
    affects_bids: bool
    answers: int
    deadline_before_at: datetime
    new_deadline_at: datetime | None


class ObjectionMarkOut(Schema):
    """What everybody may know of an objection: to what, when it was raised and answered, whether it was upheld."""

    matter: str
    raised_at: datetime
    answered_at: datetime | None
    upheld: bool


class PrequalificationOut(Schema):
    """A prequalification as announced; ``most`` is 0 where all who qualify pass. Never who applied, nor how many."""

    method: WordsOut
    most: int
    criteria: str
    documents_from_at: datetime
    documents_until_on: date
    deadline_at: datetime
    notified_at: datetime | None


class ChangeOut(Schema):
    """What a published notice changed of what was announced: `before` and `after` are an instant, or the place of opening."""

    term: Literal["opening-place", "deadline", "application-deadline"]
    before: str
    after: str
    notice: str
    at: datetime


class LotOut(Schema):
    code: str
    project: str
    name: str
    content: str
    stage: str
    stage_words: WordsOut
    stage_since_at: datetime
    law_on: date | None
    attempt: int
    retender_of: str
    estimate_fen: int
    ceiling_fen: int | None
    deposit_fen: int
    period_days: int
    publish_at: datetime | None
    documents_from_at: datetime | None
    documents_until_on: date | None
    deadline_at: datetime | None
    opening_place: str
    clocks: list[ClockOut]
    notices: list[str]
    records: list[OpeningRowOut]
    winner: OpeningRowOut | None
    contract_number: str
    contract_amount_fen: int | None
    contract_on: date | None
    outcome: WordsOut | None
    suspended_at: datetime | None
    stopped_at: datetime | None
    postponed_at: datetime | None
    objections: list[ObjectionMarkOut]
    clarifications: list[ClarificationOut]
    prequalification: PrequalificationOut | None
    changes: list[ChangeOut]


class CalculationLineOut(Schema):
    """A line of a calculation; ``value`` is exact, in ``unit``: fen, percent, points, or "" where nothing is counted."""

    words: WordsOut
    name: str
    said: str
    working: str
    value: str | None
    unit: str


class CalculationSectionOut(Schema):
    title: WordsOut
    lines: list[CalculationLineOut]


class PlacedOut(Schema):
    """A valid bid in the order; ``value``: its evaluated price in fen, or its score in points."""

    bidder: str
    name: str
    rank: int
    value: str


class CalculationOut(Schema):
    """How an award came about, calculated now from public entries; ``verdict``: equal, differs, cannot, not-compared."""

    lot: str
    method: WordsOut | None
    verdict: str
    sections: list[CalculationSectionOut]
    order: list[PlacedOut]
    awardable: list[str]
    findings: list[dict[str, Any]]


class ProjectOut(Schema):
    code: str
    name: str
    region: str
    tenderee: str
    tenderee_code: str
    agency: str
    agency_code: str
    funds: str
    approval: str
    registered_at: datetime
    lots: list[LotOut]


class LimitOut(Schema):
    rule: str
    title: str
    title_en: str
    family: str
    comparator: str
    value: int | str
    unit: str
    source: str
    source_en: str
    sure: str
    since: date
    until: date | None
    jurisdiction: str
    anchor: str
    direction: str
    counting: str
    roll: str
    gives: str


class LimitList(Schema):
    on: date
    limits: list[LimitOut]


class OpeningOut(Schema):
    """What opens one commitment: the field of ``c`` in the leaf, the true name, the value, and the salt in base64.

    The commitment is base64(SHA-256(salt ‖ JCS([name, value]))).
    """

    slot: str
    name: str
    value: Any
    salt: str


class EntryOut(Schema):
    """``openings`` open the commitments of an entry that was recorded before it became public; else it is empty."""

    number: int
    kind: str
    about: str
    within: str
    n: int
    at: datetime
    facts: dict[str, Any]
    documents: list[str]
    leaf: str
    leaf_hash: str
    openings: list[OpeningOut]


class Feed(Schema):
    entries: list[EntryOut]
    next: int


def _instant(value: datetime | None) -> str | None:
    return None if value is None else iso(value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _words(value: Words | None) -> dict[str, str] | None:
    return None if value is None else {"zh": value.zh, "en": value.en}


def notice_line(entry: SearchEntry) -> dict[str, object]:
    return {
        "code": entry.code,
        "form": entry.form,
        "category": entry.category,
        "title": entry.title,
        "region": entry.region,
        "stage": entry.stage,
        "project": entry.project,
        "lot": entry.lot,
        "published_at": iso(entry.shown_at),
        "standing": entry.standing,
    }


def lot_line(entry: SearchEntry) -> dict[str, object]:
    return {
        "code": entry.code,
        "project": entry.project,
        "title": entry.title,
        "region": entry.region,
        "stage": entry.stage,
        "deadline_at": _instant(entry.deadline_at),
        "shown_at": iso(entry.shown_at),
    }


def notice_json(notice: Notice) -> dict[str, object]:
    """A published notice; ``values`` are those of its body, so that nothing stands beside what was signed.

    A notice of several ``lots`` says in ``parts`` what each of them says for itself; it is ``about`` their project.
    """
    body = json.loads(notice.body)
    return {
        "code": notice.code,
        "form": notice.form,
        "category": notice.category,
        "about": str(notice.about),
        "title": notice.title,
        "region": notice.region,
        "law_on": notice.law_on.isoformat(),
        "tenderee": notice.tenderee,
        "corrects": notice.corrects,
        "published_at": _instant(notice.published_at),
        "values": body["values"],
        "lots": [each.code for each in notice.matters],
        "parts": body.get("parts", []),
        "body": notice.body,
        "sha256": notice.sha256,
        "standing": standing_of(notice),
    }


def _row(row: OpeningRow) -> dict[str, object]:
    return {
        "place": row.place,
        "bidder": row.bidder,
        "name": row.name,
        "price_fen": row.price_fen,
        "period_days": row.period_days,
        "deposit_fen": row.deposit_fen,
        "received_at": iso(row.received_at),
        "leaf_hash": row.leaf_hash,
        "status": row.status,
        "evaluated_fen": row.evaluated_fen,
        "ground": _words(row.ground),
        "rank": row.rank,
    }


def _prequalification(line: PrequalificationLine | None) -> dict[str, object] | None:
    if line is None:
        return None
    return {
        "method": _words(line.method),
        "most": line.most,
        "criteria": line.criteria,
        "documents_from_at": iso(line.documents_from_at),
        "documents_until_on": _day(line.documents_until_on),
        "deadline_at": iso(line.deadline_at),
        "notified_at": _instant(line.notified_at),
    }


def lot_json(lot: LotPage, project: str) -> dict[str, object]:
    """A lot as the public may see it."""
    plain: tuple[str, ...] = ("code", "name", "content", "stage", "attempt", "retender_of", "estimate_fen")
    plain += (
        "ceiling_fen",
        "deposit_fen",
        "period_days",
        "opening_place",
        "contract_number",
        "contract_amount_fen",
    )
    return {
        **{name: getattr(lot, name) for name in plain},
        "project": project,
        "stage_words": _words(lot.stage_words),
        "stage_since_at": iso(lot.stage_since_at),
        "law_on": _day(lot.law_on),
        "publish_at": _instant(lot.publish_at),
        "documents_from_at": _instant(lot.documents_from_at),
        "documents_until_on": _day(lot.documents_until_on),
        "deadline_at": _instant(lot.deadline_at),
        "clocks": [each.as_json() for each in lot.clocks],
        "notices": list(lot.notices),
        "records": [_row(each) for each in lot.records],
        "winner": _row(lot.winner) if lot.winner else None,
        "contract_on": _day(lot.contract_on),
        "outcome": _words(lot.outcome),
        "suspended_at": _instant(lot.suspended_at),
        "stopped_at": _instant(lot.stopped_at),
        "postponed_at": _instant(lot.postponed_at),
        "objections": [
            {
                "matter": each.matter,
                "raised_at": iso(each.raised_at),
                "answered_at": _instant(each.answered_at),
                "upheld": each.upheld,
            }
            for each in lot.objections
        ],
        "clarifications": [_clarification(each) for each in clarifications_of(lot.code)],
        "prequalification": _prequalification(lot.prequalification),
        "changes": [_change(each) for each in lot.changes],
    }


def _change(change: ChangedTerm) -> dict[str, object]:
    before, after = (
        iso(each) if isinstance(each, datetime) else each for each in (change.before, change.after)
    )
    return {
        "term": change.term,
        "before": before,
        "after": after,
        "notice": change.notice,
        "at": iso(change.at),
    }


def _clarification(line: ClarificationLine) -> dict[str, object]:
    return {
        "notice": line.notice,
        "content": line.content,
        "affects_bids": line.affects_bids,
        "answers": len(line.answers),
        "deadline_before_at": iso(line.deadline_before_at),
        "new_deadline_at": _instant(line.new_deadline_at),
    }


def project_json(project: ProjectPage) -> dict[str, object]:
    """A project with its lots."""
    plain = ("code", "name", "region", "tenderee", "tenderee_code", "agency", "agency_code", "funds")
    return {
        **{name: getattr(project, name) for name in plain},
        "approval": project.approval,
        "registered_at": iso(project.registered_at),
        "lots": [lot_json(each, project.code) for each in project.lots],
    }


def limit_json(limit: Limit) -> dict[str, object]:
    """A row of the law; ``source`` never names an article for a setting of the house."""
    plain = ("title", "title_en", "family", "comparator", "unit", "sure", "jurisdiction", "anchor")
    return {
        "rule": limit.id,
        **{name: getattr(limit, name) for name in plain},
        "value": limit.value if isinstance(limit.value, int) else str(limit.value),
        "source": limit.citation.zh,
        "source_en": limit.citation.en,
        "since": limit.since.isoformat(),
        "until": _day(limit.until),
        "direction": limit.direction,
        "counting": limit.counting,
        "roll": limit.roll,
        "gives": limit.gives,
    }
