"""The evaluation report: drawn up, signed or dissented by every member, and only then handed in (招标条例 53)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import CommitteeMember, Lot, Report, Signature
from yiwang.business.trading.reports import calculation_now, report_as_json
from yiwang.business.trading.rules.sitting_facts import SigningFacts
from yiwang.business.trading.services.sitting import note, own_seat, seat_ref, sitting_step
from yiwang.business.trading.services.steps import bid_facts, locked_lot, require, take_step
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.files import api as files
from yiwang.record.journal.api import act


def note_points(lot: Lot) -> None:
    """Keeps the totals of the calculation beside the bids, for the ranking that is about to be asked about.

    Raises Refused with every reason why there is no calculation yet.
    """
    made = calculation_now(lot)
    if made is None:
        return
    refuse_if(made.findings)
    for each in made.order:
        lot.bids.filter(bidder=each.bidder).update(points=each.value)


def draw_up_report(by: Actor, code: str, ranking: Sequence[str], tie_break: str, at: datetime) -> Report:
    """The centre writes down what the committee came to, for its members to sign. Raises Refused.

    A second drawing up is a new version: what was signed of the first is void.
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        facts = sitting_step(lot, by, at, {}, ranking=tuple(ranking), tie_break=tie_break)
        all_in = all(each.handed_in for each in facts.sitting.seats)  # type: ignore[union-attr]
        if lot.stage == "evaluating" and all_in and not _open(lot):
            note_points(lot)
            facts = sitting_step(lot, by, at, {}, ranking=tuple(ranking), tie_break=tie_break)
        before = getattr(lot, "report", None)
        version = before.version + 1 if before is not None else 1
        text = dumps(report_as_json(lot, ranking, tie_break, version, at))
        stored = files.store(
            io.BytesIO(text), name=f"{code}-report.json", max_bytes=len(text), types=("application/json",)
        )
        take_step(
            lot,
            "draw-up-report",
            facts,
            kinds.REPORT_DRAWN_UP,
            {"version": version},
            documents=[stored.sha256],
        )
        if before is not None:
            before.delete()
        return Report.objects.create(
            lot=lot,
            version=version,
            ranking=list(ranking),
            tie_break=tie_break.strip(),
            sha256=stored.sha256,
            drawn_up_at=at,
        )


def _open(lot: Lot) -> bool:
    return any(each.status == "open" for each in bid_facts(lot))


def _sign(by: Actor, lot: Lot, seat: CommitteeMember, how: str, text: str, at: datetime) -> Signature:
    report = getattr(lot, "report", None)
    done = report is not None and report.signatures.filter(member=seat).exists()
    facts = sitting_step(lot, by, at, {"signing": SigningFacts(how=how, done=done)}, text=text)
    step = "deem-signed" if how == Signature.DEEMED else "sign-report"
    version = report.version if report else 0
    note(
        lot,
        step,
        facts,
        kinds.REPORT_SIGNED,
        seat_ref(seat),
        {"member": seat.number, "how": how, "version": version},
        documents=[report.sha256] if report else [],
        private={"text": text.strip()[:600]},
    )
    return Signature.objects.create(report=report, member=seat, how=how, text=text.strip(), signed_at=at)


def sign_report(by: Actor, code: str, at: datetime) -> Signature:
    """A member signs the report as drawn up; a recorded act of the person. Raises Refused."""
    return _own(by, code, Signature.SIGNED, "", at)


def dissent(by: Actor, code: str, text: str, at: datetime) -> Signature:
    """A member does not agree, and says in writing with what and why; the report notes it (W19). Raises Refused."""
    return _own(by, code, Signature.DISSENT, text, at)


def _own(by: Actor, code: str, how: str, text: str, at: datetime) -> Signature:
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        return _sign(by, lot, own_seat(lot, by), how, text, at)


def deem_signed(by: Actor, code: str, number: int, text: str, at: datetime) -> Signature:
    """Records that a member refused to sign and to explain: taken to agree (W19). Raises Refused."""
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        seat = lot.committee.filter(number=number, replaced_at=None).exclude(person="").first()
        if seat is None:
            raise Refused([Finding("no-such-member", field="number")])
        if not text.strip():
            raise Refused([Finding("refusal-noted", field="text")])
        return _sign(by, lot, seat, Signature.DEEMED, text, at)
