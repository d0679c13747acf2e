"""Registering a project with its lots; re-tendering a failed lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Lot, Project
from yiwang.business.trading.parties import party as party_of
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.steps import (
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
)
from yiwang.business.trading.wordlists import note_lots, note_project
from yiwang.pure.kernel.actors import AGENCY, TENDEREE, Actor
from yiwang.pure.kernel.codes import REGIONS, lot_code, project_code
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import act, hold_lock, record

WORKS_OPEN = "works-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLot:
    """A lot as typed at registration: name, what is to be built, estimate in fen, planned period in days."""

    name: str
    content: str
    estimate_fen: int
    period_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """A project as typed at registration. ``tenderee`` and ``agency`` are 统一社会信用代码 ("" for none)."""

    name: str
    tenderee: str
    agency: str
    region: str
    funds: str
    approval: str
    state_funded: bool
    lots: Sequence[NewLot]


def _findings(by: Actor, new: NewProject) -> list[Finding]:
    found: list[Finding] = []
    if not new.name.strip():
        found.append(Finding("name-missing", field="name"))
    if not new.funds.strip():
        found.append(Finding("funds-missing", field="funds"))
    if not new.approval.strip():
        found.append(Finding("approval-missing", field="approval"))
    if new.region not in REGIONS:
        found.append(Finding("project-region-unknown", field="region"))
    if not new.lots:
        found.append(Finding("lots-missing", field="lots"))
    for each in new.lots:
        if not each.name.strip() or not each.content.strip():
            found.append(Finding("lot-content-missing", field="lots"))
        if each.estimate_fen <= 0:
            found.append(Finding("estimate-not-positive", field="estimate"))
    found += _party_findings(by, new)
    return found


def _party_findings(by: Actor, new: NewProject) -> list[Finding]:
    found: list[Finding] = []
    for code, role, field in ((new.tenderee, TENDEREE, "tenderee"), (new.agency, AGENCY, "agency")):
        if not code and role == AGENCY:
            continue
        party = party_of(code)
        if party is None or not party.admitted or role not in party.roles:
            found.append(Finding(f"{field}-not-admitted", params={"code": code[:18]}, field=field))
    own = new.tenderee if by.role == TENDEREE else new.agency
    if by.organisation != own:
        found.append(Finding("not-your-project", field="tenderee" if by.role == TENDEREE else "agency"))
    if new.agency and new.agency == new.tenderee:
        found.append(Finding("agency-is-tenderee", field="agency"))
    return found


def register_project(by: Actor, new: NewProject, at: datetime) -> Project:
    """Registers a project with its lots, each in the first stage of its procedure. Raises Refused."""
    require(by, permissions.REGISTER_PROJECT)
    with act():
        refuse_if(_findings(by, new))
        hold_lock(Ref("trading", "serial", str(local_day(at).year)))
        year = local_day(at).year
        prefix = f"{settings.PLATFORM_CODE}{year % 100:02d}"
        last = (
            Project.objects.filter(code__startswith=prefix)
            .order_by("-code")
            .values_list("code", flat=True)
            .first()
        )
        serial = int(last[len(prefix) :]) + 1 if last else 1
        project = Project.objects.create(
            code=project_code(settings.PLATFORM_CODE, year, serial),
            name=new.name.strip(),
            tenderee=new.tenderee,
            agency=new.agency,
            region=new.region,
            funds=new.funds.strip(),
            approval=new.approval.strip(),
            state_funded=new.state_funded,
            registered_by=by.person,
            registered_at=at,
        )
        lots = Lot.objects.bulk_create(
            _new_lot(project, each, number, at) for number, each in enumerate(new.lots, 1)
        )
        note_project(project)
        note_lots(lots)
        record(
            kinds.PROJECT_REGISTERED,
            about=project.ref,
            by=by,
            at=at,
            facts={
                "name": project.name,
                "tenderee": project.tenderee,
                "agency": project.agency,
                "region": project.region,
                "state_funded": project.state_funded,
                "lots": [each.code for each in lots],
            },
        )
        return project


def _new_lot(project: Project, new: NewLot, number: int, at: datetime) -> Lot:
    return Lot(
        code=lot_code(project.code, 1, number),
        project=project,
        tenderee=project.tenderee,
        agency=project.agency,
        region=project.region,
        name=new.name.strip(),
        content=new.content.strip(),
        estimate_fen=new.estimate_fen,
        period_days=new.period_days,
        procedure=WORKS_OPEN,
        stage="registered",
        stage_since_at=at,
    )


def retender(by: Actor, code: str, at: datetime) -> Lot:
    """A new lot in place of one that failed (招标投标法 28, 42). Raises Refused."""
    require(by, permissions.RETENDER)
    with act():
        failed = locked_lot(code)
        require_party(by, failed)
        refuse_if([Finding("already-retendered")] if Lot.objects.filter(retender_of=code).exists() else [])
        refuse_if([Finding("tender-forgone")] if failed.outcome == "not-tendered" else [])
        number = failed.project.lots.count() + 1
        lot = Lot.objects.create(
            code=lot_code(failed.project.code, failed.attempt + 1, number),
            project=failed.project,
            tenderee=failed.project.tenderee,
            agency=failed.project.agency,
            region=failed.project.region,
            name=failed.name,
            content=failed.content,
            estimate_fen=failed.estimate_fen,
            period_days=failed.period_days,
            procedure=WORKS_OPEN,
            stage="registered",
            stage_since_at=at,
            attempt=failed.attempt + 1,
            retender_of=failed.code,
        )
        note_lots([lot])
        facts = StepFacts(at=at, by=by, lot=lot_facts(failed, at))
        take_step(failed, "retender", facts, kinds.LOT_RETENDERED, {"lot": lot.code, "attempt": lot.attempt})
        return lot
