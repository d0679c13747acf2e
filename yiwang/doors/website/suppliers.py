"""The public page of an organisation that bids: what was verified, what it was awarded; nothing about persons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import BIDDER
from yiwang.record.journal.api import timeline


def _party(code: str) -> identity.Party | None:
    try:
        party = identity.organisation(code)
    except identity.NoSuchParty:
        return None
    return party if party.admitted and BIDDER in party.roles else None


def admitted_at(code: str) -> datetime | None:
    """When the organisation was admitted, by the public record."""
    admitted = identity.ORGANISATION_ADMITTED.name
    entries = timeline(identity.organisation_ref(code))
    return next((each.at for each in entries if each.kind == admitted), None)


def text_of(code: str) -> str | None:
    """What of a supplier is searched: name, code, qualifications and performance; None where it has no page."""
    party = _party(code)
    if party is None:
        return None
    public = identity.public_credentials(code)
    return "\n".join([party.name, party.code, *(each.name for each in public)])


def shown(code: str) -> dict[str, Any] | None:
    """What the page of a supplier shows; None where it has none. No contact, no persons."""
    party = _party(code)
    if party is None:
        return None
    public = identity.public_credentials(code)
    return {
        "party": party,
        "admitted_at": admitted_at(code),
        "qualifications": [each for each in public if each.kind == identity.QUALIFICATION],
        "performance": [each for each in public if each.kind == identity.PERFORMANCE],
        "awards": trading.awards_to(code),
    }
