"""Experts: registered by the centre with a login of their own, and taken off."""

from __future__ import annotations

from datetime import datetime

from yiwang.common.identity.kinds import EXPERT_ENDED, EXPERT_REGISTERED, person_ref
from yiwang.common.identity.models import Expert
from yiwang.common.identity.permissions import REGISTER_EXPERTS
from yiwang.common.identity.rules.experts import ExpertFacts, expert_findings
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
            *person_findings(username.strip(), password, facts.name, phone),
            *(each for each in expert_findings(facts, local_day(at)) if each.field != "name"),
        ]
        refuse_if(found)
        code = create_person(username, password, facts.name, at=at, by=by, phone=phone)
        Expert.objects.create(
            person=locked_person(code),
            kind=facts.kind,
            specialty=facts.specialty.strip(),
            title=facts.title.strip(),
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
            private={"specialty": facts.specialty, "title": facts.title, "employer": facts.employer},
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
