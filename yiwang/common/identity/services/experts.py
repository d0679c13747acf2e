"""Experts: registered by the centre with a login of their own, and taken off."""

from __future__ import annotations

from datetime import date, datetime

from yiwang.common.identity.kinds import (
    AVOIDANCE_DECLARED,
    AVOIDANCE_ENDED,
    EXPERT_AWAY,
    EXPERT_ENDED,
    EXPERT_REGISTERED,
    person_ref,
)
from yiwang.common.identity.models import Avoidance, Expert
from yiwang.common.identity.permissions import BE_EXPERT, REGISTER_EXPERTS
from yiwang.common.identity.rules.experts import (
    ExpertFacts,
    avoidance_findings,
    away_findings,
    expert_findings,
)
from yiwang.common.identity.services.asking import locked_person, require
from yiwang.common.identity.services.people import create_person, person_findings
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import act, record


def register_expert(
    by: Actor, username: str, password: str | None, facts: ExpertFacts, *, at: datetime, phone: str = ""
) -> str:
    """Registers somebody who may sit on evaluation committees, with a login; gives the person's code.

    With ``password`` None nobody can log in as them (rehearsals). Raises Refused with every reason.
    """
    require(by, REGISTER_EXPERTS)
    with act():
        found = [
            *person_findings(username, password, facts.name, phone),
            *(each for each in expert_findings(facts, local_day(at)) if each.field != "name"),
        ]
        refuse_if(found)
        code = create_person(username, password, facts.name, at=at, by=by, phone=phone)
        Expert.objects.create(
            person=locked_person(code),
            kind=facts.kind,
            specialty=facts.specialty.strip(),
            also=[each.strip() for each in facts.also],
            city=facts.city.strip(),
            title=facts.title.strip(),
            standing=facts.standing.strip(),
            years=facts.years,
            employer=facts.employer.strip(),
            employer_code=facts.employer_code,
            since_at=at,
        )
        record(
            EXPERT_REGISTERED,
            about=person_ref(code),
            by=by,
            at=at,
            facts={"person": code, "kind": facts.kind, "years": facts.years},
            private={
                "specialty": facts.specialty,
                "also": list(facts.also),
                "title": facts.title,
                "standing": facts.standing,
                "employer": facts.employer,
            },
        )
    return code


def end_expert(by: Actor, person: str, *, at: datetime) -> None:
    """Takes an expert off the list; from the next request on they act no more. Raises Refused."""
    require(by, REGISTER_EXPERTS)
    with act():
        row = locked_person(person).expertises.filter(until_at__isnull=True).first()
        if row is None:
            raise Refused([Finding("expert-unknown")])
        row.until_at = at
        row.save(update_fields=["until_at"])
        record(EXPERT_ENDED, about=person_ref(person), by=by, at=at, facts={"person": person})


def _listed(person: str) -> Expert:
    row: Expert | None = locked_person(person).expertises.filter(until_at__isnull=True).first()
    if row is None:
        raise Refused([Finding("expert-unknown")])
    return row


def be_away(by: Actor, until_on: date | None, *, at: datetime) -> None:
    """An expert says until which day (included) they cannot come; None: from now on they can. Raises Refused."""
    require(by, BE_EXPERT)
    with act():
        row = _listed(by.person)
        refuse_if(away_findings(until_on, local_day(at)))
        if row.away_until_on == until_on:
            return
        row.away_until_on = until_on
        row.save(update_fields=["away_until_on"])
        said = {"person": by.person, "until": until_on.isoformat() if until_on else ""}
        record(EXPERT_AWAY, about=person_ref(by.person), by=by, at=at, facts=said)


def declare_avoidance(by: Actor, organisation: str, reason: str, *, at: datetime) -> None:
    """An expert declares an interest in an organisation; they are not drawn for what it takes part in. Raises Refused."""
    require(by, BE_EXPERT)
    with act():
        row = _listed(by.person)
        avoided = set(row.avoidances.filter(ended_at=None).values_list("organisation", flat=True))
        refuse_if(avoidance_findings(organisation, reason, avoided))
        Avoidance.objects.create(expert=row, organisation=organisation, reason=reason.strip(), declared_at=at)
        record(
            AVOIDANCE_DECLARED, about=person_ref(by.person), by=by, at=at, facts={"person": by.person},
            private={"organisation": organisation, "reason": reason.strip()},
        )  # fmt: skip


def end_avoidance(by: Actor, organisation: str, *, at: datetime) -> None:
    """The interest is gone. Raises Refused."""
    require(by, BE_EXPERT)
    with act():
        ended = (
            _listed(by.person).avoidances.filter(ended_at=None, organisation=organisation).update(ended_at=at)
        )
        if not ended:
            raise Refused([Finding("avoidance-unknown")])
        record(
            AVOIDANCE_ENDED, about=person_ref(by.person), by=by, at=at, facts={"person": by.person},
            private={"organisation": organisation},
        )  # fmt: skip
