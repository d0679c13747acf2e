"""The pages of a small city that was built by the real verbs: what is public stands there, nothing else does."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.finders import get_finders
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.chromium import EXECUTABLE
from yiwang.business.trading.models import Envelope, Lot
from yiwang.common.identity.api import organisation
from yiwang.common.notices import api as notices
from yiwang.common.notices.models import StoredNotice
from yiwang.doors.website import api as website
from yiwang.doors.website import places, services
from yiwang.doors.website.folder import write_page
from yiwang.doors.website.html import linked_data
from yiwang.doors.website.models import LOT, NOTICE, Page, SearchEntry
from yiwang.doors.website.readers import SILENT, react
from yiwang.doors.website.rendering import RUNNING, UnknownPage, render
from yiwang.law import api as law
from yiwang.pure.kernel.actors import CENTRE as CENTRE_ROLE
from yiwang.pure.kernel.actors import TENDEREE, Actor
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import NotInAct, agenda, found, hold_lock, timeline, work
from yiwang.site.front import front
from yiwang.site.readers import DUTIES, READERS
from yiwang.site.simulation.channels import channel_objections
from yiwang.site.simulation.running import FOUNDED_AT, Built, build

pytestmark = pytest.mark.django_db  # what a test writes is undone; the city below stays
CENTRE = "天水市公共资源交易中心"


def files(root: Path) -> dict[str, bytes]:
    """Everything that visitors may ask for below a folder."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


class City:
    """A built city and the folder of its pages."""

    def __init__(self, built: Built, root: Path) -> None:
        self.built, self.root = built, root

    def text(self, page: str, language: str = "zh-hans") -> str:
        return (self.root / places.file_name(page, language)).read_text("utf-8")


@pytest.fixture(scope="module")
def city(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    root = tmp_path_factory.mktemp("public")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        from django.conf import settings

        patch.setattr(settings, "PUBLIC_ROOT", root)
        whole = transaction.atomic()
        whole._from_testcase = True  # acts are durable: this block says that a test stands around them
        whole.__enter__()
        found("rehearsal", FOUNDED_AT, centre=CENTRE, centre_en="Tianshui Centre", region="620500")
        duties = {**notices.DUTIES, **_duties_of_trading()}
        built = build(3, READERS[:1], duties, limit=9, watched=False)  # test_simulation watches
        website.freshen(built.now)
        settle(built)
        try:
            yield City(built, root)
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


def _duties_of_trading() -> dict[str, Any]:
    return {name: duty for name, duty in DUTIES.items() if name not in website.DUTIES}


def settle(built: Built) -> None:
    """Rounds of the worker until nothing is left to do; a failure is a failure of the test."""
    while True:
        worked = work(READERS, DUTIES, built.now)
        assert worked.failures == 0
        if not worked.entries and not worked.dues:
            return


def test_every_published_notice_has_its_pages_and_no_other_has_any(city: City) -> None:
    published = set(StoredNotice.objects.filter(status="published").values_list("code", flat=True))
    others = set(StoredNotice.objects.exclude(status="published").values_list("code", flat=True))
    assert published
    assert others
    for folder in ("notices", "en/notices"):
        standing = {path.parent.name for path in (city.root / folder).glob("*/index.html")}
        assert standing == published
    everything = b"".join(content for name, content in files(city.root).items() if not name.endswith(".gz"))
    assert not [code for code in others if f"notices/{code}/".encode() in everything]


def test_every_channel_shows_the_same_notice(city: City, tmp_path: Path) -> None:
    published = StoredNotice.objects.filter(status="published").first()
    assert published is not None
    lots = [code for code in city.built.lots if code]
    assert [each for code in lots for each in channel_objections(code, city.root)] == []
    shutil.copytree(city.root, tmp_path / "copy")
    page = tmp_path / "copy" / "notices" / published.code
    (page / "body.json").write_text(published.body.replace("工程", "工事"), "utf-8")
    (page / "index.html").unlink()
    said = " ".join(each for code in lots for each in channel_objections(code, tmp_path / "copy"))
    assert "the file for checking is not the body" in said
    assert "has another hash" in said


def test_every_page_asked_for_stands_in_both_languages_with_its_twin(city: City) -> None:
    assert website.freshen(city.built.now) == 0
    for page in services.all_pages(city.built.now):
        for language in ["zh-hans"] if places.is_once(page) else places.LANGUAGES:
            name = places.file_name(page, language)
            assert (city.root / name).stat().st_size > 0, name
            assert name.endswith(".pdf") or (city.root / f"{name}.gz").stat().st_size > 0, name


def test_the_same_records_give_the_same_bytes(city: City, settings: Any, tmp_path: Path) -> None:
    settings.PUBLIC_ROOT = tmp_path
    website.write_everything(city.built.now)
    assert files(tmp_path) == files(city.root)


def test_reading_the_journal_again_changes_neither_entries_nor_pages(city: City) -> None:
    def entries() -> list[tuple[Any, ...]]:
        return list(SearchEntry.objects.order_by("kind", "code").values_list())

    before, pages = entries(), files(city.root)
    for lot in Lot.objects.all():
        for entry in timeline(lot.ref, public_only=False):
            react(entry)
    settle(city.built)
    assert entries() == before
    assert files(city.root) == pages


def test_the_fixed_text_that_is_downloaded_has_the_hash_that_the_page_shows(city: City) -> None:
    for entry in SearchEntry.objects.filter(kind=NOTICE):
        body = (city.root / places.body_file(entry.code)).read_bytes()
        digest = hashlib.sha256(body).hexdigest()
        assert digest == notices.notice(entry.code).sha256
        for language in places.LANGUAGES:
            assert digest in city.text(places.notice_page(entry.code), language)


def test_every_notice_can_be_had_as_pdf_in_the_language_of_the_page(city: City) -> None:
    for entry in SearchEntry.objects.filter(kind=NOTICE):
        papers = {}
        for language in places.LANGUAGES:
            place = places.address(places.paper_file(entry.code), language)
            assert f'href="{place}"' in city.text(places.notice_page(entry.code), language)
            papers[language] = (city.root / place[1:]).read_bytes()
        assert all(each.startswith(b"%PDF-") for each in papers.values())
        assert papers["zh-hans"] != papers["en"]
    answer = Client().get(f"/en/notices/{entry.code}/{entry.code}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == papers["en"]
    assert Client().get(f"/notices/{entry.code}/other.pdf").status_code == 404


def test_who_bid_before_the_opening_stands_on_no_page_of_the_lot(city: City) -> None:
    waiting = Envelope.objects.filter(lot__stage__in=["bidding", "closed"]).select_related(
        "lot", "lot__project"
    )
    assert waiting
    for envelope in waiting:
        name = organisation(envelope.bidder).name
        pages = [places.project_page(envelope.lot.project.code), *(
            places.notice_page(code)
            for code in SearchEntry.objects.filter(kind=NOTICE, lot=envelope.lot.code).values_list("code", flat=True)
        )]  # fmt: skip
        assert not [page for page in pages if name in city.text(page)]
        assert not SearchEntry.objects.filter(lot=envelope.lot.code, text__contains=name).exists()


def test_secret_entries_mark_no_page(city: City) -> None:
    Page.objects.update(stale=False)
    secret = [
        entry
        for lot in Lot.objects.all()
        for entry in timeline(lot.ref, public_only=False)
        if entry.kind in SILENT
    ]
    assert {"documents-taken", "bid-submitted"} <= {entry.kind for entry in secret}
    for entry in secret:
        react(entry)
    assert not Page.objects.filter(stale=True).exists()


def test_pages_say_what_the_guidelines_for_government_sites_ask_for(city: City) -> None:
    code = SearchEntry.objects.filter(kind=NOTICE).order_by("id")[0].code
    notice, text = notices.notice(code), city.text(places.notice_page(code))
    metas = dict(re.findall(r'<meta name="(\w+)" content="([^"]*)"', text))
    assert metas["SiteName"] == CENTRE
    assert metas["ArticleTitle"] == notice.title
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", metas["PubDate"])
    assert metas["ContentSource"] == organisation(notice.tenderee).name
    assert {"SiteDomain", "ColumnName", "ColumnType", "ColumnDescription", "Keywords", "Url"} <= set(metas)
    for page in services.all_pages(city.built.now):
        if not page or page.endswith("/"):
            shown = city.text(page)
            metas = dict(re.findall(r'<meta name="(\w+)" content="([^"]+)"', shown))
            assert {"SiteName", "SiteDomain", "ColumnName", "ColumnType", "ColumnDescription"} <= set(
                metas
            ), page
            assert re.findall(r'hreflang="([^"]+)" href="http', shown) == ["zh-Hans", "en", "x-default"], page
            assert f'rel="canonical" href="http://localhost:8000/{page}"' in shown


def test_what_a_page_tells_search_engines_is_json_whatever_a_title_says(city: City) -> None:
    told = linked_data({"headline": "</script><script>&"})
    assert told.count("<") == 2
    for page in (places.HOME, places.notice_page(SearchEntry.objects.filter(kind=NOTICE)[0].code)):
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', city.text(page))
        assert found
        assert json.loads(found[1])["@context"] == "https://schema.org"


def test_the_english_pages_link_to_english_pages_and_say_they_are_english(city: City) -> None:
    for page in services.all_pages(city.built.now):
        if page and not page.endswith("/"):
            continue
        text = city.text(page, "en")
        assert '<html lang="en"' in text
        links = re.findall(r'href="(/[^"]*)"', text.partition("<main")[2].partition("</main>")[0])
        assert not [link for link in links if not link.startswith(("/en/", "/notices/", "/api/"))], page
        assert all(link.endswith("body.json") for link in links if link.startswith("/notices/"))


def test_every_link_from_a_page_to_a_page_leads_somewhere(city: City) -> None:
    client = Client()
    asked: dict[str, int] = {}
    for page in [
        places.HOME,
        places.NOTICES,
        places.PROJECTS,
        *(places.project_page(p) for p in _projects()),
    ]:
        for link in re.findall(r'href="(/[^"#]*)', city.text(page).partition("<main")[2]):
            address = link.replace("&amp;", "&")
            if not address.startswith(("/static/", "/hall/")) and address not in asked:
                asked[address] = client.get(address).status_code
    assert len(asked) > 20
    assert {address for address, status in asked.items() if status != 200} == set()


def _projects() -> list[str]:
    return sorted(set(SearchEntry.objects.filter(kind=LOT).values_list("project", flat=True)))


def test_a_project_page_counts_down_only_what_somebody_waits_for_now(city: City) -> None:
    stages = dict(SearchEntry.objects.filter(kind=LOT).values_list("project", "stage"))
    assert "bidding" in stages.values()
    for project, stage in stages.items():
        counting = city.text(places.project_page(project)).count("data-deadline=")
        expected = len(RUNNING.get(stage, ())) + (stage == "bidding")
        assert counting == expected, stage


def test_feeds_and_sitemap_are_xml_and_name_every_notice(city: City) -> None:
    codes = set(SearchEntry.objects.filter(kind=NOTICE).values_list("code", flat=True))
    for language in places.LANGUAGES:
        feed = ElementTree.fromstring(city.text(places.FEED, language))
        links = [item.findtext("link") or "" for item in feed.iter("item")]
        assert {link.rstrip("/").rpartition("/")[2] for link in links} == codes


def test_the_sitemap_names_every_page_once_in_each_language_with_its_newest_change(city: City) -> None:
    parts = re.findall(r"<loc>http://localhost:8000/(sitemaps/[^<]+)</loc>", city.text(places.SITEMAP))
    listed = [address for part in parts for address in _addresses(city.text(part))]
    pages = [page for page in services.all_pages(city.built.now) if not page or page.endswith("/")]
    public = [page for page in pages if not page.startswith("notices/form/")]
    public.append(places.SUPPLIERS)  # a page that is asked for, not a file
    assert sorted(listed) == sorted(
        places.address(page, each) for page in public for each in places.LANGUAGES
    )
    project = SearchEntry.objects.filter(kind=LOT).exclude(changed_at=None).order_by("-changed_at")[0]
    newest = max(each.at for each in timeline(Ref("trading", "lot", project.code)))
    assert f"{project.project}/</loc><lastmod>{iso(newest)[:19]}Z</lastmod>" in "".join(map(city.text, parts))


def _addresses(sitemap: str) -> list[str]:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return [
        str(each.text).removeprefix("http://localhost:8000")
        for each in ElementTree.fromstring(sitemap).iter(f"{space}loc")
    ]


def test_a_page_without_its_file_is_rendered_by_the_same_function(city: City) -> None:
    client = Client()
    code = SearchEntry.objects.filter(kind=NOTICE).order_by("id")[0].code
    for page in (places.NOTICES, places.notice_page(code), places.body_file(code), places.ROBOTS):
        answer = client.get(places.address(page, "zh-hans"))
        assert answer.content == (city.root / places.file_name(page, "zh-hans")).read_bytes()
    assert client.get("/robots.txt")["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get(f"/{places.body_file(code)}")["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["notices/NONE/", "projects/NONE/", "notices/form/none/", "notices/NONE/body.json"]
)
def test_what_is_not_there_is_not_found(city: City, path: str) -> None:
    with pytest.raises(UnknownPage):
        render(path, "en", city.built.now)
    assert Client().get(f"/{path}").status_code == 404


def test_a_draft_has_no_page_for_whoever_guesses_its_code(city: City) -> None:
    draft = StoredNotice.objects.exclude(status="published").order_by("id")[0]
    assert Client().get(f"/notices/{draft.code}/").status_code == 404
    assert Client().get(f"/notices/{draft.code}/body.json").status_code == 404


def test_the_search_page_finds_by_part_of_a_title_and_keeps_its_filters(city: City) -> None:
    entry = SearchEntry.objects.filter(kind=NOTICE).order_by("id")[0]
    answer = Client().get("/search/", {"q": entry.title[2:8], "kind": "notice", "region": entry.region})
    text = answer.content.decode()
    assert f"notices/{entry.code}/" in text
    assert f'<option value="{entry.region}" selected>' in text
    assert f"/en/notices/{entry.code}/" in Client().get("/en/search/", {"q": entry.code}).content.decode()


@pytest.mark.parametrize(
    "query",
    ["q=%22", "q=%00x", "q=a'b\"c*", "page=-1", "page=999999999", "page=x", "from=2026-02-30", "sort=none",
     "region=x&kind=y&form=z&stage=w", "q=" + "%E5%B7%A5" * 90],
)  # fmt: skip
def test_the_search_page_takes_whatever_stands_in_its_address(city: City, query: str) -> None:
    assert Client().get(f"/search/?{query}").status_code == 200


def test_the_text_of_a_visitor_is_shown_as_text(city: City) -> None:
    text = Client().get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_lost_or_empty_page_is_written_again_at_the_next_start(city: City) -> None:
    pages = files(city.root)
    (city.root / "guide/index.html").unlink()
    (city.root / "en/index.html.gz").write_bytes(b"")
    assert website.freshen(city.built.now) == 2
    settle(city.built)
    assert files(city.root) == pages


def test_a_folder_filled_by_this_program_is_not_filled_again_at_the_next_start(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.PUBLIC_ROOT", tmp_path / "public")
    for page in (places.CHECK, places.GUIDE):
        services.write_now(page, city.built.now)
    assert website.freshen(city.built.now) == len(services.all_pages(city.built.now)) - 2
    monkeypatch.setattr(services, "design_digest", lambda: "another design")
    assert website.freshen(city.built.now) == len(services.all_pages(city.built.now))


@pytest.mark.parametrize("name", ["check/index.html", "notices/{notice}/{notice}.pdf"])
def test_a_page_is_made_while_nobody_waits_for_the_database(
    city: City, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = StoredNotice.objects.filter(status="published").values_list("code", flat=True)[0]
    (city.root / name.format(notice=notice)).unlink()
    assert website.freshen(city.built.now) == 1
    acts: list[bool] = []

    def watched(page: str, language: str, now: Any) -> bytes:
        try:
            hold_lock(services.PAGES)
        except NotInAct:
            acts.append(False)
        else:
            acts.append(True)
        return render(page, language, now)

    monkeypatch.setattr(services, "render", watched)
    settle(city.built)
    # Only SQLite has one writer for all; elsewhere the act keeps a second worker from making the same page.
    assert acts == [connection.vendor != "sqlite"] * 2
    assert (city.root / name.format(notice=notice)).exists()


def test_a_new_program_writes_every_page_anew(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "design_digest", lambda: "another design")
    assert website.freshen(city.built.now) == len(services.all_pages(city.built.now))
    settle(city.built)
    assert website.freshen(city.built.now) == 0


def test_a_page_that_cannot_be_rendered_holds_up_no_other(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render_all_but_one(page: str, language: str, now: Any) -> bytes:
        if page == places.GUIDE:
            raise RuntimeError("planted")
        return render(page, language, now)

    for name in ("guide/index.html", "check/index.html"):
        (city.root / name).unlink()
    website.freshen(city.built.now)
    monkeypatch.setattr(services, "render", render_all_but_one)
    failures = sum(work(READERS, DUTIES, city.built.now).failures for _ in range(3))
    assert failures >= 1  # tried again after two seconds, should these rounds take so long
    assert (city.root / "check/index.html").exists()
    assert not (city.root / "guide/index.html").exists()
    assert [due.payload["page"] for due in agenda(services.PAGES) if due.error] == [places.GUIDE]
    monkeypatch.undo()
    services.write_now(places.GUIDE, city.built.now)


def test_a_page_marked_while_it_is_written_is_written_once_more(city: City) -> None:
    services.mark_stale([places.CHECK], city.built.now)
    first = Page.objects.get(path=places.CHECK)
    services.mark_stale([places.CHECK], city.built.now)
    assert len([due for due in agenda(services.PAGES) if due.payload.get("page") == places.CHECK]) == 1
    services._taken_up(places.CHECK)
    services.mark_stale([places.CHECK], city.built.now)
    again = Page.objects.get(path=places.CHECK)
    assert (first.stale, again.stale, again.writings) == (True, True, first.writings + 1)
    settle(city.built)


def test_at_midnight_the_home_page_becomes_that_of_the_new_day(city: City) -> None:
    due = [each for each in agenda(services.PAGES) if each.duty == services.DAY_DUTY]
    assert [local_day(each.due_at) > local_day(city.built.now) for each in due] == [True]
    before = city.text(places.HOME)
    work([], website.DUTIES, due[0].due_at)
    after = city.text(places.HOME)
    assert f'datetime="{local_day(due[0].due_at).isoformat()}"' in after
    assert before != after


def filled(form: str, on: date) -> dict[str, Any]:
    """Values that fill every field of a form."""
    made: dict[str, Any] = {
        "money-fen": 100,
        "number": 1,
        "day": "2026-09-10",
        "instant": "2026-09-10T02:00:00Z",
    }

    def value(field: law.NoticeField) -> Any:
        if field.kind == "choice":
            return field.choices[0].id
        if field.kind == "table":
            return [{column.key: value(column) for column in field.columns}]
        return made.get(field.kind, f"更正后的{field.label}")

    return {field.key: value(field) for field in law.notice_form(form, on).fields}


def test_a_correction_and_its_original_link_to_each_other_in_both_languages(
    city: City, settings: Any, tmp_path: Path
) -> None:
    settings.PUBLIC_ROOT = tmp_path
    pages = City(city.built, tmp_path)
    original = notices.notice(SearchEntry.objects.filter(kind=NOTICE).order_by("id")[0].code)
    at, publish_at = city.built.now, city.built.now + timedelta(hours=1)
    drafter, colleague = (Actor(person, original.tenderee, TENDEREE) for person in ("P-ONE", "P-TWO"))
    correction = notices.draft(
        drafter,
        form="correction",
        about=original.about,
        title="更正公告样本",
        values=filled("correction", at.date()),
        tenderee=original.tenderee,
        region=original.region,
        law_on=at.date(),
        at=at,
        corrects=original.code,
    )
    notices.confirm(colleague, correction.code, publish_at, at)
    notices.pass_check(Actor("P-CENTRE", "", CENTRE_ROLE), correction.code, at)
    settle(Built(city.built.lots, city.built.acts, city.built.refusals, publish_at))
    for language in places.LANGUAGES:
        there = places.address(places.notice_page(correction.code), language)
        back = places.address(places.notice_page(original.code), language)
        assert f'href="{there}"' in pages.text(places.notice_page(original.code), language)
        assert f'href="{back}"' in pages.text(places.notice_page(correction.code), language)
    assert notices.notice(original.code) == original


@pytest.fixture
def address(city: City) -> Iterator[str]:
    """The pages as the embedded server's front serves them, search among them as Django renders it."""
    write_page(city.root, "search/index.html", Client().get("/search/", {"q": "工程"}).content)
    write_page(city.root, "en/search/index.html", Client().get("/en/search/", {"q": "工程"}).content)
    write_page(city.root, "search/follow/index.html", Client().get("/search/follow/", {"q": "工程"}).content)
    write_page(
        city.root, "en/search/follow/index.html", Client().get("/en/search/follow/", {"q": "工程"}).content
    )
    app = front(city.root, static_files(), no_page)
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def static_files() -> dict[str, Path]:
    return {
        name: Path(storage.path(name))
        for finder in get_finders()
        for name, storage in finder.list(ignore_patterns=[])
    }


def no_page(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b""]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *said: object) -> None:
        """Requests of a test are no news."""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_nobody_is_shut_out_of_the_pages_and_none_is_wider_than_the_screen(
    city: City, address: str, width: int
) -> None:
    lots = dict(SearchEntry.objects.filter(kind=LOT).values_list("stage", "project"))
    codes = dict(SearchEntry.objects.filter(kind=NOTICE).order_by("id").values_list("form", "code"))
    pages = [*(page for page in places.STANDING if not page or page.endswith("/")), "search/"]
    pages += [places.project_page(code) for code in list(lots.values())[:3]] + [
        places.notice_page(code) for code in codes.values()
    ]
    pages += [places.month_page(local_day(city.built.now).replace(day=1)), "search/follow/"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        visitor = browser.new_page(viewport={"width": width, "height": 900})
        for page in pages:
            for prefix in places.LANGUAGES.values():
                visitor.goto(f"{address}/{prefix}{page}")
                found = Axe().run(visitor, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
                assert found.violations_count == 0, (page, found.generate_report())
                assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth"), page
        browser.close()


@pytest.mark.browser
def test_a_citizen_finds_a_notice_and_the_way_to_check_it_without_scripts(city: City, address: str) -> None:
    title = SearchEntry.objects.filter(kind=NOTICE, form="tender-notice").order_by("-shown_at")[0].title
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        citizen = browser.new_context(java_script_enabled=False).new_page()
        citizen.goto(f"{address}/")
        citizen.get_by_role("link", name=title).first.click()
        assert citizen.get_by_role("heading", level=1).inner_text() == title
        citizen.get_by_role("link", name="怎样核验").click()
        assert citizen.get_by_role("heading", level=1).inner_text() == "怎样核验公告"
        citizen.get_by_role("link", name="English").click()
        assert citizen.get_by_role("heading", level=1).inner_text() == "How to check a notice"
        browser.close()
