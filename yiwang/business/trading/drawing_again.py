"""A draw of experts done again from the journal and its documents alone: no table of this room is read.

What is public of it after the award are tickets, never names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yiwang.business.trading import kinds
from yiwang.business.trading.expert_draw_pages import excluded_counts, why_words
from yiwang.business.trading.recomputing import document_said, entry_said
from yiwang.business.trading.rules.expert_draw import (
    ANSWER_WORDS,
    CALLED,
    Ticket,
    again_findings,
    call_findings,
)
from yiwang.business.trading.rules.panel_facts import Wanted
from yiwang.business.trading.sitting_pages import KIND_WORDS
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import timeline

MOST_DRAWS = 20


@dataclass
class Recorded:
    """A draw as its entries tell it."""

    plan: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, Any] = field(default_factory=dict)
    calls: list[tuple[int, str]] = field(default_factory=list)
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CalledTicket:
    """A ticket that was called: its turn, what it is, what it answered and why."""

    turn: int
    code: str
    what: Words
    answer: Words
    why: Words | None


@dataclass(frozen=True, slots=True)
class DrawAgain:
    """A draw of experts, drawn again: ``findings`` is empty where it equals the record.

    ``late``: planned when the bids were open already. ``stood_down``: for a committee that an order stood down.
    """

    number: int
    late: bool
    stood_down: bool
    commitment: str
    secret: str
    opening: str
    wanted: tuple[tuple[Words, str, int], ...]
    tickets: int
    excluded: tuple[tuple[Words, int], ...]
    called: tuple[CalledTicket, ...]
    findings: tuple[Finding, ...]


def draws_again(lot: str, *, public_only: bool = True) -> tuple[DrawAgain, ...]:
    """Every draw of experts that was held for a lot, done again; with ``public_only`` only what everybody may read."""
    found = []
    late, stood_down = _late_and_stood_down(lot, public_only)
    for number in range(1, MOST_DRAWS + 1):
        entries = timeline(Ref("trading", "draw", f"{lot}-{number}"), public_only=public_only)
        if not entries:
            break
        try:
            recorded = _recorded(entries)
        except Refused as refused:
            found.append(
                DrawAgain(
                    number, number in late, number in stood_down, "", "", "", (), 0, (), (), refused.findings
                )
            )
            continue
        if recorded.held:
            drawn = _again(lot, number, recorded, public_only)
            found.append(replace(drawn, late=number in late, stood_down=number in stood_down))
    return tuple(found)


def _late_and_stood_down(lot: str, public_only: bool) -> tuple[set[int], set[int]]:
    """The draws (by number) last planned after the opening, and those planned before an order for a new committee."""
    late: set[int] = set()
    planned: set[int] = set()
    stood_down: set[int] = set()
    opened = False
    for entry in timeline(Ref("trading", "lot", lot), public_only=public_only):
        if entry.kind == kinds.BIDS_OPENED.name:
            opened = True
        elif entry.kind == kinds.EXPERT_DRAW_PLANNED.name:
            number = int(entry.about.code.rpartition("-")[2])
            planned.add(number)
            late = late | {number} if opened else late - {number}
        elif entry.facts.get("committee") == "new":
            stood_down |= planned
    return late, stood_down


def _recorded(entries: Sequence[Any]) -> Recorded:
    """Raises Refused where an entry or a document was changed."""
    made = Recorded()
    for entry in entries:
        said = entry_said(entry)
        if said.kind == kinds.EXPERT_DRAW_PLANNED.name:
            made = Recorded(plan=document_said(said.documents[0]))
        elif said.kind == kinds.EXPERT_DRAW_HELD.name:
            made.held = document_said(said.documents[0])
        elif said.kind == kinds.EXPERT_CALLED.name:
            made.calls.append((int(said.facts["place"]), str(said.facts["ticket"])))
        elif said.kind == kinds.EXPERT_ANSWERED.name:
            made.answers[str(said.facts["ticket"])] = (
                str(said.facts["answer"]),
                str(said.facts.get("why", "")),
            )
    return made


def _opened(lot: str, public_only: bool) -> str:
    """The digest of the opening record in the journal."""
    opened = [
        each
        for each in timeline(Ref("trading", "lot", lot), public_only=public_only)
        if each.kind == kinds.BIDS_OPENED.name
    ]
    return entry_said(opened[-1]).documents[0] if opened else ""


def _again(lot: str, number: int, recorded: Recorded, public_only: bool) -> DrawAgain:
    plan, held = recorded.plan, recorded.held
    wanted = tuple(
        Wanted(kind=kind, specialty=specialty, count=count) for kind, specialty, count in plan["wanted"]
    )
    excluded: Mapping[str, str] = held["excluded"]
    tickets = tuple(
        Ticket(code=code, kind=kind, specialties=tuple(specialties), excluded=excluded.get(code, ""))
        for code, kind, specialties in plan["tickets"]
    )
    told = {
        "secret": held["secret"],
        "commitment": plan["commitment"],
        "opening": held["opening"],
        "opened": _opened(lot, public_only),
    }
    findings = [
        *again_findings(lot, number, told=told, wanted=wanted, tickets=tickets, orders=held["orders"]),
        *call_findings(held["orders"], wanted, recorded.calls),
    ]
    return DrawAgain(
        number=number,
        late=False,
        stood_down=False,
        commitment=plan["commitment"],
        secret=held["secret"],
        opening=held["opening"],
        wanted=tuple((KIND_WORDS[each.kind], each.specialty, each.count) for each in wanted),
        tickets=len(tickets),
        excluded=excluded_counts(excluded.values()),
        called=tuple(_called(turn, call, wanted, recorded) for turn, call in enumerate(recorded.calls, 1)),
        findings=tuple(findings),
    )


def _called(turn: int, call: tuple[int, str], wanted: Sequence[Wanted], recorded: Recorded) -> CalledTicket:
    place, ticket = call
    kind, specialty = KIND_WORDS[wanted[place].kind], wanted[place].specialty
    answer, why = recorded.answers.get(ticket, (CALLED, ""))
    what = Words(f"{kind.zh}（{specialty}）", f"{kind.en} ({specialty})")
    return CalledTicket(turn, ticket, what, ANSWER_WORDS[answer], why_words(why))
