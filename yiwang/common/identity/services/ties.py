"""Head and control of an organisation: declared by it, verified by somebody else of the centre, versions kept."""

from __future__ import annotations

from datetime import datetime

from yiwang.common.identity.kinds import TIES_DECLARED, TIES_RETURNED, TIES_VERIFIED, organisation_ref
from yiwang.common.identity.models import Membership, Ties
from yiwang.common.identity.permissions import KEEP_CREDENTIALS, REVIEW_ORGANISATIONS
from yiwang.common.identity.rules.credentials import (
    RETURNED,
    SUBMITTED,
    VERIFIED,
    verification_findings,
)
from yiwang.common.identity.rules.register import reasons_findings
from yiwang.common.identity.rules.ties import TiesFacts, ties_findings
from yiwang.common.identity.services.asking import locked_organisation, require
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import act, keyed_mark, record


def mark_of(number: str) -> str:
    """What stands for an identity number: keyed, so that it cannot be found by trying numbers."""
    return keyed_mark("yiwang.identity.ties", number)


def declare_ties(by: Actor, facts: TiesFacts, *, at: datetime) -> int:
    """The organisation of ``by`` declares its head and who controls or manages it; gives the version.

    What was verified before counts until this is. Of the identity number only its mark is kept. Raises Refused.
    """
    require(by, KEEP_CREDENTIALS)
    with act():
        body = locked_organisation(by.organisation)
        before = body.ties.order_by("-number").first()
        statuses = [before.status] if before else []
        refuse_if(ties_findings(facts, body.code, before is not None, statuses))
        mark = mark_of(facts.number) if facts.number else before.head_mark if before else ""
        row = Ties.objects.create(
            organisation=body,
            number=(before.number if before else 0) + 1,
            head_name=facts.head.strip(),
            head_mark=mark,
            controllers=[{"code": code, "name": name.strip()} for code, name in facts.controllers],
            managers=[{"code": code, "name": name.strip()} for code, name in facts.managers],
            submitted_by=by.person,
            submitted_at=at,
        )
        record(
            TIES_DECLARED,
            about=organisation_ref(body.code),
            by=by,
            at=at,
            facts={"version": row.number},
            private={"head": row.head_name, "controllers": row.controllers, "managers": row.managers},
        )
        return row.number


def _open(by: Actor, organisation: str) -> tuple[Ties, list[Finding]]:
    row = Ties.objects.select_for_update(of=("self",)).filter(
        organisation__code=organisation, status=SUBMITTED
    ).first()  # fmt: skip
    if row is None:
        raise Refused([Finding("ties-unknown")])
    belongs = Membership.objects.filter(person__code=by.person, until_at__isnull=True)
    member_of = set(belongs.values_list("organisation__code", flat=True))
    return row, list(verification_findings(row.status, organisation, row.submitted_by, by, member_of))


def verify_ties(by: Actor, organisation: str, *, at: datetime) -> None:
    """The centre compared a declaration with the register of companies: it counts from now on. Raises Refused."""
    _decide(by, organisation, VERIFIED, "", at)


def return_ties(by: Actor, organisation: str, reason: str, *, at: datetime) -> None:
    """Returns a declaration with the reason that its organisation will read. Raises Refused."""
    _decide(by, organisation, RETURNED, reason, at)


def _decide(by: Actor, organisation: str, status: str, reason: str, at: datetime) -> None:
    require(by, REVIEW_ORGANISATIONS)
    with act():
        row, found = _open(by, organisation)
        refuse_if([*found, *(reasons_findings([reason]) if status == RETURNED else [])])
        row.status, row.reason, row.reviewed_by, row.reviewed_at = status, reason.strip(), by.person, at
        row.save(update_fields=["status", "reason", "reviewed_by", "reviewed_at"])
        kind = TIES_VERIFIED if status == VERIFIED else TIES_RETURNED
        record(kind, about=organisation_ref(organisation), by=by, at=at, facts={"version": row.number})
