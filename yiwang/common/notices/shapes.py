"""What other rooms see of a notice: a frozen record, its statuses and its canonical body."""

from __future__ import annotations

from collections.abc import Mapping
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
class Notice:
    """One notice as it stands.

    ``form`` is the id of its form in ``law/notices`` as in force on ``law_on``; ``category`` the trade family
    of that form; ``about`` the matter (a lot); ``values`` the fields by key; ``tenderee`` and ``drafted_for``
    organisation codes; ``authors`` the codes of all people who wrote in it; ``corrects`` the code of the
    published notice that it corrects ("" for none). ``body`` is the canonical JSON fixed at confirmation and
    ``sha256`` its digest ("" before). Instants carry a zone; None while they lie in the future of the notice.
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

    @property
    def status_words(self) -> Words:
        return STATUS_WORDS[self.status]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """What lists and to-dos need of a notice: no text, no values. ``room`` and ``about`` name its matter."""

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
