"""What must be true of a database before a server or a worker touches it."""

from __future__ import annotations

from django.conf import settings
from django.db import OperationalError, ProgrammingError

from yiwang.common.notices import api as notices
from yiwang.pure.kernel.findings import Finding
from yiwang.record.journal.api import Unborn, birth, triggers_findings
from yiwang.site.stopping import Stop


def ready_to_serve() -> None:
    """Raises Stop where the database was never founded or its journal could be changed."""
    try:
        birth()
    except (Unborn, OperationalError, ProgrammingError):
        raise Stop(
            f"{settings.HOME} 里还没有数据，请先运行 yiwang setup（或 yiwang demo）"
            f" / nothing is founded in {settings.HOME}: run yiwang setup (or yiwang demo) first"
        ) from None
    if missing_guards():
        raise Stop(
            "流水账或公告的防改触发器缺失，拒绝启动；请运行 yiwang manage migrate"
            " / triggers that protect the journal or the notices are missing: run yiwang manage migrate"
        )


def missing_guards() -> list[Finding]:
    """The triggers that should protect the journal and published notices and are not there."""
    return [*triggers_findings(), *notices.triggers_findings()]
