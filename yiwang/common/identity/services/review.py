"""The centre reviews a registration: returned with reasons, or admitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.common.identity.kinds import (
    MEMBERSHIP_GRANTED,
    ORGANISATION_ADMITTED,
    ORGANISATION_RETURNED,
    organisation_ref,
    person_ref,
)
from yiwang.common.identity.models import Membership, Organisation
from yiwang.common.identity.permissions import REVIEW_ORGANISATIONS
from yiwang.common.identity.rules.register import ADMITTED, RETURNED, reasons_findings, review_findings
from yiwang.common.identity.services.asking import locked_organisation, require
from yiwang.common.identity.services.memberships import end
from yiwang.pure.kernel.actors import APPLICANT, Actor
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.record.journal.api import act, record


def _review_findings(by: Actor, body: Organisation) -> list[Finding]:
    belongs_to = Membership.objects.filter(person__code=by.person, until_at__isnull=True)
    codes = set(belongs_to.values_list("organisation__code", flat=True))
    return list(review_findings(body.status, body.code, body.registered_by, by, codes))


def return_registration(by: Actor, code: str, reasons: Sequence[str], *, at: datetime) -> None:
    """Returns a submitted registration with the reasons that its organisation will read."""
    require(by, REVIEW_ORGANISATIONS)
    with act():
        body = locked_organisation(code)
        refuse_if([*_review_findings(by, body), *reasons_findings(reasons)])
        body.status = RETURNED
        body.reasons = [each.strip() for each in reasons]
        body.reviewed_by = by.person
        body.reviewed_at = at
        body.save(update_fields=["status", "reasons", "reviewed_by", "reviewed_at"])
        record(
            ORGANISATION_RETURNED,
            about=organisation_ref(code),
            by=by,
            at=at,
            facts={"code": code},
            private={"reasons": body.reasons},
        )


def admit_organisation(by: Actor, code: str, *, at: datetime) -> None:
    """Admits a submitted organisation; its applicants become its people in every role that it asked for."""
    require(by, REVIEW_ORGANISATIONS)
    with act():
        body = locked_organisation(code)
        refuse_if(_review_findings(by, body))
        body.status = ADMITTED
        body.reasons = []
        body.reviewed_by = by.person
        body.reviewed_at = at
        body.save(update_fields=["status", "reasons", "reviewed_by", "reviewed_at"])
        record(
            ORGANISATION_ADMITTED,
            about=organisation_ref(code),
            by=by,
            at=at,
            facts={"code": code, "name": body.name, "region": body.region, "roles": list(body.roles)},
        )
        _seat_applicants(by, body, at)


def _seat_applicants(by: Actor, body: Organisation, at: datetime) -> None:
    applicants = body.memberships.filter(role=APPLICANT, until_at__isnull=True).select_related("person")
    for held in applicants:
        end(by, held, at)
        for role in body.roles:
            held.person.memberships.create(
                organisation=body, role=role, administrator=held.administrator, since_at=at
            )
            record(
                MEMBERSHIP_GRANTED,
                about=person_ref(held.person.code),
                by=by,
                at=at,
                facts={"organisation": body.code, "role": role, "administrator": held.administrator},
            )
