"""Lists under a name of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from yiwang.doors.hall.models import SavedView
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import KeptQuery, act

PAGES = {
    "lots": "hall:lots",
    "projects": "hall:projects",
    "notices": "hall:notices",
    "objections": "hall:objections",
    "todos": "hall:todos",
    "findings": "hall:findings",
    "refunds": "hall:refunds",
    "written_reports": "hall:written-reports",
}
MOST_VIEWS = 30
_LONGEST_NAME, _LONGEST_QUERY = 40, 600


_VIEWS = KeptQuery(
    lambda person, organisation, page: SavedView.objects.filter(
        person=person, organisation=organisation, page=page
    ).values_list("pk", "name", "query")
)


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its number, name and address; ``here``: it is the list being looked at."""

    number: int
    name: str
    url: str
    here: bool


def _plain(query: str) -> str:
    """A query string without page and format, in a fixed order."""
    values = QueryDict(query, mutable=True)
    for name in ("page", "format"):
        values.pop(name, None)
    kept = QueryDict(mutable=True)
    for name in sorted(values):
        kept.setlist(name, [each for each in values.getlist(name) if each])
    return kept.urlencode()


def views_of(request: HttpRequest, page: str) -> list[View]:
    """The views that the reader saved of a page, by name."""
    here = _plain(request.GET.urlencode())
    rows = _VIEWS.rows(request.actor.person, request.actor.organisation, page)
    return [
        View(number, name, f"{reverse(PAGES[page])}?{query}", query == here) for number, name, query in rows
    ]


def save_view(by: Actor, page: str, name: str, query: str, at: datetime) -> None:
    """Keeps a list under a name; the same name again means the new list. Raises Refused."""
    name, query = name.strip(), _plain(query)
    findings = []
    if page not in PAGES:
        findings.append(Finding("no-such-list"))
    if not name or len(name) > _LONGEST_NAME:
        findings.append(Finding("view-name", params={"most": _LONGEST_NAME}, field="name"))
    if len(query) > _LONGEST_QUERY:
        findings.append(Finding("view-too-long"))
    mine = SavedView.objects.filter(person=by.person, organisation=by.organisation)
    if mine.exclude(page=page, name=name).count() >= MOST_VIEWS:
        findings.append(Finding("views-full", params={"most": MOST_VIEWS}))
    if findings:
        raise Refused(findings)
    with act():
        SavedView.objects.update_or_create(
            person=by.person,
            organisation=by.organisation,
            page=page,
            name=name,
            defaults={"query": query, "saved_at": at},
        )


def drop_view(by: Actor, number: int) -> None:
    """Forgets a view of one's own."""
    SavedView.objects.filter(pk=number, person=by.person, organisation=by.organisation).delete()
