"""Reads of who heads, controls and manages organisations, as frozen dataclasses. Personal: never for the public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yiwang.common.identity.models import Ties
from yiwang.common.identity.rules.credentials import SUBMITTED, VERIFIED


@dataclass(frozen=True, slots=True)
class TiesLine:
    """A declaration. ``head_mark`` is equal for the same head of two organisations."""

    organisation: str
    organisation_name: str
    number: int
    head: str
    head_mark: str
    controllers: tuple[tuple[str, str], ...]
    managers: tuple[tuple[str, str], ...]
    status: str
    reason: str
    submitted_at: datetime


def _line(row: Ties) -> TiesLine:
    return TiesLine(
        organisation=row.organisation.code,
        organisation_name=row.organisation.name,
        number=row.number,
        head=row.head_name,
        head_mark=row.head_mark,
        controllers=tuple((each["code"], each["name"]) for each in row.controllers),
        managers=tuple((each["code"], each["name"]) for each in row.managers),
        status=row.status,
        reason=row.reason,
        submitted_at=row.submitted_at,
    )


def verified_ties(organisations: Iterable[str]) -> dict[str, TiesLine]:
    """By code the declaration that counts: the newest verified one of each organisation that has any."""
    rows = Ties.objects.filter(organisation__code__in=set(organisations), status=VERIFIED)
    return {
        row.organisation.code: _line(row) for row in rows.select_related("organisation").order_by("number")
    }


def newest_ties(organisation: str) -> TiesLine | None:
    """The newest declaration of an organisation; None where it never made one."""
    rows = Ties.objects.filter(organisation__code=organisation).select_related("organisation")
    row = rows.order_by("-number").first()
    return _line(row) if row else None


def waiting_ties() -> list[TiesLine]:
    """The declarations that await verification, oldest first."""
    rows = Ties.objects.filter(status=SUBMITTED).select_related("organisation")
    return [_line(each) for each in rows.order_by("submitted_at", "pk")]
