"""What the site does when the journal says something happened."""

from __future__ import annotations

from yiwang.doors.website import services
from yiwang.pure.kernel.codes import PROJECT_CODE_LENGTH
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import EntryView, Reader

# Many, and without any trace on a public page: who asked for documents or bid is nobody's business before
# the opening. Not looking at them also keeps the times at which files change from telling.
SILENT = frozenset(
    {
        "documents-taken",
        "bid-submitted",
        "bid-replaced",
        "bid-withdrawn",
        "bidder-told",
        "application-submitted",
        "application-replaced",
        "application-withdrawn",
        "application-reviewed",
        "application-decided",
        "applicant-told",
        "supervisor-read",
        "archive-exported",
        "tender-notice-begun",
        "question-asked",
        "deposit-payers-noted",
        "consortium-consented",
        "consortium-consent-over",
        "takers-told",
        "objection-filed",
        "complaint-made",
        "complaint-withdrawn",
        "complaint-accepted",
        "complaint-refused",
        "respondent-asked",
        "respondent-answered",
        "appraisal-begun",
        "appraisal-ended",
        "suspension-ordered",
        "suspension-lifted",
        "complaint-decided",
        "refund-owed",
        "refund-done",
    }
)

# What changes the page of a supplier; awards come with their lots.
SUPPLIER_KINDS = frozenset({"organisation-admitted", "credential-verified", "credential-withdrawn"})


def project_of(matter: Ref) -> str:
    """The code of the project that a matter of trading belongs to; "" where it belongs to none."""
    if matter.room != "trading":
        return ""
    if matter.kind == "project":
        return matter.code
    return matter.code[:PROJECT_CODE_LENGTH] if matter.kind == "lot" else ""


def react(entry: EntryView) -> None:
    """Puts on the agenda what is to be renewed: search entries first, then the pages that show them.

    Every entry of a lot counts but the silent ones: a page shows what is public in the records as they stand.
    """
    if entry.kind in SILENT:
        return
    if entry.kind in SUPPLIER_KINDS and entry.within.kind == "organisation":
        services.note_supplier(entry.within.code, entry.at)
        return
    project = project_of(entry.within)
    if not project:
        return
    if entry.kind == "notice-published":
        services.note_notice(str(entry.facts["notice"]), entry.at)
    services.ask_for_refresh(project, entry.at)


READER = Reader("website", react)
