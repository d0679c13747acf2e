"""One notice for several lots of a project: each lot keeps its own entries and stages, the public reads one text.

Whatever stands in the way of any of the lots is said at once, each with the code of its lot; then nothing is drafted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yiwang.business.trading import permissions
from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.together import lots_findings, one_notice_findings
from yiwang.business.trading.services.announcing import (
    CONTRACT,
    FAILURE,
    FROM_RECORD,
    PUBLICITY,
    RESULT,
    TENDER,
    FromRecord,
    Terms,
    begin_notice,
    note_publicity,
    note_result,
    overtaken,
    publicity_findings,
    record_findings,
    replaced,
    set_terms,
)
from yiwang.business.trading.services.noticed import about_lot
from yiwang.business.trading.services.steps import locked_lot, lot_facts, require, require_party
from yiwang.business.trading.texts import candidate_values, tender_values
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import act

FEWEST = 2
NAMES = frozenset({"lot_name", "lot_code"})
# What stands in the table of the lots also where it happens to be alike.
APART: Mapping[str, frozenset[str]] = {
    TENDER: NAMES | {"duration_days", "ceiling_price_fen", "deposit_fen"},
    PUBLICITY: NAMES | {"candidates"},
    RESULT: NAMES | {"winner_name", "award_price_fen", "decided_on"},
    FAILURE: NAMES | {"outcome"},
    CONTRACT: NAMES | {"contract_code", "contractor_name", "contract_price_fen", "signed_on"},
}
LONGEST_NAMES = 40  # of the lots in a title; more of them are counted

type Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LotTerms:
    """The terms of one of several lots that are announced together."""

    lot: str
    terms: Terms


def draft_tender_notice_together(by: Actor, drafts: Sequence[LotTerms], at: datetime) -> notices.Notice:
    """Drafts one tender notice for several lots of a project, each with its own terms, all to appear at one instant.

    Raises Refused with every reason of every lot (field: the lot's code, then the field). Each lot's stage becomes
    ``announcing``.
    """
    require(by, permissions.DRAFT_NOTICE)
    known = {each.lot: each.terms for each in drafts}
    facts: dict[str, StepFacts] = {}

    def fill(lot: Lot) -> Values:
        refuse_if([Finding("invited-apart")] if lot.prequalifies else [])
        facts[lot.code] = set_terms(by, lot, known[lot.code], at)
        return tender_values(lot)

    with act():
        refuse_if(one_notice_findings((), (), [each.terms.publish_at for each in drafts]))
        filled = filled_lots(by, [each.lot for each in drafts], fill)
        on = local_day(drafts[0].terms.publish_at)
        notice = drafted_together(by, TENDER, "招标公告", filled, on, at)
        for lot, _ in filled:
            begin_notice(lot, notice, facts[lot.code])
        return notice


def draft_publicity_together(
    by: Actor, codes: Sequence[str], publish_at: datetime, until_on: date, contact: str, at: datetime
) -> notices.Notice:
    """Drafts one publicity of the shortlisted bidders of several lots, to end with ``until_on``. Raises Refused."""
    require(by, permissions.DRAFT_NOTICE)

    def fill(lot: Lot) -> Values:
        refuse_if(publicity_findings(by, lot, publish_at, until_on, contact, at))
        return candidate_values(lot, publish_at, until_on, contact)

    with act():
        filled = filled_lots(by, codes, fill)
        before = [overtaken(lot, PUBLICITY) for lot, _ in filled]
        notice = drafted_together(by, PUBLICITY, "中标候选人公示", filled, law_of(filled, at), at, before)
        for lot, _ in filled:
            note_publicity(lot, notice, publish_at, until_on)
        return notice


def draft_result_notice_together(by: Actor, codes: Sequence[str], at: datetime) -> notices.Notice:
    """Drafts one result notice for several awarded lots, filled from the record. Raises Refused."""
    return _from_record(by, codes, FROM_RECORD[RESULT], at)


def draft_failure_notice_together(by: Actor, codes: Sequence[str], at: datetime) -> notices.Notice:
    """Drafts one notice that the tenders of several lots failed or were terminated. Raises Refused."""
    return _from_record(by, codes, FROM_RECORD[FAILURE], at)


def draft_contract_notice_together(by: Actor, codes: Sequence[str], at: datetime) -> notices.Notice:
    """Drafts one notice of the contracts of several lots, filled from the record. Raises Refused."""
    return _from_record(by, codes, FROM_RECORD[CONTRACT], at)


def _from_record(by: Actor, codes: Sequence[str], kind: FromRecord, at: datetime) -> notices.Notice:
    require(by, permissions.DRAFT_NOTICE)

    def fill(lot: Lot) -> Values:
        refuse_if(record_findings(lot, kind))
        return kind.values(lot)

    with act():
        filled = filled_lots(by, codes, fill)
        before = [replaced(lot, kind.form) for lot, _ in filled]
        notice = drafted_together(by, kind.form, kind.title, filled, law_of(filled, at), at, before)
        note_result([lot for lot, _ in filled], notice)
        return notice


def filled_lots(by: Actor, codes: Sequence[str], fill: Callable[[Lot], Values]) -> list[tuple[Lot, Values]]:
    """Locks the lots: what the notice says of each lot, in the order of their codes. Raises Refused with the reasons of all lots."""
    refuse_if(lots_findings(codes, at_least=FEWEST))
    found: list[Finding] = []
    filled = []
    for code in sorted(codes):
        try:
            lot = locked_lot(code)
            require_party(by, lot)
        except Refused as refused:
            found += [Finding(each.rule, each.source, each.params, code[:40]) for each in refused.findings]
            continue
        try:
            filled.append((lot, fill(lot)))
        except Refused as refused:
            found += [about_lot(each, lot) for each in refused.findings]
    refuse_if(found)
    return filled


def law_of(filled: Sequence[tuple[Lot, Values]], at: datetime) -> date:
    """The day whose law the lots are under; the first where they were announced on several."""
    return min(lot_facts(lot, at).law_on for lot, _ in filled)


def drafted_together(
    by: Actor,
    form: str,
    title: str,
    filled: Sequence[tuple[Lot, Values]],
    law_on: date,
    at: datetime,
    corrects: Sequence[str | None] = (),
) -> notices.Notice:
    """One draft for lots whose fields are filled; of each lot, ``corrects`` is what the notice takes the place of.

    Raises Refused where one notice cannot say it for all of them.
    """
    lots = [lot for lot, _ in filled]
    forms = [law.notice_form(form, lot_facts(lot, at).law_on) for lot in lots]
    refuse_if(one_notice_findings(corrects, forms))
    project = lots[0].project
    return notices.draft(
        by,
        form=form,
        about=project.ref,
        title=f"{project.name}（{names_of(lots)}）{title}",
        values={},
        tenderee=project.tenderee,
        region=project.region,
        law_on=law_on,
        at=at,
        corrects=corrects[0] if corrects else None,
        parts=[notices.Part(lot.ref, lot.name, values) for lot, values in filled],
        apart=APART.get(form, NAMES),
    )


def names_of(lots: Sequence[Lot]) -> str:
    """The lots in a title: by their names, counted where those are many or the same."""
    named = "、".join(each.name for each in lots)
    alike = len({each.name for each in lots}) < len(lots)
    return f"{len(lots)}个标段" if alike or len(named) > LONGEST_NAMES else named
