"""The public part of /api/v1: notices, projects, lots, the law, and the feed of public entries. No key needed."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.common.identity.api import Limit as AskingLimit
from yiwang.common.identity.api import Measure, client_address
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import PUBLIC, answer, kept_answer, long_answer, operation, problem
from yiwang.doors.website import rest_shapes as shapes
from yiwang.doors.website.models import LOT, NOTICE, SearchEntry, place_of
from yiwang.doors.website.queries import Wanted, listed
from yiwang.law import api as law
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import SHANGHAI, from_iso, iso, local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import business_now, feed_lines, real_now

router = Router()

MAX_PAGE = 100
CALCULATIONS = AskingLimit("calculations", 60, 60, 60)
_MADE = Measure()
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Day = Annotated[date | None, Query(description="A day of Asia/Shanghai, 2026-11-23; both ends are included.")]
Word = Annotated[str, StringConstraints(max_length=60)]


class NotFound(Refused):
    """Nothing public is there."""

    def __init__(self) -> None:
        super().__init__([Finding("api-not-found")])


class TooMany(Exception):
    """Somebody asked for so much that they have to wait for ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class ListQuery(Schema):
    """What the lists of notices and lots can be asked for; "" stands for any."""

    query: Annotated[str, Field(max_length=100, description="Words looked for in title and text.")] = ""
    region: Annotated[Literal["", *REGIONS], Field(description="A region of the city, GB/T 2260.")] = ""  # type: ignore[valid-type]
    stage: Annotated[Word, Field(description="The stage of the lot.")] = ""
    first_on: Annotated[
        date | None, Field(description="Published on this day of Asia/Shanghai or later.")
    ] = None
    last_on: Annotated[
        date | None, Field(description="Published on this day of Asia/Shanghai or earlier.")
    ] = None
    cursor: Annotated[str, Field(max_length=200, description="The value `next` of the page before.")] = ""
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 20


class NoticeQuery(ListQuery):
    """Besides: the family of the trade and the form of the notice."""

    category: Annotated[Word, Field(description="The family of the trade: works, procurement …")] = ""
    form: Annotated[Word, Field(description="The form of the notice: tender-notice …")] = ""


def _cursor_of(entry: SearchEntry) -> str:
    return base64.urlsafe_b64encode(f"{iso(entry.shown_at)} {entry.pk}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, int]:
    """Where a page begins. Refused(api-cursor) where the cursor is none of ours."""
    try:
        at, pk = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode("ascii").split(" ")
        place = from_iso(at), int(pk)
        if iso(place[0]) != at or not place_of(place[0]) <= place[1] < 2**63:
            raise ValueError(cursor)
    except (ValueError, binascii.Error, OverflowError) as error:
        raise Refused([Finding("api-cursor", "", {}, "cursor")]) from error
    return place


def _listed(kind: str, asked: ListQuery, **where: str) -> tuple[list[SearchEntry], str | None]:
    """One page, newest first, and the cursor of the next; what is published meanwhile moves no page."""
    wanted = Wanted(
        query=asked.query,
        kind=kind,
        region=asked.region,
        stage=asked.stage,
        first_on=asked.first_on,
        last_on=asked.last_on,
    )
    narrowed: dict[str, object] = {key: value for key, value in where.items() if value}
    if asked.cursor:
        narrowed["pk__lt"] = _place(asked.cursor)[1]  # numbers follow the instants
    found = listed(wanted, asked.limit + 1, **narrowed)
    more = len(found) > asked.limit
    return found[: asked.limit], _cursor_of(found[asked.limit - 1]) if more else None


@router.get("/notices", response=shapes.NoticeList, tags=["notices"], operation_id="listNotices")
@operation(PUBLIC)
def list_notices(request: HttpRequest, asked: Query[NoticeQuery]) -> HttpResponse:
    """Published notices, newest first."""
    found, following = _listed(NOTICE, asked, category=asked.category, form=asked.form)
    return answer({"notices": [shapes.notice_line(each) for each in found], "next": following})


@router.get("/notices/{code}", response=shapes.NoticeOut, tags=["notices"], operation_id="readNotice")
@operation(PUBLIC)
def read_notice(request: HttpRequest, code: Code) -> HttpResponse:
    """One published notice. `sha256` is the digest of the UTF-8 bytes of `body`, and stands in the journal."""
    try:
        found = notices.notice(code)
    except notices.UnknownNotice as error:
        raise NotFound from error
    if found.status != notices.PUBLISHED:
        raise NotFound
    return answer(shapes.notice_json(found))


@router.get("/lots", response=shapes.LotList, tags=["projects"], operation_id="listLots")
@operation(PUBLIC)
def list_lots(request: HttpRequest, asked: Query[ListQuery]) -> HttpResponse:
    """Lots of registered projects, newest first."""
    found, following = _listed(LOT, asked)
    return answer({"lots": [shapes.lot_line(each) for each in found], "next": following})


@router.get("/lots/{code}", response=shapes.LotOut, tags=["projects"], operation_id="readLot")
@operation(PUBLIC)
def read_lot(request: HttpRequest, code: Code) -> HttpResponse:
    """A lot as the public may see it: stage, deadlines with their articles, the opening record."""
    try:
        lot = trading.find_lot(code)
    except trading.UnknownProject as error:
        raise NotFound from error
    return answer(shapes.lot_json(trading.lot_page(lot), lot.project.code))


@router.get(
    "/lots/{code}/calculation",
    response=shapes.CalculationOut,
    tags=["projects"],
    operation_id="readCalculation",
    openapi_extra={"responses": {304: {"description": "The same as If-None-Match names."}}},
)
@operation(PUBLIC, measured=True)
def read_calculation(request: HttpRequest, code: Code) -> HttpResponse:
    """How the award of a lot came about, with every member's scores, from what is public; 404 before there is one.

    The answer has an ETag. Who asks for very many awards that nobody asked for before is told to wait (429).
    """
    try:
        text = trading.calculation_text(code, lambda: _measure(client_address(request), real_now()))
    except TooMany as refused:
        headers = {"Retry-After": str(refused.seconds)}
        return problem(429, [Finding("api-too-many", "", {"seconds": refused.seconds})], headers)
    if text is None:
        raise NotFound
    return kept_answer(request, text)


def _measure(address: str, now: datetime) -> None:
    """Counts a calculation that has to be made for ``address``. Raises TooMany. ``now`` is real."""
    seconds = _MADE.wait_seconds(CALCULATIONS, address, now)
    if seconds:
        raise TooMany(seconds)
    _MADE.count(CALCULATIONS, address, now)


@router.get("/projects/{code}", response=shapes.ProjectOut, tags=["projects"], operation_id="readProject")
@operation(PUBLIC)
def read_project(request: HttpRequest, code: Code) -> HttpResponse:
    """A project with its lots."""
    try:
        return answer(shapes.project_json(trading.project_page(code)))
    except trading.UnknownProject as error:
        raise NotFound from error


@router.get("/law/limits", response=shapes.LimitList, tags=["law"], operation_id="listLimits")
@operation(PUBLIC)
def list_limits(request: HttpRequest, on: Day = None) -> HttpResponse:
    """The limits in force on a day (today where none is given), each with its article."""
    day = on or local_day(business_now())
    return answer({"on": day.isoformat(), "limits": [shapes.limit_json(each) for each in law.limits(day)]})


@router.get("/law/limits/{rule}", response=shapes.LimitOut, tags=["law"], operation_id="readLimit")
@operation(PUBLIC)
def read_limit(request: HttpRequest, rule: Code, on: Day = None) -> HttpResponse:
    """One limit as in force on a day."""
    return answer(shapes.limit_json(_limit(rule, on or local_day(business_now()))))


def _limit(rule: str, on: date) -> law.Limit:
    try:
        return law.limit(rule, on)
    except law.NoSuchRule as error:
        raise NotFound from error


@router.get("/law/limits/{rule}/explain", response=shapes.ClockOut, tags=["law"], operation_id="explainLimit")
@operation(PUBLIC)
def explain_limit(
    request: HttpRequest,
    rule: Code,
    begins: Annotated[
        str,
        Query(
            max_length=40,
            description="The event: a day, or an instant (Beijing time where no zone is given).",
        ),
    ],
    on: Day = None,
) -> HttpResponse:
    """A period counted from an event: the result, every day left out and why, the article."""
    anchor = _anchor(begins)
    day = local_day(anchor) if isinstance(anchor, datetime) else anchor
    limit = _limit(rule, on or day)
    try:
        return answer(law.clock(rule, anchor, on or day).as_json())
    except law.NotAClock as error:
        raise Refused(
            [Finding("api-not-a-clock", "", {"rule": limit.id, "begins": begins}, "begins")]
        ) from error
    except (OverflowError, ValueError) as error:
        raise Refused([Finding("api-law-range", "", {"text": begins}, "begins")]) from error


def _anchor(text: str) -> datetime | date:
    """The event as written. Refused(api-instant)."""
    try:
        if len(text) == len("2026-11-23"):
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text.replace(" ", "+") if text.count(" ") == 1 else text)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
        local_day(instant)
    except (ValueError, OverflowError) as error:
        raise Refused([Finding("api-instant", "", {"text": text}, "begins")]) from error
    return instant


@router.get("/feed", response=shapes.Feed, tags=["feed"], operation_id="readFeed")
@operation(PUBLIC)
def read_feed(
    request: HttpRequest,
    after: Annotated[
        int, Query(ge=0, lt=2**53, description="The last number that you have; 0 at first.")
    ] = 0,
    limit: Limit = MAX_PAGE,
) -> HttpResponse:
    """Public entries of the journal by number, without gaps: ask again with `next` as `after`.

    A number never changes hands. `leaf` is the entry as it stands in the log: `leaf_hash` is the SHA-256 of a
    zero byte and the UTF-8 bytes of `leaf` (RFC 6962).
    """
    entries = feed_lines(after, limit)
    return long_answer({"entries": entries, "next": entries[-1]["number"] if entries else after})
