"""What an administrator may do with their people, and what a holder of a role may delegate."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.pure.kernel.findings import Finding

DELEGATED_AT_MOST = 90  # days; a house setting
INVITATIONS_AT_MOST = 50
OPEN, ACCEPTED, WITHDRAWN = "open", "accepted", "withdrawn"
INVITATION_STATUSES = (OPEN, ACCEPTED, WITHDRAWN)


def last_administrator_findings(administrators: Collection[str], leaving: str) -> Iterator[Finding]:
    """An organisation keeps an administrator who can act: the last one hands over first."""
    if set(administrators) == {leaving}:
        yield Finding("last-administrator")


def ends_findings(ends_on: date | None, today: date) -> Iterator[Finding]:
    """A role ends, if it has an end, today (at midnight) or later."""
    if ends_on is not None and ends_on < today:
        yield Finding("ends-in-the-past", "", {}, "ends_on")


def invitation_findings(
    name: str, wanted: Collection[str], held: Collection[str], waiting: int
) -> Iterator[Finding]:
    """Objections to an invitation: who it is for, roles ``wanted`` of those ``held`` by the organisation, how many wait."""
    if not 2 <= len(name.strip()) <= 60:
        yield Finding("text-length", "", {"at_least": 2, "at_most": 60}, "name")
    if not wanted or not set(wanted) <= set(held):
        yield Finding("role-needed", "", {}, "roles")
    if waiting >= INVITATIONS_AT_MOST:
        yield Finding("invitations-too-many", "", {"at_most": INVITATIONS_AT_MOST})


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """Somebody gives a role of theirs to a colleague.

    ``own`` is whether they hold it themselves, ``delegated`` whether somebody delegated it to them; ``colleague``
    whether the other one belongs to the organisation.
    """

    by: str
    to: str
    own: bool
    delegated: bool
    colleague: bool


def delegation_findings(facts: DelegationFacts, ends_on: date | None, today: date) -> Iterator[Finding]:
    """Objections to a delegation: one's own role, to a colleague, not passed on, for at most 90 days."""
    if not facts.own or facts.delegated:
        yield Finding("delegation-not-own", "", {}, "role")
    if not facts.colleague:
        yield Finding("delegation-colleague", "", {}, "person")
    if facts.by == facts.to:
        yield Finding("not-oneself", "", {}, "person")
    if ends_on is None or not today <= ends_on <= today + timedelta(days=DELEGATED_AT_MOST):
        yield Finding("delegation-days", "", {"at_most": DELEGATED_AT_MOST}, "ends_on")
