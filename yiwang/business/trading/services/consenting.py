"""A member of a consortium says by its own login that it takes part; the law asks for the signed agreement, not for this."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import ConsortiumConsent, Lot
from yiwang.business.trading.rules.consortium import consent_findings
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.bidding import own_envelope, shared_lot
from yiwang.business.trading.services.steps import lot_facts, require
from yiwang.common.identity.api import organisations
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, record


def consent(by: Actor, code: str, leader: str, at: datetime) -> ConsortiumConsent:
    """Says that the own organisation bids for a lot in the consortium that ``leader`` leads. Raises Refused.

    Only the leader is told, and after the opening those who judge the bids: nobody learns before it who bids.
    """
    require(by, permissions.BID)
    with act():
        lot = shared_lot(code, by.organisation)
        given = standing_consent(lot, by.organisation)
        refuse_if(
            consent_findings(
                StepFacts(at=at, by=by, lot=lot_facts(lot, at)),
                leader,
                known=leader in organisations([leader]),
                given=given is not None,
                bids=own_envelope(lot, by.organisation) is not None,
            )
        )
        made = ConsortiumConsent(
            code=random_code("C"), lot=lot, member=by.organisation, leader=leader, given_at=at
        )
        said = {"lot": lot.code, "member": by.organisation, "leader": leader}
        record(kinds.CONSENT_GIVEN, about=made.ref, within=lot.ref, by=by, at=at, facts=said)
        made.save()
        return made


def take_consent_back(by: Actor, code: str, at: datetime) -> None:
    """The own organisation takes back what it said, before the deadline. Raises Refused."""
    require(by, permissions.BID)
    with act():
        lot = shared_lot(code, by.organisation)
        given = standing_consent(lot, by.organisation)
        if given is None:
            raise Refused([Finding("no-consent")])
        facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at))
        refuse_if(consent_findings(facts, given.leader, known=True, given=False, bids=False))
        ConsortiumConsent.objects.filter(pk=given.pk).update(over_at=at)
        said = {"lot": lot.code, "member": by.organisation, "leader": given.leader}
        record(kinds.CONSENT_TAKEN_BACK, about=given.ref, within=lot.ref, by=by, at=at, facts=said)


def standing_consent(lot: Lot, member: str) -> ConsortiumConsent | None:
    """What an organisation said and did not take back."""
    return lot.consents.filter(member=member, over_at=None).first()
