"""The lists: filters in the address, saved views, sizes, Excel, and notices worked through one after the other."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hall import story
from tests.hall.world import City, hidden, plain
from yiwang.business.trading import api as trading
from yiwang.business.trading import queries
from yiwang.business.trading.models import Charge, Lot, Objection, Project
from yiwang.business.trading.wordlists import LOTS, PROJECTS, lot_text, note_lots
from yiwang.common.identity.models import Organisation
from yiwang.common.notices.models import StoredNotice
from yiwang.common.notices.wordlists import NOTICES
from yiwang.common.shell import lists, wordindex
from yiwang.common.shell.api import counted_to, counts_by, numbers_of, one_of
from yiwang.doors.hall.lot_lists import begins_with, lots_listing
from yiwang.doors.hall.models import SavedView
from yiwang.law import api as law
from yiwang.pure.kernel.codes import REGIONS
from yiwang.record.journal.api import business_now


def table(page: str) -> str:
    """The text of the list's table."""
    return plain(page.split('<table class="cards">')[1].split("</table>")[0])


def many(city: City, number: int) -> None:
    """So many further registered lots of the host."""
    now = business_now()
    fields = {
        "funds": "x",
        "approval": "x",
        "state_funded": True,
        "registered_by": "P-1",
        "registered_at": now,
    }
    owner = {"tenderee": city.host.actor.organisation, "region": "620502"}
    projects = [
        Project(code=f"C6205000009{n:06d}", name=f"道路{n}号工程", **owner, **fields) for n in range(number)
    ]
    Project.objects.bulk_create(projects)
    terms = {"content": "x", "estimate_fen": 100, "procedure": "works-open", "stage": "registered"}
    Lot.objects.bulk_create(
        Lot(
            code=f"{each.code}001",
            project=each,
            tenderee=each.tenderee,
            region=each.region,
            name="标段",
            stage_since_at=now,
            **terms,
        )
        for each in projects
    )


def test_lots_are_narrowed_by_stage_state_due_day_party_and_text(city: City) -> None:
    running, registered = story.announce(city), story.register(city)
    deadline_at = trading.find_lot(running).deadline_at
    city.until(deadline_at - timedelta(days=2))
    for query, found, left_out in (
        ("stage=bidding", running, registered),
        ("due=3", running, registered),
        ("party=育才", running, "没有"),
        (f"q={registered}", registered, running),
        ("q=施工一标段&stage=registered", registered, running),
        ("standing=live", running, "没有"),
    ):
        page = table(city.centre.get(f"/hall/lots/?{query}"))
        assert found in page, query
        assert left_out not in page, query
    for query in ("due=overdue", "standing=suspended", "party=nobody", "due=1", "standing=over"):
        assert "没有符合条件的记录" in plain(city.centre.get(f"/hall/lots/?{query}")), query


def test_a_suspended_lot_and_an_answer_that_is_late_are_found(city: City) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], business_now())
    assert code in table(city.host.get("/hall/lots/?standing=suspended"))
    assert "待答复" in plain(city.host.get("/hall/objections/?state=open"))
    city.until(business_now() + timedelta(days=5))
    assert code in table(city.supervisor.get("/hall/lots/?due=overdue"))
    assert code in table(city.host.get("/hall/todos/?within=overdue"))
    assert bidder.actor.organisation not in city.host.get("/hall/objections/")
    assert "共 1 条" in table(bidder.get("/hall/objections/"))
    assert "目前没有记录" in plain(city.bidders[1].get("/hall/objections/"))


@pytest.mark.parametrize("page", ["lots", "projects", "notices", "objections", "todos"])
def test_every_list_sorts_by_every_head_and_goes_to_excel(city: City, page: str) -> None:
    code = story.announce(city)
    city.bidders[0].send(f"/hall/lots/{code}/documents/")
    trading.object_to_documents(city.bidders[0].actor, code, "资格条件过高。", [], business_now())
    first = city.host.get(f"/hall/{page}/")
    heads = {part.split('"')[0] for part in first.split("order=")[1:]}
    names = {each.split("&")[0].removeprefix("-") for each in heads}
    assert len(names) >= 4
    for name in names:
        for sign in ("", "-"):
            city.host.get(f"/hall/{page}/?order={sign}{name}")
    answer = city.host.client.get(f"/hall/{page}/?format=excel")
    assert answer.content.startswith(b"PK")
    assert city.stranger.get(f"/hall/{page}/").count(code) == 0


def test_a_list_shows_more_rows_with_as_many_queries(city: City) -> None:
    many(city, 60)
    city.host.get("/hall/lots/")  # what is read once a process is read
    with CaptureQueriesContext(connection) as few:
        assert "共 60 条" in table(city.host.get("/hall/lots/"))
    with CaptureQueriesContext(connection) as full:
        page = city.host.get("/hall/lots/?size=100")
    assert table(page).count("道路") == 60
    assert len(full) == len(few)
    assert table(city.host.get("/hall/lots/?size=999")).count("道路") == 20
    assert "60 已登记" in plain(city.host.get("/hall/lots/"))


@pytest.mark.parametrize("few", [0, 1_000])
def test_what_has_no_day_comes_last_whichever_way_a_list_is_ordered(
    city: City, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    early, late = story.announce(city), story.announce(city)
    Lot.objects.filter(code=late).update(deadline_at=trading.find_lot(early).deadline_at + timedelta(days=1))
    many(city, 41)
    for order, first, second in (("deadline", early, late), ("-deadline", late, early)):
        pages = [table(city.centre.get(f"/hall/lots/?order={order}&page={number}")) for number in (1, 2, 3)]
        assert 0 <= pages[0].find(first) < pages[0].find(second) < pages[0].find("道路")
        codes = [code for page in pages for code in re.findall(r"C62[0-9]{16,20}", page)]
        assert len(codes) == len(set(codes)) == 43
        found = lots_listed(city, order)
        assert [lot.code for lot in found] == codes


def lots_listed(city: City, order: str) -> list[Lot]:
    """What goes to Excel, in its order."""
    request = RequestFactory().get("/hall/lots/", {"order": order})
    request.actor = city.centre.actor  # type: ignore[attr-defined]
    return list(lots_listing(request)[0].found)


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("taken", [0, 1_000])
def test_a_bidder_finds_the_lots_that_it_took_part_in_however_many(
    city: City, monkeypatch: pytest.MonkeyPatch, few: int, taken: int
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    monkeypatch.setattr(queries, "FEW_TAKEN", taken)
    bidder, (mine, other) = city.bidders[0], (story.announce(city), story.announce(city))
    bidder.send(f"/hall/lots/{mine}/documents/")
    both = bidder.get("/hall/lots/")
    assert mine in table(both)
    assert other in table(both)
    page = bidder.get("/hall/lots/?mine=yes")
    assert mine in table(page)
    assert other not in page
    assert "共 1 条" in table(page)
    assert "1 投标中" in plain(page)
    assert mine in table(bidder.get("/hall/lots/?mine=yes&stage=bidding&order=-deadline"))
    assert mine not in bidder.get("/hall/lots/?mine=yes&stage=archived")
    assert mine in table(bidder.get(f"/hall/lots/?mine=yes&q={mine}"))
    assert other not in table(bidder.get("/hall/lots/?mine=yes&q=C62"))
    name = trading.find_lot(mine).project.name
    for often in (0, 5_000):
        for each in ("OFTEN", "OFTEN_IN_GIN"):
            monkeypatch.setattr(wordindex, each, often)
        found = bidder.get(f"/hall/lots/?mine=yes&q={name[:3]}")
        assert mine in table(found)
        assert other not in found
        assert mine not in bidder.get(f"/hall/lots/?mine=yes&q={name[:3]}没有")


def test_stages_of_ones_own_lots_are_counted_alike_however_many_they_are(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    bidder, codes = city.bidders[0], [story.announce(city) for _ in range(4)]
    for code in codes:
        bidder.send(f"/hall/lots/{code}/documents/")
    for code, stage in zip(codes, ("archived", "failed", "bidding", "archived"), strict=True):
        queries.Lot.objects.filter(code=code).update(stage=stage)
    counted = {"archived": 2, "failed": 1, "bidding": 1}
    for few, most in ((1_000, 10_000), (0, 10_000), (0, 4)):
        monkeypatch.setattr(queries, "FEW_TAKEN", few)
        monkeypatch.setattr(queries, "MOST_COUNTED", most)
        assert queries.stage_counts_of_mine(bidder.actor) == counted
        taken = queries.taken_by(bidder.actor)
        assert queries.stage_counts_of_mine(bidder.actor, taken) == counted
        assert queries.number_of_my_lots(bidder.actor, taken) == min(4, most)


def test_every_stage_of_a_tender_is_under_way_or_over() -> None:
    stages = [{each.id for each in one.stages} for one in law.procedures(date(2026, 11, 1))]
    tenders = [each for each in stages if "bidding" in each]
    assert tenders
    assert set().union(*tenders) <= {*queries.LIVE, *queries.OVER}


def test_a_code_finds_a_lot_its_notices_and_messages_by_its_beginning(city: City) -> None:
    code, other = story.announce(city), story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], business_now())
    for page in ("lots", "notices", "objections", "messages"):
        for asked in (code, code.lower()):
            found = city.host.get(f"/hall/{page}/?q={asked}")
            assert code in found, page
            assert other not in found, page
    assert code not in city.host.get(f"/hall/objections/?q={other}")


@pytest.mark.parametrize("walked", [False, True])
def test_rows_are_found_among_numbers_that_go_as_one_text(city: City, walked: bool) -> None:
    many(city, 30)
    every = Lot.objects.order_by("-code")
    keys = list(every.values_list("pk", flat=True))
    for asked in ([], keys[:1], keys[3:20], [*keys, 10**12, -1]):
        wanted = [each for each in keys if each in asked]
        assert list(every.filter(one_of("pk", asked, walked=walked)).values_list("pk", flat=True)) == wanted
        assert every.exclude(one_of("pk", asked, walked=walked)).count() == len(keys) - len(wanted)
        projects = list(every.filter(pk__in=wanted).values_list("project_id", flat=True))
        assert [each.pk for each in every.filter(one_of("project_id", projects, walked=walked))] == wanted
    assert Charge.objects.filter(one_of("lot", keys, walked=walked)).count() == 0


def test_counting_ends_where_it_is_told_to(city: City) -> None:
    many(city, 5)
    lots = Lot.objects.select_related("project").order_by("-code")
    assert [counted_to(lots, most) for most in (1, 4, 5, 99)] == [1, 4, 5, 5]
    assert counted_to(lots.filter(pk__in=[]), 9) == counted_to(Lot.objects.none(), 9) == 0
    assert counted_to(lots.filter(name__contains="%标段"), 9) == 0


def test_the_values_of_a_column_are_counted_at_once_each_to_its_end(city: City) -> None:
    many(city, 5)
    Lot.objects.filter(pk__in=Lot.objects.values("pk")[:2]).update(stage="archived")
    lots, stages = Lot.objects.filter(name="标段").order_by("-code"), ("archived", "registered", "没有")
    assert counts_by(lots, "stage", stages, 9) == {"archived": 2, "registered": 3, "没有": 0}
    assert counts_by(lots, "stage", stages, 2) == {"archived": 2, "registered": 2, "没有": 0}
    assert counts_by(lots.none(), "stage", stages, 2) == dict.fromkeys(stages, 0)


def test_the_numbers_of_rows_are_given_as_one_text_unless_they_are_too_many(city: City) -> None:
    many(city, 3)
    lots = Lot.objects.order_by("pk").values_list("pk")
    every = ",".join(str(key) for (key,) in lots)
    assert numbers_of(lots, 3) == (every, 3)
    assert numbers_of(lots, 2) is None
    assert numbers_of(lots.filter(name="没有"), 2) == numbers_of(lots.none(), 2) == ("", 0)
    assert begins_with(Lot.objects.none(), "C6205").count() == 0


def test_what_the_head_of_a_page_counts_is_what_the_list_shows(city: City) -> None:
    code = story.announce(city)
    for someone in (city.host, city.centre, *city.bidders):
        told = trading.messages_for(someone.actor)
        assert trading.number_unread(someone.actor) == told.filter(read_at=None).count()
        told.update(read_at=business_now())
        assert trading.number_unread(someone.actor) == 0
    lots = trading.every_lot()
    assert trading.stage_counts(lots)[trading.find_lot(code).stage] == 1
    assert trading.stage_counts(lots.none()) == {"archived": 0, "terminated": 0, "failed": 0}


@pytest.mark.parametrize(("often", "walked"), [(0, 0), (0, 30_000), (5_000, 30_000)])
def test_a_text_is_found_as_it_stands_and_nothing_else(
    city: City, monkeypatch: pytest.MonkeyPatch, often: int, walked: int
) -> None:
    monkeypatch.setattr(wordindex, "OFTEN", often)
    monkeypatch.setattr(wordindex, "OFTEN_IN_GIN", often)
    monkeypatch.setattr(wordindex, "WALKED", walked)
    monkeypatch.setattr(wordindex, "WALKED_IN_GIN", walked)
    code, other = story.announce(city), story.register(city)
    name = trading.find_lot(code).project.name
    for text in (name[:2], name[3:7], name, f"{name[:2]} {name[-2:]}", code[-9:], name[:1], f'"{name[:3]}"'):
        assert code in table(city.centre.get(f"/hall/lots/?q={text}")), text
    for text in ("没有这个", "%", "_", "' OR 1=1 --", f"{name[:2]}没有", code[-9:] + "7"):
        assert code not in city.centre.get(f"/hall/lots/?q={text}"), text
    assert other not in city.centre.get(f"/hall/lots/?q={code[-12:]}")
    assert code[:17] in table(city.centre.get(f"/hall/projects/?q={name[:4]}"))
    assert f"{code}-01" in city.centre.get(f"/hall/notices/?q={name[:4]} {code[-6:]}")
    assert code not in city.centre.get("/hall/notices/?q=没有这个")


def test_a_frequent_text_is_counted_to_the_thousand_and_paged(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OFTEN", "OFTEN_IN_GIN"):
        monkeypatch.setattr(wordindex, name, 5)
    monkeypatch.setattr(lists, "COUNTED_OF_TEXT", 20)
    monkeypatch.setattr(lists, "FEW", 20)
    many(city, 60)
    note_lots(Lot.objects.filter(words=None).select_related("project"))
    page = city.host.get("/hall/lots/?q=道路&order=-code")
    assert "共 20+ 条" in plain(page)
    assert table(page).count("道路") >= 20
    for narrower, shown in (("&stage=registered", "20+"), ("&stage=archived", "")):
        page = plain(city.host.get(f"/hall/lots/?q=道路{narrower}"))
        assert f"共 {shown} 条" in page if shown else "没有符合条件的记录" in page


@pytest.mark.parametrize("seldom", [5, 5_000])
@pytest.mark.parametrize(("q", "shown"), [("道路", "没有符合条件的记录"), ("标段", "共 1 条")])
def test_a_text_that_stands_in_many_lots_is_not_counted_as_many_objections(
    city: City, monkeypatch: pytest.MonkeyPatch, q: str, shown: str, seldom: int
) -> None:
    for name in ("OFTEN", "OFTEN_IN_GIN"):
        monkeypatch.setattr(wordindex, name, seldom)
    # Everything is sampled, nothing is too common to be asked of the index, and what that finds is walked.
    for name, value in (("SAMPLED", 1), ("COMMON", 1.0), ("GIVEN", 5)):
        monkeypatch.setattr(wordindex, name, value)
    monkeypatch.setattr(lists, "COUNTED_OF_TEXT", 5)
    monkeypatch.setattr(lists, "FEW", 5)
    code = story.announce(city)
    city.bidders[0].send(f"/hall/lots/{code}/documents/")
    trading.object_to_documents(city.bidders[0].actor, code, "资格条件过高。", [], business_now())
    many(city, 30)
    note_lots(Lot.objects.filter(words=None).select_related("project"))
    assert shown in plain(city.supervisor.get(f"/hall/objections/?q={q}"))
    assert "共 5+ 条" in plain(city.supervisor.get(f"/hall/lots/?q={q}"))


def test_a_text_among_rows_of_which_a_filter_leaves_none_finds_none(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("SAMPLED", 1),
        ("COMMON", -1.0),
    ):  # everything is too common to be asked of the index
        monkeypatch.setattr(wordindex, name, value)
    lot = trading.find_lot(story.announce(city))
    for rows in (Objection.objects.none(), Objection.objects.filter(pk__in=[])):
        assert list(trading.lots_named(rows, lot.project.name[:3], "lot")) == []


@pytest.mark.parametrize(("often", "walked"), [(0, 0), (0, 30_000), (5_000, 30_000)])
def test_a_text_is_found_among_the_rows_of_a_party_or_district(
    city: City, monkeypatch: pytest.MonkeyPatch, often: int, walked: int
) -> None:
    monkeypatch.setattr(wordindex, "OFTEN", often)
    monkeypatch.setattr(wordindex, "OFTEN_IN_GIN", often)
    monkeypatch.setattr(wordindex, "WALKED", walked)
    monkeypatch.setattr(wordindex, "WALKED_IN_GIN", walked)
    code = story.announce(city)
    lot = trading.find_lot(code)
    name, region = lot.project.name, lot.region
    other = next(each for each in REGIONS if each != region)
    for someone in (city.host, city.centre):
        for page, shown in (("lots", code), ("projects", code[:17]), ("notices", f"{code}-01")):
            assert shown in someone.get(f"/hall/{page}/?q={name[:3]}&region={region}"), page
            assert shown not in someone.get(f"/hall/{page}/?q={name[:3]}&region={other}"), page
            assert shown not in someone.get(f"/hall/{page}/?q=region{region}"), page
        assert f"{code}-01" in someone.get(f"/hall/notices/?q={name[:3]}&form=tender-notice")
        assert f"{code}-01" not in someone.get(f"/hall/notices/?q={name[:3]}&form=result-notice")


@pytest.mark.parametrize(("often", "common"), [(0, 0.2), (5_000, 0.2), (5_000, -1.0)])
def test_a_text_is_listed_in_every_order_however_it_is_found(
    city: City, monkeypatch: pytest.MonkeyPatch, often: int, common: float
) -> None:
    for each in ("OFTEN", "OFTEN_IN_GIN", "WALKED", "WALKED_IN_GIN"):
        monkeypatch.setattr(wordindex, each, often)
    monkeypatch.setattr(wordindex, "COMMON", common)
    many(city, 12)
    agencies = ["", *Organisation.objects.order_by("code").values_list("code", flat=True)[:2]]
    for number, lot in enumerate(Lot.objects.order_by("pk")):
        marked = {"agency": agencies[number % 3], "region": sorted(REGIONS)[number % 4]}
        Lot.objects.filter(pk=lot.pk).update(**marked)
    note_lots(Lot.objects.filter(words=None).select_related("project"))
    for name in ("tenderee", "agency", "region"):
        rows = Lot.objects.filter(words__text__contains="道路").order_by(name, "pk")
        codes = list(rows.values_list("code", flat=True))
        for sign, expected in (("", codes), ("-", codes[::-1])):
            page = table(city.centre.get(f"/hall/lots/?q=道路&order={sign}{name}"))
            assert list(dict.fromkeys(re.findall(r"C62\d{17}", page))) == expected, (sign, name)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.text(max_size=200))
@example("\ufdfa" * 200, "\ufdfa" * 200)
def test_a_text_fits_into_an_index_however_its_names_grow(project: str, lot: str) -> None:
    text = lot_text("C" + "6" * 23, lot, project)
    assert len(text.encode()) <= 2_600
    assert text.endswith("c" + "6" * 23)


def test_what_is_marked_beside_the_words_is_what_the_row_says(city: City) -> None:
    lot = trading.find_lot(story.announce(city))
    text = lot.project.name[:2]
    for index, row in ((LOTS, lot), (PROJECTS, lot.project), (NOTICES, StoredNotice.objects.get())):
        rows = type(row).objects.filter(pk=row.pk)
        for name in filter(lambda each: getattr(row, each), index.marked):
            value = getattr(row, name)
            assert index.narrowed(rows, text, "pk", "words__text", {name: value}).exists(), name
            assert not index.narrowed(rows, text, "pk", "words__text", {name: f"{value}0"}).exists(), name
    assert wordindex.marks({"agency": "", "drafted_for": "91-A"}) == "draftedfor91a"


def test_todos_of_many_lots_take_as_many_queries_as_those_of_one(city: City) -> None:
    story.register(city)
    with CaptureQueriesContext(connection) as few:
        assert len(trading.todos(city.host.actor, business_now())) == 1
    many(city, 50)
    with CaptureQueriesContext(connection) as full:
        assert len(trading.todos(city.host.actor, business_now())) == 51
    assert len(full) == len(few)


def test_a_view_is_saved_under_a_name_of_ones_own(city: City) -> None:
    fields = {"page": "lots", "name": "七日内开标", "query": "due=7&page=3&stage=bidding&order="}
    assert city.host.send("/hall/views/", fields) == "/hall/lots/"
    view = SavedView.objects.get()
    assert view.query == "due=7&stage=bidding"
    page = city.host.get("/hall/lots/?stage=bidding&due=7")
    assert 'aria-current="true">七日内开标' in page
    assert "七日内开标" not in city.second_host.get("/hall/lots/")
    city.second_host.send(f"/hall/views/{view.pk}/", {"page": "lots"})
    assert SavedView.objects.count() == 1
    city.host.send(f"/hall/views/{view.pk}/", {"page": "lots"})
    assert SavedView.objects.count() == 0
    refused = plain(
        city.host.send("/hall/views/", {"page": "nowhere", "name": " ", "query": "q=" + "q" * 700}, 422)
    )
    for reason in ("没有这个清单", "请给视图起一个名称", "筛选条件过长"):
        assert reason in refused


def test_notices_are_worked_through_one_after_the_other_each_by_its_own_decision(city: City) -> None:
    drafts = [story.draft(city, story.register(city)) for _ in range(2)]
    page = city.second_host.get("/hall/todos/")
    assert "逐份办理：确认公告（2 份）" in plain(page)
    for number, notice in enumerate(drafts):
        path = f"/hall/notices/{notice}/confirm/?queue=yes"
        shown = city.second_host.get(path)
        assert ("之后还有 1 份" in plain(shown)) is (number == 0)
        proposed = story.proposed(shown, "publish_at")
        preview = city.second_host.send(path, {"publish_at": proposed, "stage": "preview"}, 200)
        place = city.second_host.send(path, {**hidden(preview), "stage": "confirm"})
        assert place == f"/hall/notices/{drafts[1]}/" + ("confirm/" if number == 0 else "")
    assert "逐份办理：核验公告形式（2 份）" in plain(city.centre.get("/hall/"))
    place = city.centre.send(f"/hall/notices/{drafts[0]}/check/?queue=yes", {"decision": "pass"})
    assert place == f"/hall/notices/{drafts[1]}/check/"
    place = city.centre.send(f"/hall/notices/{drafts[1]}/check/?queue=yes", {"decision": "pass"})
    assert place.startswith("/hall/lots/")
