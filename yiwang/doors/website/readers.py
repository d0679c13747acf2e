"""What the site does when the journal says something happened."""

from __future__ import annotations

from yiwang.business.trading import api as trading
from yiwang.doors.website import services
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import EntryView, Reader

# Many, and without any trace on a public page: who asked for documents or bid is nobody's business before
# the opening. Not looking at them also keeps the times at which files change from telling.
SILENT = frozenset(
    {
        "documents-taken",
        "bid-submitted",
        "bid-withdrawn",
        "bidder-told",
        "supervisor-read",
        "tender-notice-begun",
    }
)


def project_of(matter: Ref) -> str:
    """The code of the project that a matter of trading belongs to; "" where it belongs to none."""
    if matter.room != "trading":
        return ""
    if matter.kind == "project":
        return matter.code
    return str(trading.find_lot(matter.code).project.code) if matter.kind == "lot" else ""


def react(entry: EntryView) -> None:
    """Renews what is found and puts on the agenda which pages are to be written.

    Every entry of a lot counts but the silent ones: a page shows what is public in the records as they stand.
    """
    if entry.kind in SILENT:
        return
    project = project_of(entry.within)
    if not project:
        return
    if entry.kind == "notice-published":
        services.note_notice(str(entry.facts["notice"]), entry.at)
    services.note_project(project, entry.at)


READER = Reader("website", react)
