"""The little that a notice says of what it is about: quicker to ask for than the pages of its project and lots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.business.trading.models import Award, Lot
from yiwang.business.trading.parties import bid_names, names
from yiwang.business.trading.queries import UnknownProject


@dataclass(frozen=True, slots=True)
class ProjectHead:
    """A project by its names; ``agency`` is "" where it has none."""

    code: str
    name: str
    tenderee: str
    agency: str


@dataclass(frozen=True, slots=True)
class LotHead:
    """A lot by its name, and where it stands."""

    code: str
    name: str
    stage: str


def heads(lots: Iterable[str]) -> tuple[ProjectHead, list[LotHead]]:
    """Lots of one project by their codes, in the order of these, and the project. Raises UnknownProject."""
    rows = list(Lot.objects.select_related("project").filter(code__in=set(lots)).order_by("code"))
    if not rows:
        raise UnknownProject(", ".join(sorted(lots)))
    project = rows[0].project
    known = names((project.tenderee, project.agency))
    head = ProjectHead(project.code, project.name, known[project.tenderee], known.get(project.agency, ""))
    return head, [LotHead(each.code, each.name, each.stage) for each in rows]


def winners(lots: Iterable[str]) -> dict[str, str]:
    """Who these lots are awarded to now, in the order of the lots: names by bidder, each once."""
    rows = Award.objects.select_related("bid").filter(lot__code__in=set(lots), withdrawn_at=None)
    return bid_names(each.bid for each in rows.order_by("lot__code", "pk"))
