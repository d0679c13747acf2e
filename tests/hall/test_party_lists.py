"""The lists of a party: whatever index finds and orders them, they hold the rows that plain sorting would give."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.hall import story
from tests.hall.test_lists import many, table
from tests.hall.world import City
from yiwang.business.trading import api as trading
from yiwang.business.trading import queries
from yiwang.business.trading.models import TENDER_PHASE, Lot, Objection, Project, Taking, Told
from yiwang.common.notices.models import StoredNotice
from yiwang.common.shell import lists
from yiwang.pure.kernel.days import end_of, local_day
from yiwang.record.journal.api import business_now

LOTS: dict[str, Callable[[Lot], Any]] = {
    "name": lambda lot: lot.project.name,
    "code": lambda lot: lot.code,
    "agency": lambda lot: lot.agency,
    "region": lambda lot: lot.region,
    "stage": lambda lot: lot.stage,
    "estimate": lambda lot: lot.estimate_fen,
    "deadline": lambda lot: lot.deadline_at,
    "since": lambda lot: lot.stage_since_at,
}
NOTICES: dict[str, Callable[[StoredNotice], Any]] = {
    "title": lambda notice: notice.title,
    "region": lambda notice: notice.region,
    "status": lambda notice: notice.status,
    "due": lambda notice: notice.publish_at,
    "published": lambda notice: notice.published_at,
    "created": lambda notice: notice.created_at,
}


def plainly(rows: list[Any], value: Callable[[Any], Any], down: bool) -> list[Any]:
    """Sorted in memory: by the value, then the key, both ways alike; what has no value comes last."""
    filled = sorted(
        (each for each in rows if value(each) is not None),
        key=lambda each: (value(each), each.pk),
        reverse=down,
    )
    empty = sorted((each for each in rows if value(each) is None), key=lambda each: each.pk, reverse=down)
    return filled + empty


@pytest.fixture
def walking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists take every number of rows for many."""
    monkeypatch.setattr(lists, "FEW", 0)
    monkeypatch.setattr(lists, "SORTED", 0)


def shuffled(city: City) -> list[Lot]:
    """The lots of the host, unlike each other in all that orders; and one of somebody else."""
    running = story.announce(city)
    many(city, 24)
    tenderee, agency = city.host.actor.organisation, city.agency.actor.organisation
    rows = list(Lot.objects.select_related("project").filter(tenderee=tenderee).order_by("pk"))
    at = business_now()
    for number, lot in enumerate(rows):
        if lot.code == running:
            continue
        lot.agency = agency if number % 3 else ""
        lot.region = ("620502", "620503", "620521")[number * 7 % 3]
        lot.estimate_fen = 100 + number * 11 % 17
        lot.deadline_at = None if number % 4 == 0 else at + timedelta(hours=number * 5 % 13)
        lot.stage_since_at = at - timedelta(hours=number * 3 % 7)
        lot.save()
        project = lot.project
        project.agency, project.region = lot.agency, lot.region
        project.name = f"第{number * 13 % 10}号工程"
        project.save()
    stranger = rows[-1]
    Lot.objects.filter(pk=stranger.pk).update(tenderee="9162OTHER000000001")
    Project.objects.filter(pk=stranger.project_id).update(tenderee="9162OTHER000000001")
    return list(Lot.objects.select_related("project").order_by("pk"))


@pytest.mark.usefixtures("walking")
def test_the_lots_of_a_party_come_in_every_order_as_sorting_them_would_give(city: City) -> None:
    every = shuffled(city)
    for reader, role in ((city.host, "tenderee"), (city.agency, "agency")):
        own = [each for each in every if getattr(each, role) == reader.actor.organisation]
        assert 10 < len(own) < len(every)
        for order, value in LOTS.items():
            for sign in ("", "-"):
                found = re.findall(
                    r"C62[0-9]{16,20}", table(reader.get(f"/hall/lots/?order={sign}{order}&size=50"))
                )
                assert found == [each.code for each in plainly(own, value, bool(sign))], (role, sign, order)
        for region in {each.region for each in own}:
            found = re.findall(
                r"C62[0-9]{16,20}", table(reader.get(f"/hall/lots/?region={region}&order=code"))
            )
            assert found == sorted(each.code for each in own if each.region == region)


@pytest.mark.usefixtures("walking")
def test_the_objections_to_a_partys_lots_come_in_every_order_as_sorting_them_would_give(city: City) -> None:
    every, at = shuffled(city), business_now()
    Objection.objects.bulk_create(
        Objection(
            code=f"O{number}", lot=lot, objector="9162B", text="x", papers=[],
            raised_at=at - timedelta(minutes=number * 5 % 11),
            answered_at=None if number % 3 else at - timedelta(minutes=number),
        )
        for number, lot in enumerate(every)
    )  # fmt: skip
    rows = list(Objection.objects.select_related("lot__project").order_by("pk"))
    orders: dict[str, Callable[[Objection], Any]] = {
        "lot": lambda each: each.lot.project.name,
        "code": lambda each: each.lot.code,
        "raised": lambda each: each.raised_at,
        "answered": lambda each: each.answered_at,
    }
    for reader, role in ((city.host, "tenderee"), (city.agency, "agency")):
        own = [each for each in rows if getattr(each.lot, role) == reader.actor.organisation]
        assert 10 < len(own) < len(rows)
        for order, value in orders.items():
            for sign in ("", "-"):
                page = table(reader.get(f"/hall/objections/?order={sign}{order}&size=50"))
                wanted = [each.lot.code for each in plainly(own, value, bool(sign))]
                assert re.findall(r"C62[0-9]{16,20}", page) == wanted, (role, sign, order)


@pytest.mark.usefixtures("walking")
def test_the_notices_of_a_party_come_in_every_order_as_sorting_them_would_give(city: City) -> None:
    story.announce(city)
    at, pattern = business_now(), StoredNotice.objects.get(status="published")
    tenderee, agency, other = pattern.tenderee, city.agency.actor.organisation, "9162OTHER000000001"
    for number in range(24):
        pattern.pk, pattern.serial, pattern.code = None, 10 + number, f"N{number * 7 % 24:02d}"
        pattern.region = ("620502", "620503")[number % 2]
        pattern.title = f"第{number * 3 % 5}号公告"
        pattern.status = ("published", "draft")[number * 5 % 2]
        pattern.created_at = at - timedelta(minutes=number * 2 % 3)
        pattern.publish_at = at + timedelta(hours=1 + number * 5 % 7)
        pattern.published_at = (
            pattern.publish_at + timedelta(hours=1) if pattern.status == "published" else None
        )
        pattern.drafted_for, pattern.tenderee = (agency, tenderee) if number % 3 else (other, other)
        pattern.save(force_insert=True)
    rows = list(StoredNotice.objects.order_by("pk"))
    for reader, name in ((city.host, "tenderee"), (city.agency, "drafted_for")):
        own = [each for each in rows if getattr(each, name) == reader.actor.organisation]
        assert 10 < len(own) < len(rows)
        for order, value in NOTICES.items():
            for sign in ("", "-"):
                page = reader.get(f"/hall/notices/?order={sign}{order}&size=50").split("<table")[1]
                wanted = [each.code for each in plainly(own, value, bool(sign))]
                assert re.findall(r'/hall/notices/([^/"]+)/"', page) == wanted, (name, sign, order)


def test_a_bidder_sees_the_projects_of_which_a_lot_was_announced(city: City) -> None:
    running, hidden = story.announce(city), story.register(city)
    many(city, 2)
    lot = trading.find_lot(running)
    second = Lot.objects.get(pk=lot.pk)
    second.pk, second.code, second.law_on = None, f"{lot.project.code}002", None
    second.save(force_insert=True)
    shown = set(trading.projects_for(city.bidders[0].actor).values_list("code", flat=True))
    announced = {
        each.project.code for each in Lot.objects.select_related("project") if each.law_on is not None
    }
    assert shown == announced == {lot.project.code}
    page = table(city.bidders[0].get("/hall/projects/"))
    assert lot.project.code in page
    assert trading.find_lot(hidden).project.code not in page


@pytest.mark.parametrize("page", ["lots", "objections", "notices"])
def test_a_hundred_rows_take_as_many_queries_as_a_few(city: City, page: str) -> None:
    every, at = shuffled(city), business_now()
    Objection.objects.bulk_create(
        Objection(code=f"O{number}", lot=lot, objector="9162B", text="x", papers=[], raised_at=at)
        for number, lot in enumerate(every)
    )
    pattern = StoredNotice.objects.get(status="published")
    for number in range(24):
        pattern.pk, pattern.serial, pattern.code = None, 10 + number, f"N{number:02d}"
        pattern.save(force_insert=True)
    city.host.get(f"/hall/{page}/")  # what is read once a process is read
    counted = []
    for size in (20, 100):
        with CaptureQueriesContext(connection) as asked:
            shown = table(city.host.get(f"/hall/{page}/?size={size}"))
        counted.append((len(asked), shown.count("标段") + shown.count("公告")))
    assert counted[0][0] == counted[1][0]
    assert counted[0][1] < counted[1][1]


def test_what_nobody_read_is_counted_as_the_list_of_messages_has_it(city: City) -> None:
    host, lot = city.host.actor, trading.find_lot(story.register(city))
    others = ("9162OTHER000000001", "P-OTHER")
    for organisation, person, read_at in (
        (host.organisation, "", None), (host.organisation, host.person, None), (host.organisation, others[1], None),
        (host.organisation, "", business_now()), (others[0], "", None), (others[0], host.person, None),
    ):  # fmt: skip
        Told.objects.create(
            organisation=organisation, person=person, lot=lot, matter="lot-failed", told_at=business_now(), read_at=read_at
        )  # fmt: skip
    unread = trading.messages_for(host).filter(read_at__isnull=True).count()
    assert trading.number_unread(host) == unread >= 2
    nobody = replace(host, organisation="9162NOBODY00000001")
    assert trading.number_unread(nobody) == 0


@pytest.mark.parametrize("walked", [False, True])
def test_known_numbers_are_what_in_says_and_are_looked_up(city: City, walked: bool) -> None:
    many(city, 12)
    keys = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
    for few in ([], keys[:1], keys[3:9], [*keys[2:5], -1]):
        for name in ("pk", "project"):
            asked = Lot.objects.order_by("pk").filter(lists.one_of(name, few, walked=walked), name="标段")
            plain = Lot.objects.order_by("pk").filter(**{f"{name}__in": few}, name="标段")
            assert list(asked.values_list("pk", flat=True)) == list(plain.values_list("pk", flat=True))
    looked_up = Lot.objects.order_by().filter(lists.one_of("pk", keys[3:9], walked=walked)).explain()
    assert connection.vendor == "postgresql" or "SCAN trading_lot" not in looked_up


def test_todos_of_bidders_and_the_centre_take_as_many_queries_for_many_lots(city: City) -> None:
    pattern, at = trading.find_lot(story.announce(city)), business_now()
    Lot.objects.filter(code=trading.find_lot(story.announce(city)).code).update(stage="closed")
    readers = (city.bidders[0].actor, city.centre.actor)
    counted = []
    for turn in range(2):
        for reader in readers:
            with CaptureQueriesContext(connection) as asked:
                found = trading.todos(reader, at)
            counted.append((len(asked), len(found)))
        for number in range(20):
            copy = Lot.objects.get(pk=pattern.pk)
            copy.pk, copy.code = None, f"{pattern.project.code}{900 - 30 * turn + number}"
            copy.stage = ("bidding", "closed")[number % 2]
            copy.save(force_insert=True)
    for (few, first), (many_asked, second) in zip(counted[:2], counted[2:], strict=True):
        assert many_asked == few
        assert second == first + 10


@pytest.mark.parametrize("most", [0, 1_000])
def test_the_lots_of_a_bidder_are_the_same_when_their_number_is_known(
    city: City, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(queries, "FEW_TAKEN", most)
    bidder, codes = city.bidders[0], {story.announce(city) for _ in range(3)}
    codes.pop()  # it took no part in this one
    for code in codes:
        bidder.send(f"/hall/lots/{code}/documents/")
    taken = trading.taken_by(bidder.actor)
    for asked in (trading.my_lots(bidder.actor), trading.my_lots(bidder.actor, taken=taken)):
        assert {each.code for each in asked} == codes


def expected_step(lot: Lot, taken: bool, at: datetime) -> str:
    """What a bidder is asked to do about a lot that is open for bids, without looking at any other; "" for nothing."""
    assert lot.deadline_at is not None
    ends = min(end_of(lot.documents_until_on), lot.deadline_at) if lot.documents_until_on else lot.deadline_at
    if lot.deadline_at <= at:
        return "bid" if lot.postponed_at and taken else ""
    if taken:
        return "bid"
    from_at = lot.documents_from_at
    return "take-documents" if (from_at is not None and at < from_at) or at < ends else ""


def test_a_bidder_is_asked_what_each_lot_alone_would_ask(city: City) -> None:
    pattern, bidder, at = trading.find_lot(story.announce(city)), city.bidders[0].actor, business_now()
    today = local_day(at)
    wanted = {}
    for number, (until, since, ends, postponed, taken) in enumerate(
        itertools.product((-1, 0, 1, None), (-1, 1, None), (-1, 2), (False, True), (False, True))
    ):
        lot = Lot.objects.get(pk=pattern.pk)
        lot.pk, lot.code = None, f"{pattern.project.code}{100 + number}"
        lot.documents_until_on = None if until is None else today + timedelta(days=until)
        lot.documents_from_at = None if since is None else at + timedelta(hours=since)
        lot.deadline_at, lot.postponed_at = at + timedelta(days=ends), at if postponed else None
        lot.save(force_insert=True)
        if taken:
            Taking.objects.create(
                code=f"T{number}", lot=lot, organisation=bidder.organisation, phase=TENDER_PHASE, taken_at=at
            )
        wanted[lot.code] = expected_step(lot, taken, at)
    found = {each.lot: each.step for each in trading.todos(bidder, at) if each.lot in wanted}
    assert found == {code: step for code, step in wanted.items() if step}
    assert {"", "bid", "take-documents"} == set(wanted.values())
