"""Objections to documents (招标条例 22), opening (44) and result (54), and their answers; until then all waits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import PREQUALIFICATION_PHASE, Lot, Objection
from yiwang.business.trading.parties import names
from yiwang.business.trading.rules.asking import words_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.rules.objecting import REMEDIES
from yiwang.business.trading.services.asking import has_taken
from yiwang.business.trading.services.resuming import resume
from yiwang.business.trading.services.steps import (
    hosts_of,
    locked_lot,
    lot_facts,
    procedure_of,
    require,
    require_party,
    settle,
    take_step,
    tell,
)
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import Kind, act, hold_lock, record

Papers = Sequence[tuple[str, str]]
ABOUT_DOCUMENTS = (Objection.DOCUMENTS, Objection.PREQUALIFICATION)
RAISE_STEPS = {
    Objection.DOCUMENTS: "object",
    Objection.PREQUALIFICATION: "object-to-prequalification",
    Objection.OPENING: "object-to-opening",
    Objection.RESULT: "object-to-result",
}
ANSWER_STEPS = {
    Objection.DOCUMENTS: "answer-objection",
    Objection.PREQUALIFICATION: "answer-prequalification-objection",
    Objection.OPENING: "answer-opening-objection",
    Objection.RESULT: "answer-result-objection",
}
RAISED: dict[str, tuple[Kind, str]] = {
    Objection.DOCUMENTS: (kinds.OBJECTION_RAISED, "objection-raised"),
    Objection.PREQUALIFICATION: (kinds.PREQUALIFICATION_OBJECTED, "prequalification-objected"),
    Objection.RESULT: (kinds.RESULT_OBJECTED, "result-objected"),
}


def alone(code: str) -> Lot:
    """The lot, held alone as at its closing: it is suspended before that or after it, never during it."""
    hold_lock(Ref("trading", "lot", code))
    return locked_lot(code)


def object_to_documents(
    by: Actor, code: str, text: str, papers: Papers, at: datetime, interest: str = ""
) -> Objection:
    """A taker, or somebody who states an ``interest``, objects to the documents; the lot is suspended until the answer.

    While applications to prequalify are handed in, to the documents of that (W06). That it happened is public at
    once; who objected and what they wrote is not. Raises Refused (W07).
    """
    return _object(by, code, Objection.DOCUMENTS, text, papers, at, interest)


def object_to_result(
    by: Actor, code: str, text: str, papers: Papers, at: datetime, interest: str = ""
) -> Objection:
    """A bidder, or somebody who states an ``interest``, objects to the result while it is publicised.

    Until the answer the publicity does not end and nothing is awarded (招标条例 54). Raises Refused.
    """
    return _object(by, code, Objection.RESULT, text, papers, at, interest)


def object_to_opening(by: Actor, code: str, text: str, papers: Papers, at: datetime) -> Objection:
    """A bidder whose bid was opened objects to the opening, on the spot (W09). Raises Refused.

    Everybody is present: name and words go into the public record of the opening.
    """
    return _object(by, code, Objection.OPENING, text, papers, at)


def _object(
    by: Actor, code: str, matter: str, text: str, papers: Papers, at: datetime, interest: str = ""
) -> Objection:
    require(by, permissions.OBJECT)
    with act():
        lot = alone(code)
        if matter == Objection.DOCUMENTS and lot.phase == PREQUALIFICATION_PHASE:
            matter = Objection.PREQUALIFICATION
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            taken=has_taken(lot, by.organisation),
            bidders=tuple(each.bidder for each in lot.bids.all()),
            interest=interest,
            text=text,
            papers=len(papers),
        )
        step = procedure_of(lot, at).step(RAISE_STEPS[matter])
        refuse_if([*step_findings(step, facts), *words_findings(facts)])
        objection = Objection.objects.create(
            code=random_code("O"),
            lot=lot,
            matter=matter,
            objector=by.organisation,
            interest=interest.strip(),
            text=text.strip(),
            papers=[list(each) for each in papers],
            raised_at=at,
        )
        if lot.suspended_at is None:
            Lot.objects.filter(pk=lot.pk).update(suspended_at=at)
        if matter == Objection.OPENING:
            _put_on_record(by, lot, objection, papers, at)
        else:
            _make_known(by, lot, objection, papers, at)
        return objection


def _make_known(by: Actor, lot: Lot, objection: Objection, papers: Papers, at: datetime) -> None:
    """That somebody objected is public; by the system, so that not even a pseudonym says who."""
    raised, told = RAISED[objection.matter]
    record(
        kinds.OBJECTION_FILED,
        about=objection.ref,
        within=lot.ref,
        by=by,
        at=at,
        facts={"lot": lot.code, "organisation": by.organisation},
        documents=[sha256 for sha256, _ in papers],
        private={"text": objection.text},
    )
    said = {"objection": objection.code, "project": lot.project.code}
    record(raised, about=lot.ref, by=SYSTEM_ACTOR, at=at, facts=said)
    tell(lot, hosts_of(lot), told, at, objection.code)


def _put_on_record(by: Actor, lot: Lot, objection: Objection, papers: Papers, at: datetime) -> None:
    """The objection becomes part of the record of the opening: a document whose digest stands in the journal."""
    page = {
        "v": 1,
        "lot": lot.code,
        "objection": objection.code,
        "bidder": by.organisation,
        "name": names([by.organisation])[by.organisation],
        "text": objection.text,
        "raised_at": iso(at),
    }
    said = {"objection": objection.code, "bidder": by.organisation, "project": lot.project.code}
    documents = [_stored(f"{lot.code}-opening-objection.json", page), *(sha256 for sha256, _ in papers)]
    record(kinds.OPENING_OBJECTED, about=lot.ref, by=by, at=at, facts=said, documents=documents)
    tell(lot, hosts_of(lot), "opening-objected", at, objection.code)


def _stored(name: str, page: dict[str, object]) -> str:
    text = dumps(page)
    return files.store(io.BytesIO(text), name=name, max_bytes=len(text), types=("application/json",)).sha256


def answer_objection(
    by: Actor,
    objection_code: str,
    text: str,
    papers: Papers,
    amends: bool,
    at: datetime,
    remedy: str = "",
) -> tuple[Objection, tuple[Finding, ...]]:
    """Answers an objection; with the last open one the suspension ends. Gives it with the warnings (W08 where late).

    ``amends``: the documents will change, by a clarification that keeps W04. Where the deadline passed
    meanwhile, a new one has to be set. ``remedy``: what an upheld objection to the result leads to ("" where it
    is dismissed); it happens once every objection to the result is answered. Raises Refused.
    """
    require(by, permissions.ANSWER)
    with act():
        known = Objection.objects.select_related("lot").filter(code=objection_code).first()
        if known is None:
            raise Refused([Finding("no-such-objection")])
        lot = alone(known.lot.code)
        require_party(by, lot)
        objection = Objection.objects.select_for_update().get(pk=known.pk)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            received_at=objection.raised_at,
            text=text,
            papers=len(papers),
            remedy=remedy,
        )
        refuse_if([*_answer_findings(objection, facts), *words_findings(facts)])
        objection.answer, objection.answered_at = text.strip(), at
        objection.amends = amends and objection.matter in ABOUT_DOCUMENTS
        objection.remedy = remedy
        objection.answer_papers = [list(each) for each in papers]
        objection.save()
        warnings = _record_answer(lot, objection, facts, papers)
        settle(lot, objection.code, *(matter for _, matter in RAISED.values()))
        tell(lot, [objection.objector], "objection-answered", at, objection.code)
        resume(lot, facts)
        return objection, warnings


def _answer_findings(objection: Objection, facts: StepFacts) -> list[Finding]:
    """An answer is given once; only an objection to the result has a remedy of its own."""
    found = [Finding("objection-answered")] if objection.answered_at else []
    if facts.remedy and (objection.matter != Objection.RESULT or facts.remedy not in REMEDIES):
        found.append(Finding("remedy-unknown", field="remedy"))
    return found


def _record_answer(lot: Lot, objection: Objection, facts: StepFacts, papers: Papers) -> tuple[Finding, ...]:
    said = {
        "objection": objection.code,
        "matter": objection.matter,
        "raised_at": iso(objection.raised_at),
        "amends": objection.amends,
    }
    if objection.matter == Objection.RESULT:
        said["remedy"] = objection.remedy
    documents = [sha256 for sha256, _ in papers]
    if objection.matter == Objection.OPENING:
        page = {
            "v": 1,
            "lot": lot.code,
            "objection": objection.code,
            "answer": objection.answer,
            "answered_at": iso(facts.at),
        }
        documents.insert(0, _stored(f"{lot.code}-opening-answer.json", page))
    _, warnings = take_step(
        lot,
        ANSWER_STEPS[objection.matter],
        facts,
        kinds.OBJECTION_ANSWERED,
        said,
        documents=documents,
        private={"answer": objection.answer},
    )
    return warnings
