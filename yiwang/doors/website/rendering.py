"""The bytes of every page, the same for the file that is published and for the view that stands in for it.

A page holds nothing of who reads it and nothing that changes by the second: the same records on the same day
give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import DONE, ENDED, Stage
from yiwang.doors.website import feeds, months, places, queries, sitemaps, suppliers
from yiwang.doors.website.dates import KINDS
from yiwang.doors.website.html import html, linked_data
from yiwang.doors.website.models import SUPPLIER, SearchEntry
from yiwang.doors.website.words import form_words, listed_forms, region_words, site_name, stage_words
from yiwang.law import api as law
from yiwang.pure.kernel.days import iso, local_day, shown
from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import pdf
from yiwang.record.journal.api import timeline

LATEST_ON_HOME = 5
LATEST_ON_LIST = 50
OPENINGS_ON_HOME = 8
STOPPED = frozenset({"failed", "terminated"})
FINISHED = STOPPED | {"archived"}
# The periods whose end somebody waits for in a stage; the others are shown without counting down.
RUNNING = {
    "applying": frozenset({"W01", "W06"}),
    "bidding": frozenset({"W01", "W07"}),
    "reported": frozenset({"W21-start"}),
    "publicity": frozenset({"W21"}),
    "awarded": frozenset({"W23", "W24"}),
    "contracted": frozenset({"W24"}),
}
AWAITED = frozenset({"registered", "announcing", "bidding", "applying"})
CALENDAR_FILES = frozenset(f"{kind}.ics" for kind in (months.ALL, *KINDS))
_KIND_WORDS = {**trading.KIND_WORDS, notices.NOTICE_PUBLISHED.name: notices.NOTICE_PUBLISHED.words}
AWARDING = frozenset({"result-notice", "contract-notice"})  # whose readers want to know who the winner is
SUPPLIER_WORDS = Words("供应商", "Supplier")
HOME_FORMS = ("tender-notice", "prequalification-notice", "candidates-publicity", "result-notice")
RARE = frozenset({"prequalification-notice"})  # not on the front page of a city that has none


class UnknownPage(LookupError):
    """No page stands at this path."""


@dataclass(frozen=True, slots=True)
class EntryShown:
    """A search entry with its words; ``form`` and ``stage`` are None where the list itself says so."""

    kind: str
    code: str
    project: str
    lot: str
    title: str
    tenderee: str
    shown_at: datetime
    deadline_at: datetime | None
    deadline_words: Words
    words: Words | None
    region_words: Words
    stage_words: Words | None
    standing: str = ""

    @property
    def standing_words(self) -> Words | None:
        """What became of the notice; None while it counts as it appeared."""
        return trading.STANDING_WORDS.get(self.standing)

    @property
    def counts(self) -> bool:
        """Whether what the notice says still counts, as amended where it was."""
        return self.standing not in trading.NO_LONGER_COUNTS


OPENED = Words("开标", "Opening")
APPLIED = Words("资格预审申请截止", "Applications until")


def entry_shown(entry: SearchEntry, forms: Mapping[str, Words], stages: Mapping[str, Words]) -> EntryShown:
    """An entry with the words of its kind, region and stage as far as ``forms`` and ``stages`` have them."""
    return EntryShown(
        kind=entry.kind,
        code=entry.code,
        project=entry.project,
        lot=entry.lot,
        title=entry.title,
        tenderee=entry.tenderee,
        shown_at=entry.shown_at,
        deadline_at=entry.deadline_at,
        deadline_words=APPLIED if entry.stage == "applying" else OPENED,
        words=SUPPLIER_WORDS if entry.kind == SUPPLIER else forms.get(entry.form),
        region_words=region_words(entry.region),
        stage_words=stages.get(entry.stage),
        standing=entry.standing,
    )


def _home(page: str, language: str, now: datetime) -> bytes:
    today = local_day(now)
    weekend = today + timedelta(days=6 - today.weekday())
    week = queries.openings(today, weekend, OPENINGS_ON_HOME)
    context = {
        "categories": [
            (form, form_words(form, today), latest)
            for form in HOME_FORMS
            if (latest := queries.latest_notices(LATEST_ON_HOME, form)) or form not in RARE
        ],
        "openings_today": [each for each in week if _opens_on(each) == today],
        "openings_later": [each for each in week if _opens_on(each) != today],
        "figures": queries.figures(now),
        "today": today,
        "linked_data": linked_data(_house_data(language)),
    }
    return html("home.html", page, language, context)


def _house_data(language: str) -> dict[str, Any]:
    """The centre and its search, as search engines understand them."""
    name, home = site_name(language), settings.ORIGIN + places.address(places.HOME, language)
    search = {"@type": "EntryPoint", "urlTemplate": f"{home}search/?q={{search_term_string}}"}
    action = {"@type": "SearchAction", "target": search, "query-input": "required name=search_term_string"}
    return {
        "@type": "WebSite",
        "name": name,
        "url": home,
        "publisher": {"@type": "GovernmentOrganization", "name": name, "url": home},
        "potentialAction": action,
    }


def _notice_data(notice: notices.Notice, tenderee: str, address: str) -> dict[str, Any]:
    assert notice.published_at is not None
    return {
        "@type": "Article",
        "headline": notice.title,
        "datePublished": iso(notice.published_at),
        "inLanguage": "zh-Hans",
        "mainEntityOfPage": settings.ORIGIN + address,
        "author": {"@type": "Organization", "name": tenderee},
        "publisher": {"@type": "GovernmentOrganization", "name": site_name("zh-hans")},
    }


def _plain(entries: Iterable[SearchEntry]) -> list[EntryShown]:
    """Entries of a list whose heading says their kind."""
    return [entry_shown(entry, {}, {}) for entry in entries]


def _opens_on(lot: SearchEntry) -> date:
    assert lot.deadline_at is not None  # openings() asked for one
    return local_day(lot.deadline_at)


def _notice_list(page: str, language: str, now: datetime, form: str = "") -> bytes:
    on = local_day(now)
    shown_forms = {} if form else dict(listed_forms(on))
    context = {
        "form": form,
        "form_words": form_words(form, on) if form else None,
        "forms": listed_forms(on),
        "entries": [
            entry_shown(each, shown_forms, {}) for each in queries.latest_notices(LATEST_ON_LIST, form)
        ],
    }
    return html("notices.html", page, language, context)


def _project_list(page: str, language: str, now: datetime) -> bytes:
    stages = stage_words(local_day(now))
    entries = [entry_shown(each, {}, stages) for each in queries.latest_lots(LATEST_ON_LIST)]
    return html("projects.html", page, language, {"entries": entries})


def published_notice(code: str) -> notices.Notice:
    """The notice, where it is published. UnknownPage otherwise: a draft has no page."""
    try:
        notice = notices.notice(code)
    except notices.UnknownNotice as error:
        raise UnknownPage(code) from error
    if notice.status != notices.PUBLISHED:
        raise UnknownPage(code)
    return notice


def matter_of(notice: notices.Notice) -> tuple[trading.ProjectHead, list[trading.LotHead]]:
    """The project and the lots that a notice is about, at least one."""
    return trading.heads([each.code for each in notice.matters])


def _notice(page: str, language: str, now: datetime, code: str) -> bytes:
    notice = published_notice(code)
    assert notice.published_at is not None  # the database says so too
    assert notice.confirmed_at is not None
    project, lots = matter_of(notice)
    said = trading.standings([code])[code]
    awarding = notice.form in AWARDING and said not in trading.NO_LONGER_COUNTS
    context = {
        "notice": notice,
        "form": law.notice_form(notice.form, notice.law_on),
        "rows": notices.detailed_rows(notice, language),
        "corrections": notices.corrections(code),
        "original": published_notice(notice.corrects) if notice.corrects else None,
        "void": _void(code, lots),
        "standing": said,
        "standing_words": trading.STANDING_WORDS.get(said),
        "counts": said not in trading.NO_LONGER_COUNTS,
        "project": project,
        "lots": lots,
        "region": region_words(notice.region),
        "awarded": trading.winners([each.code for each in lots]) if awarding else {},
        "body_address": "/" + places.body_file(code),
        "paper_address": places.address(places.paper_file(code), language),
        "published_shown": shown(notice.published_at, begins=True),
        "confirmed_shown": shown(notice.confirmed_at),
        "linked_data": linked_data(_notice_data(notice, project.tenderee, places.address(page, language))),
    }
    return html("notice.html", page, language, context)


def _void(notice: str, lots: Sequence[trading.LotHead]) -> list[tuple[trading.LotHead, datetime]]:
    """The lots for which a publicity is void, each with since when."""
    since = trading.void_publicities([each.code for each in lots])
    return [(each, since[notice, each.code]) for each in lots if (notice, each.code) in since]


def _body(page: str, language: str, now: datetime, code: str) -> bytes:
    return published_notice(code).body.encode()


def _paper(page: str, language: str, now: datetime, code: str) -> bytes:
    return pdf(notices.notice_paper(published_notice(code), language))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A public entry of the journal about a lot; ``before`` is the number to ask the feed with."""

    at: datetime
    number: int | None
    before: int
    leaf_hash: str


@dataclass(frozen=True, slots=True)
class LotShown:
    """A lot of the project page.

    Its stations, its published notices in order with their kind, how it was awarded and in which rounds before, its public record.
    """

    lot: trading.LotPage
    stages: tuple[Stage, ...]
    listed: tuple[tuple[notices.Notice, Words], ...]
    calculation: trading.Calculation | None
    rounds: tuple[tuple[int, trading.Calculation], ...]
    record: tuple[tuple[Recorded, Words], ...]
    expert_draws: tuple[trading.DrawAgain, ...] = ()
    standings: Mapping[str, str] = field(default_factory=dict)

    @property
    def marked(self) -> list[tuple[notices.Notice, Words, Words | None, bool]]:
        """The published notices with their kind, what became of each, and whether what it says still counts."""
        told = ((each, words, self.standings.get(each.code, "")) for each, words in self.listed)
        return [
            (each, words, trading.STANDING_WORDS.get(said), said not in trading.NO_LONGER_COUNTS)
            for each, words, said in told
        ]

    @property
    def open(self) -> bool:
        """Whether a visitor may take the documents or bid now."""
        return self.lot.stage == "bidding" and self.lot.postponed_at is None

    @property
    def changes(self) -> dict[str, list[trading.ChangedTerm]]:
        """What published notices changed, by the term that they changed (``-`` written ``_``), oldest first."""
        found: dict[str, list[trading.ChangedTerm]] = {}
        for each in self.lot.changes:
            found.setdefault(each.term.replace("-", "_"), []).append(each)
        return found

    @property
    def applying(self) -> bool:
        """Whether a visitor may apply to prequalify now."""
        return self.lot.stage == "applying" and self.lot.postponed_at is None

    @property
    def barred(self) -> Words | None:
        """Why nobody can bid (yet, or any more); None where the page says it anyway."""
        if self.lot.law_on is None:
            return Words(
                "尚不能获取招标文件：招标公告还没有发布。",
                "The documents cannot be had yet: the tender notice has not appeared.",
            )
        if self.lot.phase and self.lot.stage in ("reviewing", "prequalified"):
            return Words(
                "资格预审申请已截止。只有通过资格预审的申请人可以获取招标文件和投标。",
                "Applications are closed. Only those who passed prequalification get the tender documents and may bid.",
            )
        if self.lot.deadline_at is None or self.lot.postponed_at or self.lot.stage in STOPPED:
            return None
        ended = shown(self.lot.deadline_at)
        return Words(
            f"投标已于北京时间 {ended} 截止，不能再投标。",
            f"Bids were due by {ended} Beijing time and can no longer be handed in.",
        )

    @property
    def ranked(self) -> bool:
        """Whether the evaluation is public."""
        return any(row.rank or row.ground for row in self.lot.records)

    @property
    def finished(self) -> bool:
        """Whether nothing more is waited for: its deadlines are history."""
        return self.lot.stage in FINISHED

    @property
    def clocks(self) -> list[tuple[law.Clock, bool]]:
        """The clocks of the lot, each with whether it counts down: those that run now come first."""
        running = RUNNING.get(self.lot.stage, frozenset())
        if self.lot.suspended_at is not None:
            running |= {"W08"}  # the time for the answer: everybody waits for it
        told = [(clock, clock.limit.id in running) for clock in self.lot.clocks]
        return sorted(told, key=lambda each: not each[1])

    @property
    def awaited(self) -> bool:
        """Whether the deadline for bids still lies ahead in the life of the lot."""
        return self.lot.stage in AWAITED and self.lot.postponed_at is None


def _stages(lot: trading.LotPage) -> tuple[Stage, ...]:
    """The stations of a lot: by whom only where somebody has yet to act; a lot that failed ends where it stopped."""
    stages = []
    for part in lot.progress:
        acts = part.state != DONE and part.by.en not in ("", "the system")
        stages.append(Stage(part.words, part.state, part.by if acts else None, part.until))
    if lot.stage in STOPPED:
        stages[-1] = replace(stages[-1], state=ENDED)
    return tuple(stages)


def _lot_shown(lot: trading.LotPage) -> LotShown:
    own = [notices.notice(code) for code in lot.notices]
    listed = tuple((each, form_words(each.form, each.law_on)) for each in own)
    calculation = trading.calculation_of(lot.code) if lot.winner else None
    rounds = trading.rounds_of(lot.code) if calculation is not None else ()
    drawn = trading.draws_again(lot.code) if lot.winner else ()
    record = _record(lot.code, [each for each in own if each.parts])
    said = trading.standings(lot.notices)
    return LotShown(lot, _stages(lot), listed, calculation, rounds, record, drawn, said)


def _record(lot: str, shared: Sequence[notices.Notice]) -> tuple[tuple[Recorded, Words], ...]:
    """What everybody may read of a lot in the journal, oldest first, with the publication of what it shares with others."""
    entries = timeline(Ref("trading", "lot", lot))
    if shared:
        codes = {each.code for each in shared}
        of_project = timeline(shared[0].about)
        entries += [each for each in of_project if each.facts.get("notice") in codes]
        entries.sort(key=lambda each: each.id)
    return tuple(
        (
            Recorded(each.at, each.number, (each.number or 1) - 1, each.leaf_hash),
            _KIND_WORDS.get(each.kind, Words(each.kind, each.kind)),
        )
        for each in entries
    )


def _project(page: str, language: str, now: datetime, code: str) -> bytes:
    try:
        project = trading.project_page(code)
    except trading.UnknownProject as error:
        raise UnknownPage(code) from error
    context = {
        "project": project,
        "lots": [_lot_shown(lot) for lot in project.lots],
        "region": region_words(project.region),
        "registered_shown": shown(project.registered_at),
    }
    return html("project.html", page, language, context)


def _supplier(page: str, language: str, code: str) -> bytes:
    context = suppliers.shown(code)
    if context is None:
        raise UnknownPage(page)
    return html("supplier.html", page, language, {**context, "region": region_words(context["party"].region)})


def _standing(template: str) -> Callable[[str, str, datetime], bytes]:
    def render(page: str, language: str, now: datetime) -> bytes:
        return html(template, page, language, {})

    return render


def _feed(page: str, language: str, now: datetime, form: str = "") -> bytes:
    title = form_words(form, local_day(now)) if form else Words("公告", "Notices")
    about = places.address(page.removesuffix(places.FEED) or places.HOME, language)
    entries = queries.latest_notices(LATEST_ON_LIST, form)
    return feeds.feed(entries, title, places.address(page, language), about, language)


_STANDING: Mapping[str, Callable[[str, str, datetime], bytes]] = {
    places.HOME: _home,
    places.NOTICES: _notice_list,
    places.PROJECTS: _project_list,
    places.CALENDAR: months.agenda_page,
    places.CHECK: _standing("check.html"),
    places.GUIDE: _standing("guide.html"),
    places.FEED: _feed,
    places.SITEMAP: sitemaps.index,
    places.STANDING_SITEMAP: sitemaps.standing,
    places.ROBOTS: sitemaps.robots,
}


def _by_path(page: str, language: str, now: datetime) -> bytes:
    """Pages with a code or a form in their path."""
    parts = page.split("/")
    match parts:
        case ["notices", "form", form, ""] if _known(form, now):
            return _notice_list(page, language, now, form)
        case ["notices", "form", form, "feed.xml"] if _known(form, now):
            return _feed(page, language, now, form)
        case ["notices", code, ""]:
            return _notice(page, language, now, code)
        case ["notices", code, "body.json"]:
            return _body(page, language, now, code)
        case ["notices", code, name] if name == f"{code}.pdf":
            return _paper(page, language, now, code)
        case ["projects", code, ""]:
            return _project(page, language, now, code)
        case ["suppliers", code, ""]:
            return _supplier(page, language, code)
        case ["calendar" | "sitemaps", *_]:
            return _dated(page, language, now)
    raise UnknownPage(page)


def _dated(page: str, language: str, now: datetime) -> bytes:
    """Months and files of the calendar, and the parts of the sitemap."""
    found: bytes | None = None
    match page.split("/"):
        case ["calendar", month, ""] if first_on := months.month_of(month, local_day(now)):
            found = months.month_page(page, language, now, first_on)
        case ["calendar", file] if file in CALENDAR_FILES:
            found = months.calendar_file(page, language, now, file.removesuffix(".ics"))
        case ["calendar", "lots", file] if file.endswith(".ics"):
            found = months.lot_calendar(page, language, now, file.removesuffix(".ics"))
        case ["sitemaps", file] if named := months.named(file.removesuffix(".xml")):
            found = sitemaps.part(named)
    if found is None:
        raise UnknownPage(page)
    return found


def _known(form: str, now: datetime) -> bool:
    return any(form == each for each, _ in listed_forms(local_day(now)))


def render(page: str, language: str, now: datetime) -> bytes:
    """The bytes of ``page`` in ``language`` (zh-hans or en) as of the business instant ``now``.

    Raises UnknownPage where nothing public stands there.
    """
    with translation.override(language):
        standing = _STANDING.get(page)
        return standing(page, language, now) if standing else _by_path(page, language, now)
