"""Inside an organisation: who is in charge of which lot, and who stands in for whom. Recorded, told, no right of its own.

Everybody of an organisation may do what their role allows, in charge or not; who acted stands in the journal as
always. What is divided here is the work, so that lists can say "mine", and an absence leaves nothing lying.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Absence, Charge, Lot
from yiwang.business.trading.queries import lots_for
from yiwang.business.trading.services.steps import require, tell
from yiwang.common.identity.api import people_of
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.journal.api import act, record

MOST_LOTS = 500
LONGEST_DAYS = 366


def _is_colleague(by: Actor, person: str) -> bool:
    return any(each.person == person for each in people_of(by.organisation, by.role))


def give_lots(by: Actor, codes: Sequence[str], person: str, at: datetime) -> int:
    """Puts ``person`` of the own organisation and role in charge of lots ("": nobody); gives how many changed.

    The new holder is told of each lot that somebody else gave. Raises Refused.
    """
    require(by, permissions.DIVIDE_WORK)
    with act():
        lots = list(lots_for(by).filter(code__in=codes[:MOST_LOTS]).order_by("code"))
        findings = []
        if len(lots) < len(set(codes)) or not lots:
            findings.append(Finding("lots-not-yours", params={"most": MOST_LOTS}))
        if person and not _is_colleague(by, person):
            findings.append(Finding("no-colleague", field="person"))
        refuse_if(findings)
        return sum(_give(by, lot, person, at) for lot in lots)


def _give(by: Actor, lot: Lot, person: str, at: datetime) -> bool:
    known = Charge.objects.select_for_update().filter(lot=lot, organisation=by.organisation).first()
    if (known.person if known else "") == person:
        return False
    if person:
        Charge.objects.update_or_create(
            lot=lot,
            organisation=by.organisation,
            defaults={"person": person, "given_by": by.person, "given_at": at},
        )
    elif known is not None:
        known.delete()
    record(
        kinds.LOT_GIVEN,
        about=Ref("trading", "charge", random_code("G")),
        within=lot.ref,
        by=by,
        at=at,
        facts={"lot": lot.code, "organisation": by.organisation},
        private={"person": person, "before": known.person if known else ""},
    )
    if person and person != by.person:
        tell(lot, [by.organisation], "lot-given", at, person=person)
    return True


def absence_findings(
    by: Actor, deputy: str, since_on: date, until_on: date, today: date
) -> Iterator[Finding]:
    """Objections to an absence: its days, its deputy."""
    if until_on < since_on or until_on < today:
        yield Finding("absence-days", params={"today": today.isoformat()}, field="until_on")
    if (until_on - since_on).days > LONGEST_DAYS:
        yield Finding("absence-long", params={"most": LONGEST_DAYS}, field="until_on")
    if deputy == by.person or not _is_colleague(by, deputy):
        yield Finding("no-colleague", field="deputy")


def note_absence(by: Actor, deputy: str, since_on: date, until_on: date, at: datetime) -> Absence:
    """Notes one's own absence; from ``since_on`` to ``until_on`` the deputy finds one's lots among their own."""
    require(by, permissions.DIVIDE_WORK)
    with act():
        refuse_if(absence_findings(by, deputy, since_on, until_on, local_day(at)))
        own = Absence.objects.filter(organisation=by.organisation, person=by.person)
        if own.filter(since_on__lte=until_on, until_on__gte=since_on).exists():
            raise Refused([Finding("absence-overlaps", field="since_on")])
        absence = Absence.objects.create(
            organisation=by.organisation,
            person=by.person,
            deputy=deputy,
            since_on=since_on,
            until_on=until_on,
            noted_at=at,
        )
        days = {"since_on": since_on.isoformat(), "until_on": until_on.isoformat()}
        _record(kinds.ABSENCE_NOTED, by, at, days, {"deputy": deputy})
        return absence


def end_absence(by: Actor, number: int, at: datetime) -> None:
    """Ends one's own absence: what lies ahead is dropped, what has begun ends with yesterday. Raises Refused."""
    require(by, permissions.DIVIDE_WORK)
    with act():
        today = local_day(at)
        row = Absence.objects.filter(
            pk=number, organisation=by.organisation, person=by.person, until_on__gte=today
        ).first()
        if row is None:
            raise Refused([Finding("no-absence")])
        if row.since_on >= today:
            row.delete()
        else:
            row.until_on = date.fromordinal(today.toordinal() - 1)
            row.save(update_fields=["until_on"])
        _record(kinds.ABSENCE_ENDED, by, at, {"until_on": today.isoformat()}, {})


def _record(
    kind: kinds.Kind, by: Actor, at: datetime, facts: Mapping[str, str], private: Mapping[str, str]
) -> None:
    about = Ref("trading", "absence", random_code("A"))
    record(kind, about=about, by=by, at=at, facts={"organisation": by.organisation, **facts}, private=private)
