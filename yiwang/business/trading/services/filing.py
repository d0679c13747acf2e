"""Taking away the archive of a project: who, when and exactly what is on record."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Project
from yiwang.business.trading.papers.filing import project_members
from yiwang.business.trading.queries import UnknownProject
from yiwang.business.trading.services.steps import require
from yiwang.pure.kernel.actors import AGENCY, TENDEREE, Actor
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Archive, archive
from yiwang.record.journal.api import act, record, sequence


def export_archive(by: Actor, code: str, at: datetime, language: str = "") -> Archive:
    """The archive of a project as ``by`` may have it now; the digest of its index is recorded.

    ``language`` is that of its papers, names and index ("": as the centre keeps its archives).
    Raises Refused without the permission, UnknownProject where the project is not the actor's to see.
    """
    require(by, permissions.EXPORT_ARCHIVE)
    while sequence():
        pass  # what was recorded just now has its place in the order, and so its proof
    project = Project.objects.filter(code=code).first()
    if project is None or (
        by.role in (TENDEREE, AGENCY) and by.organisation not in (project.tenderee, project.agency)
    ):
        raise UnknownProject(code)
    title = Words(f"{project.name} 项目档案", f"{project.name}: project archive")
    chosen = language or settings.ARCHIVE_LANGUAGE
    # Made outside the act: the papers of a project take longer than a bidder should wait before a deadline.
    members = project_members(by, project, chosen)
    whole = archive(f"{code}-{project.name}", title, code, at, members, chosen)
    with act():
        record(
            kinds.ARCHIVE_EXPORTED,
            about=Ref("trading", "archive", random_code("A")),
            within=project.ref,
            by=by,
            at=at,
            facts={"project": code, "documents": len(whole.members)},
            documents=[whole.index.sha256],
        )
    return whole
