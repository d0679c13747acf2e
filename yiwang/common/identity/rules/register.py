"""What may be registered, who may review it, and which roles one person may not hold together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from yiwang.pure.kernel.actors import (
    AGENCY,
    APPLICANT,
    BIDDER,
    CENTRE,
    EXPERT,
    OPERATOR,
    SUPERVISOR,
    SYSTEM,
    TENDEREE,
    Actor,
)
from yiwang.pure.kernel.codes import REGIONS, USCC_SOURCE, uscc_findings
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.words import Words

MARKET_ROLES = (TENDEREE, AGENCY, BIDDER)
HOUSE_ROLES = (CENTRE, SUPERVISOR, OPERATOR)
MEMBERSHIP_ROLES = (*MARKET_ROLES, *HOUSE_ROLES, APPLICANT)

DRAFT = "draft"
SUBMITTED = "submitted"
RETURNED = "returned"
ADMITTED = "admitted"
ORGANISATION_STATUSES = (DRAFT, SUBMITTED, RETURNED, ADMITTED)

SEPARATION_SOURCE = "GB/T 22239-2019"

ROLE_WORDS = {
    TENDEREE: Words("招标人", "Tenderee"),
    AGENCY: Words("代理机构", "Agency"),
    BIDDER: Words("投标人", "Bidder"),
    CENTRE: Words("交易中心", "Trading centre"),
    SUPERVISOR: Words("监督部门", "Supervisor"),
    OPERATOR: Words("系统运维", "Operator"),
    EXPERT: Words("评标专家", "Expert"),
    APPLICANT: Words("申请人", "Applicant"),
}
STATUS_WORDS = {
    DRAFT: Words("草稿", "Draft"),
    SUBMITTED: Words("待审核", "Awaiting review"),
    RETURNED: Words("已退回", "Returned"),
    ADMITTED: Words("已入库", "Admitted"),
}

_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]\Z")
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}\Z")
_USERNAME = re.compile(r"[\w.@+-]{3,64}\Z")


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What an organisation says about itself."""

    code: str
    name: str
    region: str
    address: str
    contact_name: str
    contact_phone: str
    roles: frozenset[str]


def organisation_findings(facts: OrganisationFacts) -> Iterator[Finding]:
    """Objections to what an organisation says about itself; every one names its field."""
    if _CREDIT_CODE.match(facts.code):
        yield from uscc_findings(facts.code)
    else:  # with spaces, hyphens or small letters inside it would be a second spelling of the same code
        yield Finding("uscc", USCC_SOURCE, {"code": facts.code[:40]}, "code")
    for field, longest in (("name", 120), ("address", 200), ("contact_name", 60)):
        text = getattr(facts, field).strip()
        if not 2 <= len(text) <= longest:
            yield Finding("text-length", "", {"at_least": 2, "at_most": longest}, field)
    if facts.region not in REGIONS:
        yield Finding("region-unknown", "GB/T 2260", {}, "region")
    yield from phone_findings(facts.contact_phone, "contact_phone")
    if not facts.roles or not facts.roles <= set(MARKET_ROLES):
        yield Finding("roles-asked", "", {}, "roles")


def phone_findings(phone: str, field: str) -> Iterator[Finding]:
    """An objection to a phone number that nobody could dial."""
    if not _PHONE.match(phone.strip()):
        yield Finding("phone", "", {}, field)


def name_findings(name: str) -> Iterator[Finding]:
    """An objection to a person's name that is none."""
    if not 2 <= len(name.strip()) <= 60:
        yield Finding("text-length", "", {"at_least": 2, "at_most": 60}, "name")


def login_name(typed: str) -> str:
    """A login name as it is kept and compared: full-width signs become the plain ones, capitals stay apart."""
    return unicodedata.normalize("NFKC", typed).strip()


def username_findings(username: str, taken: bool) -> Iterator[Finding]:
    """Objections to a login name: three to 64 letters, digits or ``. @ + - _``, and free."""
    if not _USERNAME.match(username):
        yield Finding("username-form", "", {}, "username")
    elif taken:
        yield Finding("username-taken", "", {}, "username")


def submission_findings(status: str) -> Iterator[Finding]:
    """Only a draft or a returned registration can be submitted."""
    if status not in (DRAFT, RETURNED):
        yield Finding("registration-not-open", "", {}, "")


def editing_findings(status: str) -> Iterator[Finding]:
    """A registration under review is not changed under the reviewer's hands."""
    if status == SUBMITTED:
        yield Finding("registration-under-review", "", {}, "")


def review_findings(
    status: str, organisation: str, registered_by: str, by: Actor, member_of: Collection[str]
) -> Iterator[Finding]:
    """Who reviews has no part in what is reviewed (separation of duties), and it must wait for review.

    ``member_of`` are the codes of the organisations to which the reviewer belongs.
    """
    if status != SUBMITTED:
        yield Finding("registration-not-submitted", "", {}, "")
    if by.role != SYSTEM and (by.person == registered_by or organisation in member_of):
        yield Finding("review-own", SEPARATION_SOURCE, {}, "")


KEYS_AT_MOST = 20


def key_findings(name: str, names: Collection[str]) -> Iterator[Finding]:
    """Objections to a new API key called ``name`` beside the organisation's working keys ``names``."""
    if not 2 <= len(name.strip()) <= 60:
        yield Finding("text-length", "", {"at_least": 2, "at_most": 60}, "name")
    if name.strip() in names:
        yield Finding("key-name-taken", "", {}, "name")
    if len(names) >= KEYS_AT_MOST:
        yield Finding("keys-too-many", "", {"at_most": KEYS_AT_MOST})


def reasons_findings(reasons: Sequence[str]) -> Iterator[Finding]:
    """A return says why: at least one reason, each of five to 500 characters."""
    if not reasons or any(not 5 <= len(each.strip()) <= 500 for each in reasons):
        yield Finding("reasons-needed", "", {"at_least": 5, "at_most": 500}, "reasons")


def role_findings(held: Iterable[str], wanted: str) -> Iterator[Finding]:
    """One person is on one side only: a market party, the centre, the supervision or the operation.

    GB/T 22239-2019 separates the administration of the system, its security and its audit; a person of
    the centre or of the supervision who also bids or tenders would review their own matters.
    """
    sides = {_side(each) for each in held if each != APPLICANT}
    if wanted != APPLICANT and sides - {_side(wanted)}:
        yield Finding("roles-conflict", SEPARATION_SOURCE, {}, "role")


def _side(role: str) -> str:
    return "market" if role in MARKET_ROLES else role
