"""Handing in, replacing and withdrawing an application to prequalify."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Application, Lot
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.rules.prequalifying import before_application_deadline_findings
from yiwang.business.trading.services.bidding import shared_lot
from yiwang.business.trading.services.prequalifying import own_application, review_facts
from yiwang.business.trading.services.steps import lot_facts, procedure_of, require
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import Kind, act, record

Member = tuple[str, str]


def submit_application(
    by: Actor,
    code: str,
    papers: Sequence[tuple[str, str]],
    received_at: datetime,
    *,
    members: Sequence[Member] = (),
    replace: bool = False,
) -> Application:
    """Hands in an application, or with ``replace`` another in place of the standing one. Raises Refused.

    ``papers`` are (sha256, name) of stored documents, ``members`` (code, name) of the other members of a consortium
    that the applicant leads. ``received_at`` is the instant at which the last byte had arrived; it decides.
    """
    require(by, permissions.APPLY)
    with act():
        lot = _lot_for(by, code)
        standing = own_application(lot, by.organisation)
        facts = _facts(by, lot, received_at, standing, len(papers), [member for member, _ in members])
        _refuse_late(lot, facts)
        step = "replace-application" if replace else "submit-application"
        refuse_if(step_findings(procedure_of(lot, received_at).step(step), facts))
        if standing is not None:
            Application.objects.filter(pk=standing.pk).update(over_at=received_at)
            _note(kinds.APPLICATION_REPLACED, by, lot, standing, received_at)
        return _record(by, lot, papers, members, received_at)


def _lot_for(by: Actor, code: str) -> Lot:
    lot = shared_lot(code, by.organisation)
    if not lot.prequalifies:
        raise Refused([Finding("wrong-stage-now")])
    return lot


def _facts(
    by: Actor, lot: Lot, at: datetime, standing: Application | None, papers: int, members: Sequence[str]
) -> StepFacts:
    review = review_facts(lot, own=standing is not None, members=tuple(members))
    return StepFacts(at=at, by=by, lot=lot_facts(lot, at), received_at=at, papers=papers, review=review)


def _refuse_late(lot: Lot, facts: StepFacts) -> None:
    """Late is late, whatever became of the lot since: as long as its deadline is the one of the applications."""
    if lot.stage in ("applying", "reviewing"):
        refuse_if(before_application_deadline_findings(facts))


def _record(
    by: Actor, lot: Lot, papers: Sequence[tuple[str, str]], members: Sequence[Member], at: datetime
) -> Application:
    last = lot.applications.filter(applicant=by.organisation).aggregate(last=Max("number"))["last"] or 0
    application = Application(
        code=random_code("A"),
        lot=lot,
        applicant=by.organisation,
        number=last + 1,
        members=[list(each) for each in members],
        papers=[list(each) for each in papers],
        received_at=at,
    )
    entry = record(
        kinds.APPLICATION_SUBMITTED,
        about=application.ref,
        within=lot.ref,
        by=by,
        at=at,
        facts={
            "lot": lot.code,
            "applicant": by.organisation,
            "number": application.number,
            "members": [member for member, _ in members],
        },
        documents=[sha256 for sha256, _ in papers],
        begins=True,
    )
    application.leaf_hash = entry.leaf_hash
    application.save()
    return application


def withdraw_application(by: Actor, code: str, received_at: datetime) -> None:
    """Withdraws the standing application before the deadline. Raises Refused."""
    require(by, permissions.APPLY)
    with act():
        lot = _lot_for(by, code)
        standing = own_application(lot, by.organisation)
        facts = _facts(by, lot, received_at, standing, 1, [])
        _refuse_late(lot, facts)
        refuse_if(step_findings(procedure_of(lot, received_at).step("withdraw-application"), facts))
        if standing is None:
            raise Refused([Finding("no-application-yet")])
        Application.objects.filter(pk=standing.pk).update(over_at=received_at)
        _note(kinds.APPLICATION_WITHDRAWN, by, lot, standing, received_at)


def _note(kind: Kind, by: Actor, lot: Lot, standing: Application, at: datetime) -> None:
    """That an application stands no more."""
    facts = {"lot": lot.code, "applicant": by.organisation}
    record(kind, about=standing.ref, within=lot.ref, by=by, at=at, facts=facts)
