"""A small house: its centre, an organisation on the way to the register, and people for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.common.identity.api import (
    admit_organisation,
    appoint,
    create_person,
    establish,
    register_organisation,
    submit_registration,
)
from yiwang.pure.kernel.actors import (
    APPLICANT,
    BIDDER,
    CENTRE,
    OPERATOR,
    SUPERVISOR,
    SYSTEM_ACTOR,
    TENDEREE,
    Actor,
)
from yiwang.pure.kernel.codes import uscc_of

PASSWORD = "correct horse 2026"
CENTRE_CODE = uscc_of("12620500MB1111111")
COMPANY = uscc_of("91620500MA2222222")
OTHER_COMPANY = uscc_of("91620500MA3333333")

COMPANY_SAYS: dict[str, Any] = {
    "name": "天水建投有限公司",
    "region": "620502",
    "address": "秦州区民主西路1号",
    "contact_name": "王秀英",
    "contact_phone": "0938-8210000",
    "roles": [TENDEREE, BIDDER],
}


@dataclass(frozen=True)
class House:
    """Actors who exist in the tables: two reviewers, a supervisor, an operator, and an applicant."""

    reviewer: Actor
    second_reviewer: Actor
    supervisor: Actor
    operator: Actor
    applicant: Actor


def house(at: datetime) -> House:
    """The centre with its people, and a person who is about to register COMPANY."""
    establish(
        SYSTEM_ACTOR,
        code=CENTRE_CODE,
        at=at,
        **{**COMPANY_SAYS, "name": "天水市公共资源交易中心", "roles": [CENTRE, SUPERVISOR, OPERATOR]},
    )
    people = {}
    for username, role in (
        ("reviewer", CENTRE),
        ("reviewer2", CENTRE),
        ("supervisor", SUPERVISOR),
        ("operator", OPERATOR),
    ):
        code = create_person(username, PASSWORD, "审核员", at=at)
        appoint(SYSTEM_ACTOR, code, role, organisation=CENTRE_CODE, at=at)
        people[username] = Actor(code, CENTRE_CODE, role)
    applicant = create_person("applicant", PASSWORD, "王秀英", at=at)
    return House(
        people["reviewer"],
        people["reviewer2"],
        people["supervisor"],
        people["operator"],
        Actor(applicant, "", APPLICANT),
    )


def registered(made: House, at: datetime, code: str = COMPANY) -> Actor:
    """The applicant, acting for the organisation that they have just registered as a draft."""
    register_organisation(made.applicant, code=code, at=at, **COMPANY_SAYS)
    return Actor(made.applicant.person, code, APPLICANT)


def admitted(made: House, at: datetime, code: str = COMPANY) -> Actor:
    """The administrator of the admitted organisation, acting as tenderee."""
    submit_registration(registered(made, at, code), code, at=at)
    admit_organisation(made.reviewer, code, at=at)
    return Actor(made.applicant.person, code, TENDEREE)


def kinds_about(ref: object) -> list[str]:
    """The kinds of all entries about ``ref``, oldest first."""
    from yiwang.record.journal.api import timeline

    return [each.kind for each in timeline(ref, public_only=False)]
