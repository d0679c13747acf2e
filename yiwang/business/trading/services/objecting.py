"""Objections to the tender documents and their answers; between the two the lot is suspended (招标条例 22)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Lot, Objection
from yiwang.business.trading.rules.asking import words_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.services.asking import has_taken, hosts_of
from yiwang.business.trading.services.postponing import postpone
from yiwang.business.trading.services.steps import (
    locked_lot,
    lot_facts,
    procedure_of,
    require,
    require_party,
    take_step,
    tell,
)
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.journal.api import act, hold_lock, record


def _alone(code: str) -> Lot:
    """The lot, held alone as at its closing: it is suspended before that or after it, never during it."""
    hold_lock(Ref("trading", "lot", code))
    return locked_lot(code)


def object_to_documents(
    by: Actor, code: str, text: str, papers: Sequence[tuple[str, str]], at: datetime
) -> Objection:
    """A taker objects to the documents; the lot is suspended from now until the answer. Raises Refused (W07).

    That it happened is public at once; who objected and what they wrote is not.
    """
    require(by, permissions.OBJECT)
    with act():
        lot = _alone(code)
        taken = has_taken(lot, by.organisation)
        facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), taken=taken, text=text, papers=len(papers))
        step = procedure_of(lot, at).step("object")
        refuse_if([*step_findings(step, facts), *words_findings(facts)])
        objection = Objection.objects.create(
            code=random_code("O"),
            lot=lot,
            objector=by.organisation,
            text=text.strip(),
            papers=[list(each) for each in papers],
            raised_at=at,
        )
        if lot.suspended_at is None:
            Lot.objects.filter(pk=lot.pk).update(suspended_at=at)
        record(
            kinds.OBJECTION_FILED,
            about=objection.ref,
            within=lot.ref,
            by=by,
            at=at,
            facts={"lot": code, "organisation": by.organisation},
            documents=[sha256 for sha256, _ in papers],
            private={"text": objection.text},
        )
        said = {"objection": objection.code, "project": lot.project.code}
        record(kinds.OBJECTION_RAISED, about=lot.ref, by=SYSTEM_ACTOR, at=at, facts=said)
        tell(lot, hosts_of(lot), "objection-raised", at, objection.code)
        return objection


def answer_objection(
    by: Actor, objection_code: str, text: str, papers: Sequence[tuple[str, str]], amends: bool, at: datetime
) -> tuple[Objection, tuple[Finding, ...]]:
    """Answers an objection; with the last open one the suspension ends. Gives it with the warnings (W08 where late).

    ``amends``: the documents will change, by a clarification that keeps W04. Where the deadline passed
    meanwhile, a new one has to be set. Raises Refused.
    """
    require(by, permissions.ANSWER)
    with act():
        known = Objection.objects.select_related("lot").filter(code=objection_code).first()
        if known is None:
            raise Refused([Finding("no-such-objection")])
        lot = _alone(known.lot.code)
        require_party(by, lot)
        objection = Objection.objects.select_for_update().get(pk=known.pk)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            received_at=objection.raised_at,
            text=text,
            papers=len(papers),
        )
        answered = [Finding("objection-answered")] if objection.answered_at else []
        refuse_if([*answered, *words_findings(facts)])
        objection.answer, objection.answered_at, objection.amends = text.strip(), at, amends
        objection.answer_papers = [list(each) for each in papers]
        objection.save()
        said = {"objection": objection_code, "raised_at": iso(objection.raised_at), "amends": amends}
        _, warnings = take_step(
            lot,
            "answer-objection",
            facts,
            kinds.OBJECTION_ANSWERED,
            said,
            documents=[sha256 for sha256, _ in papers],
            private={"answer": objection.answer},
        )
        tell(lot, [objection.objector], "objection-answered", at, objection.code)
        _resume(lot, at)
        return objection, warnings


def _resume(lot: Lot, at: datetime) -> None:
    """Ends the suspension where no objection is open any more; what the deadline did meanwhile stays to be mended."""
    if lot.objections.filter(answered_at=None).exists():
        return
    if lot.deadline_at is not None and at >= lot.deadline_at:
        postpone(lot, at)  # the answer came between the deadline and the worker's round
    Lot.objects.filter(pk=lot.pk).update(suspended_at=None)
