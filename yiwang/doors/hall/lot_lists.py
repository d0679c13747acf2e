"""The list of lots as any page may show it: its columns, its filters, and how a text narrows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Q, QuerySet
from django.db.models.lookups import In
from django.http import HttpRequest

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity.api import organisations_called
from yiwang.common.shell.api import (
    BetweenInOrder,
    Choice,
    Column,
    Listing,
    Typed,
    address,
    counted_to,
    listing,
    numbers_of,
    one_of,
    unindexed,
)
from yiwang.doors.hall.names import NameBook
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, TENDEREE, Actor
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

EVERY_STAGE = "works-open-prequalified"  # has all of those of a tender with postqualification, and its own
MOST_MATES = 50
PREFIXED = 5_000  # so many rows of a code are found before they are put in order
FEW_LOTS, MANY_LOTS = 1_000, 20_000  # so many lots of a code are named one by one; the same on PostgreSQL
FEW_PROJECTS = 1_000  # of so many projects of a party the lots are found by the projects
WITHIN = {
    "1": Words("24 小时内", "within 24 hours"),
    "3": Words("3 日内", "within 3 days"),
    "7": Words("7 日内", "within 7 days"),
    "30": Words("30 日内", "within 30 days"),
    "overdue": Words("已超期", "overdue"),
}
REGION_OPTIONS = [(code, Words(*names)) for code, names in REGIONS.items()]


# What a list reads of the sixty columns of a lot and its project.
SHOWN = (
    "code", "name", "stage", "estimate_fen", "deadline_at", "stage_since_at", "suspended_at", "postponed_at",
    "procedure", "tender_notice",
    "project__code", "project__name", "project__tenderee", "project__agency", "project__region",
)  # fmt: skip


def of_parties(prefix: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """Narrows to lots or projects of tenderees and agencies whose name contains a text."""

    def narrow(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        codes = organisations_called(text)
        few = trading.projects_of(codes, FEW_PROJECTS)
        if few is not None:
            return rows.filter(**{f"{prefix}pk__in": few})
        tenderee, agency = unindexed("tenderee"), unindexed("agency")  # lots have those of their projects
        return rows.filter(Q(In(tenderee, codes)) | Q(In(agency, codes)))

    return narrow


def is_code(text: str) -> bool:
    """Whether a text looks like the beginning of a code."""
    return text.upper().startswith("C62") and text.isalnum() and text.isascii()


def _bounds(text: str) -> tuple[str, str]:
    """Between what lie the codes that begin with a text: no collation has a letter behind Z."""
    code = text.upper()
    return code, code + "Z" * 23


def _of_code(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """``rows`` by the bounds of a code: every database walks the index of codes."""
    first, last = _bounds(text)
    return rows.filter(code__gte=first, code__lte=last, code__startswith=first)


def begins_with(rows: QuerySet[Any], text: str) -> QuerySet[Any] | None:
    """``rows`` whose code begins with a text that looks like one; None where it does not."""
    if not is_code(text):
        return None
    found = _of_code(rows, text)
    if connections[rows.db].vendor == "sqlite":
        return found
    if counted_to(found, PREFIXED + 1, "code") > PREFIXED:
        return rows.filter(BetweenInOrder("code", *_bounds(text), rows=PREFIXED))
    # PostgreSQL takes rows of a prefix to be spread over every order and walks it for them: they stand together.
    known = numbers_of(found.order_by().values_list("pk"), PREFIXED)
    return found if known is None else rows.filter(one_of("pk", known[0]))


def lot_text(rows: QuerySet[Any], text: str, given: Mapping[str, str], few: str = "") -> QuerySet[Any]:
    """Narrows lots, all of them among ``few`` keys, to a text in names or codes; of what looks like a code the beginning is looked up."""
    found = begins_with(rows, text)
    return trading.lots_named(rows, text, given=given, few=few) if found is None else found


def of_lots_named(rows: QuerySet[Any], text: str, given: Mapping[str, str]) -> QuerySet[Any]:
    """Narrows what belongs to lots to a text in the names or codes of the lots; a code is looked up by its beginning."""
    if not is_code(text):
        return trading.lots_named(rows, text, "lot")
    lots = _of_code(trading.every_lot(), text).order_by().values_list("pk")
    # PostgreSQL would plan a query for the lots of a code as for those of any code, however many these are.
    known = numbers_of(lots, FEW_LOTS if connections[rows.db].vendor == "sqlite" else MANY_LOTS)
    if known is None:
        return rows.filter(lot__in=lots)
    numbers, count = known
    return rows.filter(one_of("lot", numbers, walked=count > FEW_LOTS))


def due_within(actor: Actor, now: datetime) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """Narrows lots to those in which something falls due soon, or was due and is not done."""

    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "overdue":
            return trading.overdue(actor, rows, now)
        return trading.falling_due(actor, rows, now, now + timedelta(days=int(value)))

    return narrow


def _standing(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "suspended":
        return trading.standing_still(rows)
    if value == "live":
        return rows.filter(stage__in=trading.LIVE)
    return rows.exclude(stage__in=trading.LIVE)  # nearly all: the order is walked, no index of stages is


STANDING = Choice(
    "standing",
    Words("状态", "State"),
    [
        ("live", Words("办理中", "under way")),
        ("suspended", Words("暂停中", "suspended")),
        ("over", Words("已结束", "over")),
    ],
    narrow=_standing,
)


def stage_words(now: datetime) -> dict[str, Words]:
    """The words of every stage, by today's law."""
    return {each.id: each.words for each in law.procedure(EVERY_STAGE, on=local_day(now)).stages}


def stage_of(stages: Mapping[str, Words], lot: Any) -> Words:
    """The words of a lot's stage, and whether it stands still."""
    words = stages.get(lot.stage, Words(lot.stage, lot.stage))
    if lot.suspended_at or lot.postponed_at:
        return Words(f"{words.zh}（暂停）", f"{words.en} (suspended)")
    return words


def region_of(code: str) -> Words:
    """The words of a district; a code that is none of the city's stands for itself."""
    return Words(*REGIONS.get(code, (code, code)))


_APPLICATIONS, _BIDS = Words("资格预审申请", "applications"), Words("投标、开标", "bids, opening")


def deadline_of(lot: Any) -> Words | str:
    """What the deadline of a lot is for: applications to prequalify, or bids."""
    if lot.deadline_at is None:
        return ""
    return _APPLICATIONS if lot.phase else _BIDS


def of_party(actor: Actor, project: str) -> dict[str, str]:
    """What is known of the project of every lot of a tenderee or an agency; ``project`` is the ORM name that leads to it."""
    return {f"{project}__{actor.role}": actor.organisation} if actor.role in (TENDEREE, AGENCY) else {}


def lot_columns(stages: Mapping[str, Words], book: NameBook, actor: Actor) -> list[Column]:
    """The columns of a list of lots of the actor."""
    return [
        Column(
            "name",
            Words("标段", "Lot"),
            lambda lot: f"{lot.project.name} · {lot.name}",
            sort="project__name",
            link=lambda lot: address("hall:lot", lot.code),
            known=of_party(actor, "project"),
        ),
        Column("code", Words("编号", "Code"), lambda lot: lot.code, sort="code", under="name"),
        book.column("tenderee", Words("招标人", "Tenderee"), lambda lot: lot.project.tenderee, "tenderee"),
        book.column(
            "agency",
            Words("代理机构", "Agency"),
            lambda lot: lot.project.agency,
            "agency",
            under="tenderee",
        ),
        Column(
            "region",
            Words("区县", "District"),
            lambda lot: region_of(lot.project.region),
            sort="region",
        ),
        Column("stage", Words("阶段", "Stage"), lambda lot: stage_of(stages, lot), sort="stage"),
        Column(
            "estimate",
            Words("估算价", "Estimate"),
            lambda lot: lot.estimate_fen,
            sort="estimate_fen",
            amount=True,
        ),
        Column("deadline", Words("截止时间", "Deadline"), lambda lot: lot.deadline_at, sort="deadline_at"),
        Column("deadline_of", Words("截止事项", "Deadline of"), deadline_of, under="deadline"),
        Column(
            "since",
            Words("进入本阶段", "In this stage since"),
            lambda lot: lot.stage_since_at,
            sort="stage_since_at",
            under="stage",
        ),
    ]


def whose_choice(actor: Actor, now: datetime) -> list[Choice]:
    """The filter by who is in charge; none for roles that divide no work."""
    if not permissions.DIVIDE_WORK.allows(actor):
        return []

    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return trading.lots_in_charge(actor, rows, value, local_day(now))

    mates = [(code, Words(name, name)) for code, name in trading.work_mates(actor) if code != actor.person]
    own = [("mine", Words("我负责的", "mine")), ("unassigned", Words("无人负责", "nobody's"))]
    return [Choice("whose", Words("负责人", "In charge"), [*own, *mates[:MOST_MATES]], narrow=narrow)]


class LotsFound(NamedTuple):
    """The list as the address asks, the names its rows need, all lots before filtering, and what a bidder asked for took part in."""

    shown: Listing
    book: NameBook
    lots: Any
    taken: Any


def lots_listing(request: HttpRequest) -> LotsFound:
    """The list of lots as the address asks."""
    actor, now = request.actor, business_now()
    stages, book = stage_words(now), NameBook()
    mine = actor.role == BIDDER and request.GET.get("mine") == "yes"
    taken = trading.taken_by(actor) if mine else None
    found: Any = (
        trading.my_lots(actor, walk=not request.GET.get("q"), taken=taken)
        if mine
        else trading.lots_for(actor)
    )
    columns, divides = lot_columns(stages, book, actor), permissions.DIVIDE_WORK.allows(actor)
    if divides:
        columns.append(book.people("charge", Words("负责人", "In charge"), charge_of))
    shown = listing(
        request,
        _with_charges(actor, found.only(*SHOWN)),
        columns,
        search=partial(lot_text, few=(taken.keys or "") if taken else ""),
        choices=[
            Choice("stage", Words("阶段", "Stage"), list(stages.items()), "stage"),
            STANDING,
            Choice("due", Words("期限", "Due"), list(WITHIN.items()), narrow=due_within(actor, now)),
            Choice("region", Words("区县", "District"), REGION_OPTIONS, "region"),
            *whose_choice(actor, now),
        ],
        fields=[Typed("party", Words("招标人或者代理机构", "Tenderee or agency"), of_parties("project__"))],
        order="-since",
        extra={"mine": "yes"} if mine else None,
        total=(lambda: taken.number) if taken else None,
        whole=_with_charges(actor, trading.every_lot().only(*SHOWN)) if mine else None,
        left_out=trading.number_unannounced if actor.role == BIDDER and not mine else None,
    )
    return LotsFound(shown, book, found, taken)


def _with_charges(actor: Actor, lots: QuerySet[Any]) -> QuerySet[Any]:
    return trading.with_charges(actor, lots) if permissions.DIVIDE_WORK.allows(actor) else lots


def charge_of(lot: Any) -> str:
    """The person in charge of a lot of ``lots_listing`` in the reader's organisation; "" for nobody."""
    return lot.own_charges[0].person if lot.own_charges else ""
