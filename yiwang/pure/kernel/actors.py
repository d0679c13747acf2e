"""Who acts, and what they may do. Verbs check this inside; routes declare it outside."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.pure.kernel.findings import Finding

TENDEREE = "tenderee"
AGENCY = "agency"
BIDDER = "bidder"
CENTRE = "centre"
SUPERVISOR = "supervisor"
OPERATOR = "operator"
EXPERT = "expert"  # a natural person on evaluation committees; acts for no organisation
APPLICANT = "applicant"  # a person whose organisation is not (yet) on the register
SYSTEM = "system"
VISITOR = "visitor"

ROLES = (TENDEREE, AGENCY, BIDDER, CENTRE, SUPERVISOR, OPERATOR, EXPERT, APPLICANT, SYSTEM, VISITOR)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for an organisation in one role.

    ``person`` is the person's public code, ``organisation`` the 统一社会信用代码 of the organisation for
    which they act ("" for the system and for visitors), ``role`` one of ROLES.
    """

    person: str
    organisation: str
    role: str


SYSTEM_ACTOR = Actor("system", "", SYSTEM)
ANYONE = Actor("visitor", "", VISITOR)


@dataclass(frozen=True, slots=True)
class Permission:
    """A named permission and the roles that have it. Whose matter it is, is checked by the verb besides."""

    name: str
    roles: frozenset[str]

    def allows(self, actor: Actor) -> bool:
        return actor.role in self.roles


def permission(name: str, *roles: str) -> Permission:
    """A permission for ``roles``. ValueError where a role is unknown."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"unknown roles for {name}: {sorted(unknown)}")
    return Permission(name, frozenset(roles))


def permission_findings(actor: Actor, needed: Permission) -> list[Finding]:
    """One finding where ``actor``'s role lacks ``needed``; none otherwise."""
    if needed.allows(actor):
        return []
    return [Finding("no-permission", "", {"permission": needed.name, "role": actor.role})]
