"""The public page of an organisation that bids: what was verified, what it was awarded; nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.doors.website.models import SUPPLIER, SearchEntry, SupplierLine
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


def put_line(code: str) -> None:
    """Adds or renews the line of a supplier in the public list; nothing where it has no page."""
    party = _party(code)
    if party is None:
        return
    public = identity.public_credentials(code)
    awards, newest = trading.awards_counted([code])[code]
    kinds = [each.kind for each in public]
    facts = {
        "name": party.name,
        "region": party.region,
        "qualifications": "\n".join(each.name for each in public if each.kind == identity.QUALIFICATION),
        "performance": kinds.count(identity.PERFORMANCE),
        "awards": awards,
        "last_awarded_at": newest,
        "admitted_at": SearchEntry.objects.get(kind=SUPPLIER, code=code).shown_at,
    }
    SupplierLine.objects.update_or_create(code=code, defaults=facts)


def count_awards(bidders: Iterable[str]) -> None:
    """Renews what the public list says of the awards of these suppliers."""
    for code, (awards, newest) in trading.awards_counted(bidders).items():
        SupplierLine.objects.filter(code=code).update(awards=awards, last_awarded_at=newest)


def fill_lines() -> None:
    """Adds the lines that are missing: those of suppliers admitted before there was a list."""
    listed = SupplierLine.objects.values("code")
    for entry in SearchEntry.objects.filter(kind=SUPPLIER).exclude(code__in=listed).order_by("pk"):
        put_line(entry.code)
