"""What other rooms see of a notice: a frozen record, its statuses and its canonical body."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words

DRAFT = "draft"
CONFIRMED = "confirmed"
SCHEDULED = "scheduled"
PUBLISHED = "published"
RETURNED = "returned"
DROPPED = "dropped"

STATUS_WORDS = {
    DRAFT: Words("草稿", "draft"),
    CONFIRMED: Words("已确认，待形式核验", "confirmed, awaiting the check of form"),
    SCHEDULED: Words("已核验，待发布", "checked, awaiting publication"),
    PUBLISHED: Words("已发布", "published"),
    RETURNED: Words("退回修改", "returned for revision"),
    DROPPED: Words("已作废", "dropped"),
}
STATUSES = tuple(STATUS_WORDS)


class UnknownNotice(LookupError):
    """No notice has this code."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a notice of several matters says of one of them: the matter, its name, the fields that are its own."""

    about: Ref
    title: str
    values: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"about": str(self.about), "title": self.title, "values": dict(self.values)}


def parts_from_json(listed: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The parts of a notice as they are stored."""
    return tuple(Part(Ref.parse(each["about"]), each["title"], each["values"]) for each in listed)


def told_apart(parts: Sequence[Part], apart: Collection[str] = ()) -> tuple[dict[str, Any], tuple[Part, ...]]:
    """What all of ``parts`` say alike, to be said once, and the parts with what is left to each.

    The fields ``apart`` stay with each part also where they happen to be alike: who is shortlisted for a lot.
    """
    if not parts:
        return {}, ()
    first, *others = (each.values for each in parts)
    alike = {
        key: value
        for key, value in first.items()
        if key not in apart and all(key in each and each[key] == value for each in others)
    }
    return alike, tuple(
        Part(each.about, each.title, {key: value for key, value in each.values.items() if key not in alike})
        for each in parts
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as it stands.

    ``form`` is the id of its form in ``law/notices`` as in force on ``law_on``; ``category`` the trade family
    of that form; ``about`` the matter (a lot); ``values`` the fields by key; ``tenderee`` and ``drafted_for``
    organisation codes; ``authors`` the codes of all people who wrote in it; ``corrects`` the code of the
    published notice that it corrects ("" for none). ``body`` is the canonical JSON fixed at confirmation and
    ``sha256`` its digest ("" before). Instants carry a zone; None while they lie in the future of the notice.
    A notice of several lots is ``about`` their project and has ``parts``: what each lot says for itself, beside what
    ``values`` say of all of them.
    """

    code: str
    form: str
    category: str
    about: Ref
    title: str
    values: Mapping[str, Any]
    region: str
    law_on: date
    tenderee: str
    drafted_for: str
    authors: tuple[str, ...]
    corrects: str
    status: str
    return_reasons: str
    created_at: datetime
    confirmed_at: datetime | None
    publish_at: datetime | None
    checked_at: datetime | None
    published_at: datetime | None
    body: str
    sha256: str
    parts: tuple[Part, ...] = ()

    @property
    def status_words(self) -> Words:
        return STATUS_WORDS[self.status]

    @property
    def matters(self) -> tuple[Ref, ...]:
        """What the notice is about: one matter, or those of its parts in their order."""
        return tuple(each.about for each in self.parts) or (self.about,)


@dataclass(frozen=True, slots=True)
class Line:
    """The form of a notice and the codes of what it is about."""

    code: str
    form: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """What lists and to-dos need of a notice: no text, no values. ``room`` and ``about`` name its matter.

    Of a notice of several lots ``about`` is the lot that was asked about, else the first of them.
    """

    code: str
    form: str
    room: str
    about: str
    status: str
    authors: tuple[str, ...]
    publish_at: datetime | None

    @property
    def living(self) -> bool:
        """Whether the notice is still under way."""
        return self.status not in (PUBLISHED, DROPPED)
