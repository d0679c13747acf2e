"""A city after sixty years: so many projects with all that lists read, straight into the tables.

One purchaser has a tenth of them, one agency a twentieth, one bidder took part in a twentieth: the people of the scene
(``tenders.prepare``) act for them. ``LIVE`` lots are under way at once, as many as 1,700 projects a year give.
Only for a process whose environment names an empty database; loads Django when it is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.notices import write_entries
from bench.tenders import Scene, prepare

from django.db import connection, transaction  # isort: skip - Django is set up by bench.tenders

from yiwang.business.trading import models as trading
from yiwang.business.trading.wordlists import LOTS, PROJECTS, beside, lot_text, project_text
from yiwang.common.identity.models import Organisation
from yiwang.common.notices.models import NoticeWords, StoredNotice
from yiwang.common.notices.wordlists import NOTICES, notice_text
from yiwang.common.shell.api import marks
from yiwang.doors.website.models import LOT, NOTICE, DatedMatter, SearchEntry, place_of
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import local_day

LIVE = 600
BATCH = 2_000
TENDEREES, AGENCIES, BIDDERS = 300, 60, 1_500
FIRST = 1_000_000  # keys of what is filled in
STAGES = (
    *["registered"] * 2, *["announcing"] * 2, *["bidding"] * 10, "closed", "opened", *["evaluating"] * 2, "reported",
    *["publicity"] * 2, "publicity-ended", *["awarded"] * 4, *["contracted"] * 4,
)  # fmt: skip
OVER = (*["archived"] * 17, *["failed"] * 2, "terminated")
WORKS = ("道路改造", "排水管网", "学校教学楼", "河堤加固", "供热管道", "绿化", "桥梁", "卫生院门诊楼")
BEFORE_NOTICE = ("registered", "announcing")
RANKED = ("publicity", "publicity-ended", "awarded", "contracted", "archived")


def build(count: int) -> Scene:
    """Founds the database and fills it with ``count`` projects."""
    scene = prepare(1, 1)
    scene = replace(scene, now=scene.now.astimezone(UTC))  # Shanghai had summer time
    first = trading.Lot.objects.select_related("project").get(code=scene.lots[0].code)
    town = _Town(scene, first, count)
    _organisations(town)
    for start in range(0, count, BATCH):
        with transaction.atomic():
            for number in range(start, min(count, start + BATCH)):
                town.add(number)
            town.write()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _MODELS):
            cursor.execute(statement)
    return scene


def no_style() -> Any:
    """Statements of the database without colours."""
    from django.core.management.color import no_style

    return no_style()


def _plain(row: Any) -> dict[str, Any]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


_MODELS = (
    trading.Project, trading.Lot, trading.Taking, trading.Envelope, trading.Bid, trading.Award, trading.WrittenReport,
    trading.Contract, trading.Objection, trading.Told, trading.Charge, trading.Warned, StoredNotice, DatedMatter,
)  # fmt: skip


def code_of(kind: str, number: int) -> str:
    """The public code of an organisation that was filled in: T tenderees, A agencies, B bidders."""
    return f"9162{kind}MA{number:010d}"


def _organisations(town: _Town) -> None:
    """The parties, admitted long ago."""
    pattern = _plain(Organisation.objects.get(code=town.scene.host.organisation))
    del pattern["id"]
    kinds = (("T", TENDEREES, "招标人", "tenderee"), ("A", AGENCIES, "招标代理有限公司", "agency"), ("B", BIDDERS, "建设工程有限公司", "bidder"))  # fmt: skip
    Organisation.objects.bulk_create(
        Organisation(**{**pattern, "code": code_of(kind, number), "name": f"第{number}{name}", "roles": [role],
                        "region": town.regions[number % len(town.regions)]})
        for kind, many, name, role in kinds
        for number in range(many)
    )  # fmt: skip


class _Town:
    """Gathers rows and writes them batch by batch."""

    def __init__(self, scene: Scene, first: trading.Lot, count: int) -> None:
        self.scene, self.count = scene, count
        self.project, self.lot = _plain(first.project), _plain(first)
        self.notice = _plain(StoredNotice.objects.filter(about=str(first.ref)).first())
        self.regions = sorted(REGIONS)
        self.rows: dict[type[Any], list[Any]] = {}

    def put(self, row: Any) -> None:
        self.rows.setdefault(type(row), []).append(row)

    def write(self) -> None:
        indices = (
            (PROJECTS, trading.ProjectWords, trading.Project),
            (LOTS, trading.LotWords, trading.Lot),
            (NOTICES, NoticeWords, StoredNotice),
        )
        marked = {
            index: {
                row.pk: marks({each: getattr(row, each) for each in index.marked})
                for row in self.rows.get(owner, [])
            }
            for index, _, owner in indices
        }
        for model in _MODELS:
            model.objects.bulk_create(self.rows.pop(model, []))
        for index, model, _ in indices:
            found = self.rows.pop(model, [])
            model.objects.bulk_create(found)
            index.put_new({row.pk: row.text for row in found}, marks=marked[index])
        write_entries(self.rows.pop(SearchEntry, []))

    def add(self, number: int) -> None:
        """One project with its lot and all that stands around it."""
        live, key = self.count - number <= LIVE, FIRST + number
        # One an hour: all of them after 2012, when the law that the lists cite came into force.
        at = self.scene.now - timedelta(hours=self.count - number, seconds=1 + number % 50)
        if live:  # within the half year that a tender takes
            at = self.scene.now - timedelta(minutes=200 * (self.count - number) + 1)
        stage = STAGES[number % len(STAGES)] if live else OVER[number % len(OVER)]
        project, lot = self._lot(number, key, at, stage)
        self.put(project)
        self.put(lot)
        for row in (
            *self._notices(project, lot, at),
            *self._dialogue(number, lot, at),
            *self._bids(number, lot, at),
        ):
            self.put(row)
        self.put(
            trading.ProjectWords(pk=key, text=project_text(project.code, project.name), **beside(project))
        )
        self.put(trading.LotWords(pk=key, text=lot_text(lot.code, lot.name, project.name), **beside(lot)))
        for row in (*self._people(number, lot, at), *self._entries(project, lot, at)):
            self.put(row)

    def _lot(self, number: int, key: int, at: datetime, stage: str) -> tuple[trading.Project, trading.Lot]:
        code = f"C6205000001{number // 10_000 + 50:02d}{number % 10_000:04d}"
        scene = self.scene
        tenderee = scene.host.organisation if number % 10 == 0 else code_of("T", number % TENDEREES)
        agency = scene.agent.organisation if number % 20 == 1 else code_of("A", number % AGENCIES)
        project = trading.Project(**{
            **self.project, "id": key, "code": code, "name": f"第{number}号{WORKS[number % len(WORKS)]}工程", "tenderee": tenderee,
            "agency": agency if number % 2 else "", "region": self.regions[number % len(self.regions)], "registered_at": at,
        })  # fmt: skip
        over = stage in OVER
        deadline_at = (
            at + timedelta(days=30)
            if stage not in (*BEFORE_NOTICE, "bidding") or number % 2
            else self.scene.now + timedelta(hours=number % 700 + 1)
        )
        known = stage not in BEFORE_NOTICE
        suspended = at if stage == "bidding" and number % 9 == 0 else None
        lot = trading.Lot(**{
            **self.lot, "id": key, "project_id": key, "tenderee": tenderee, "agency": project.agency, "region": project.region, "code": f"{code}001001", "name": "施工", "stage": stage,
            "stage_since_at": at + timedelta(days=90 if over else 0), "tender_notice": f"{code}001001-01", "law_on": local_day(at) if known else None,
            "deadline_at": deadline_at if known else None, "documents_from_at": at if known else None,
            "documents_until_on": local_day(at + timedelta(days=10)), "suspended_at": suspended, "estimate_fen": 100_000_000 + number * 1_000,
            "publish_at": at, "outcome": "not-tendered" if stage == "failed" else "",
            "report_received_at": at + timedelta(days=1) if stage in ("reported", *RANKED) else None,
            "publicity_until_at": scene.now + timedelta(days=number % 5) if stage in RANKED and not over else None,
        })  # fmt: skip
        return project, lot

    def _notices(self, project: trading.Project, lot: trading.Lot, at: datetime) -> Iterator[StoredNotice]:
        """The tender notice, and what makes an end of the tender public."""
        forms = ["tender-notice", *({"archived": ["result-notice"], "failed": ["failed-tender"], "terminated": ["failed-tender"]}.get(lot.stage, []))]  # fmt: skip
        for serial, form in enumerate(forms, 1):
            title, code = f"{project.name}（施工）招标公告", f"{lot.code}-{serial:02d}"
            self.put(NoticeWords(pk=2 * lot.pk + serial, text=notice_text(code, title)))
            waiting = lot.stage == "announcing"
            yield StoredNotice(**{
                **self.notice, "id": 2 * lot.pk + serial, "code": code, "serial": serial, "form": form, "about": str(lot.ref),
                "title": title, "region": project.region, "tenderee": project.tenderee,
                "drafted_for": project.agency or project.tenderee, "created_at": at, "confirmed_at": at, "checked_at": at,
                "publish_at": self.scene.now + timedelta(days=1) if waiting else at + timedelta(hours=1),
                "published_at": None if waiting else at + timedelta(hours=1), "status": "confirmed" if waiting else "published",
            })  # fmt: skip

    def _dialogue(self, number: int, lot: trading.Lot, at: datetime) -> Iterator[Any]:
        if number % 40 == 0 or lot.suspended_at:
            yield trading.Objection(
                id=lot.pk, code=f"{lot.code}-O01", lot_id=lot.pk, objector=code_of("B", number % BIDDERS), text="资格条件过高。", papers=[],
                raised_at=at, answer="" if lot.suspended_at else "不成立。", answered_at=None if lot.suspended_at else at + timedelta(days=2),
            )  # fmt: skip
        if number % 50 == 0:
            yield trading.Warned(
                id=lot.pk,
                lot_id=lot.pk,
                step="open",
                rule="report-missing",
                source="招标投标法第三十四条",
                at=at,
            )

    def _bids(self, number: int, lot: trading.Lot, at: datetime) -> Iterator[Any]:
        """One bidder in each lot that was opened; the bidder of the scene took part in every twentieth lot."""
        bidder = (
            self.scene.bidders[0].actor.organisation if number % 20 == 3 else code_of("B", number % BIDDERS)
        )
        if lot.stage in (*BEFORE_NOTICE, "failed", "terminated"):
            return
        yield trading.Taking(
            id=lot.pk, code=f"{lot.code}-T01", lot_id=lot.pk, organisation=bidder, taken_at=at
        )
        if lot.stage == "bidding" and number % 3:
            return
        yield trading.Envelope(
            id=lot.pk, code=f"{lot.code}-E01", lot_id=lot.pk, bidder=bidder, number=1, sheet={}, papers=[], received_at=at, entry=0, leaf_hash=""
        )  # fmt: skip
        if lot.stage not in RANKED:
            return
        yield trading.Bid(
            id=lot.pk, lot_id=lot.pk, envelope_id=lot.pk, bidder=bidder, place=1, price_fen=90_000_000, period_days=100, deposit_fen=0,
            quality="合格", manager="李雷", manager_certificate="甘262000000001", status="valid", evaluated_fen=90_000_000, rank=1,
        )  # fmt: skip
        if lot.stage not in ("awarded", "contracted", "archived"):
            return
        sent_at = (
            at + timedelta(days=60)
            if lot.stage == "archived"
            else self.scene.now - timedelta(days=number % 40 + 1)
        )
        reported = lot.stage == "archived" or number % 3 > 0
        yield trading.Award(
            id=lot.pk, lot_id=lot.pk, bid_id=lot.pk, letter="", letter_number=f"{number}", sent_at=sent_at,
            reported_at=sent_at if reported else None,
        )  # fmt: skip
        if reported:
            yield trading.WrittenReport(
                id=lot.pk, lot_id=lot.pk, award_id=lot.pk, document="", handed_in_at=sent_at, late=False
            )
        if lot.stage != "awarded":
            yield trading.Contract(
                id=lot.pk,
                lot_id=lot.pk,
                number=f"{number}",
                amount_fen=90_000_000,
                signed_on=local_day(sent_at),
            )

    def _people(self, number: int, lot: trading.Lot, at: datetime) -> Iterator[Any]:
        """Who of the purchaser is in charge; what the purchaser and the bidder were told."""
        host, bidder = self.scene.host, self.scene.bidders[0].actor
        if number % 30 == 0:
            yield trading.Charge(
                id=lot.pk,
                lot_id=lot.pk,
                organisation=host.organisation,
                person=host.person,
                given_by=host.person,
                given_at=at,
            )
        told = {0: host.organisation, 3: bidder.organisation}.get(number % 20)
        if told:
            read_at = None if number > self.count - 2_000 and number % 60 else at
            due_at = at + timedelta(days=200) if number % 40 == 0 else None
            yield trading.Told(
                id=lot.pk,
                lot_id=lot.pk,
                organisation=told,
                matter="award-letter",
                told_at=at,
                due_at=due_at,
                read_at=read_at,
                copied_at=at,
            )

    def _entries(self, project: trading.Project, lot: trading.Lot, at: datetime) -> Iterator[Any]:
        """What the public finds: the lot, its notice, its opening."""
        shared: dict[str, Any] = {
            "lot": lot.code, "project": project.code, "category": "works", "region": project.region, "stage": lot.stage,
            "tenderee": "压测招标人", "shown_at": at,
        }  # fmt: skip
        place, title = place_of(at), f"{project.name}（施工）"
        yield SearchEntry(
            id=place,
            kind=LOT,
            code=lot.code,
            title=title,
            deadline_at=lot.deadline_at,
            text=f"{title}\n{lot.code}",
            **shared,
        )
        if lot.stage not in BEFORE_NOTICE:
            yield SearchEntry(id=place + 1, kind=NOTICE, code=f"{lot.code}-01", form="tender-notice", title=f"{title}招标公告", deadline_at=None,
                              text=f"{title}招标公告\n{lot.code}-01\n本项目已由主管部门批准建设，资金来源为财政预算。", **shared)  # fmt: skip
        if lot.deadline_at:
            yield DatedMatter(
                id=lot.pk,
                lot=lot.code,
                kind="opening",
                project=project.code,
                title=title,
                region=project.region,
                at=lot.deadline_at,
                changed_at=at,
            )
