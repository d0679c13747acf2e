"""What stands in the way of a notice: pure functions from facts to findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from yiwang.common.notices import shapes
from yiwang.law.api import NoticeField, NoticeForm
from yiwang.pure.kernel.actors import AGENCY, CENTRE, SYSTEM, TENDEREE, Actor
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import NaiveInstant, from_iso, shown
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.money import MAX_FEN
from yiwang.pure.kernel.texts import strange_place

TITLE_LIMIT = 200
TEXT_LIMIT = 20_000
ROWS_LIMIT = 200

# The only statuses in which a verb may begin; whatever is missing here is refused.
BEGINS_IN: Mapping[str, frozenset[str]] = {
    "revise": frozenset({shapes.DRAFT, shapes.RETURNED}),
    "confirm": frozenset({shapes.DRAFT, shapes.RETURNED}),
    "return": frozenset({shapes.CONFIRMED, shapes.SCHEDULED}),
    "check": frozenset({shapes.CONFIRMED}),
    "drop": frozenset({shapes.DRAFT, shapes.RETURNED, shapes.CONFIRMED, shapes.SCHEDULED}),
    "publish": frozenset({shapes.SCHEDULED}),
}


def status_findings(verb: str, status: str) -> Iterator[Finding]:
    """An objection where ``verb`` may not begin while the notice stands at ``status``."""
    if status not in BEGINS_IN[verb]:
        words = shapes.STATUS_WORDS[status]
        yield Finding(f"notice-cannot-{verb}", "", {"status_zh": words.zh, "status_en": words.en})


def is_blank(value: Any) -> bool:
    """Whether a field is left empty. ``False`` and 0 are answers, not blanks."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | dict) and not value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_LIMIT and not strange_place(value)


def _is_whole_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_FEN


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_instant(value: Any) -> bool:
    try:
        return isinstance(value, str) and from_iso(value) is not None
    except (ValueError, NaiveInstant):
        return False


def _is_table(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) <= ROWS_LIMIT
        and all(isinstance(row, Mapping) for row in value)
    )


_FITS = {
    "text": _is_text,
    "longtext": _is_text,
    "money-fen": _is_whole_number,
    "number": _is_whole_number,
    "day": _is_day,
    "instant": _is_instant,
    "table": _is_table,
}


def _fits(field: NoticeField, value: Any) -> bool:
    if field.kind == "choice":
        return any(choice.id == value for choice in field.choices)
    return _FITS[field.kind](value)


def fields_findings(
    fields: Iterable[NoticeField], values: Mapping[str, Any], place: str = ""
) -> Iterator[Finding]:
    """Objections to values that the form does not know or that are not of the kind it gives. Blanks pass.

    The input of a cell is named ``table.row.column``, rows counted from 1; ``place`` is the part before it.
    """
    known = {field.key: field for field in fields}
    for key in sorted(str(each) for each in values if each not in known):
        yield Finding("notice-field-unknown", "", {"key": key[:60]}, f"{place}{key[:60]}")
    for key, field in known.items():
        value: Any = values.get(key)
        if is_blank(value):
            continue
        if not _fits(field, value):
            yield Finding(f"notice-field-{field.kind}", "", _names(field), f"{place}{key}")
        elif field.kind == "table":
            for number, row in enumerate(value, 1):
                yield from fields_findings(field.columns, row, f"{place}{key}.{number}.")


def draft_findings(form: NoticeForm, title: str, region: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Objections to a draft: it may be incomplete, but what it says must fit the form of the notice."""
    if (
        not title.strip()
        or len(title) > TITLE_LIMIT
        or any(ord(char) < 32 for char in title)
        or strange_place(title)
    ):
        yield Finding("notice-title", "", {"limit": TITLE_LIMIT}, "title")
    if region not in REGIONS:
        yield Finding("notice-region", "", {"region": region[:12]}, "region")
    yield from fields_findings(form.fields, values)


def part_findings(form: NoticeForm, parts: Iterable[shapes.Part]) -> Iterator[Finding]:
    """The same for what a notice says of each of several lots; the input is named ``matter.field``."""
    for each in parts:
        yield from fields_findings(form.fields, each.values, f"{each.about.code}.")


def missing_findings(
    form: NoticeForm, values: Mapping[str, Any], parts: Sequence[shapes.Part] = ()
) -> Iterator[Finding]:
    """One objection for each field that the law requires and the notice leaves empty, with its article.

    ``values`` fit the form (draft_findings has nothing to say). What one of ``parts`` says for itself each of them has
    to say; the objection names the lot, and its input is ``matter.field``.
    """
    apart = {key for each in parts for key in each.values}
    yield from _missing((field for field in form.fields if field.key not in apart), values)
    for part in parts:
        for each in _missing((field for field in form.fields if field.key in apart), part.values):
            yield _of_part(each, part)


def _of_part(finding: Finding, part: shapes.Part) -> Finding:
    params = finding.params
    named = {
        "label_zh": f"{part.title}：{params['label_zh']}",
        "label_en": f"{part.title}: {params['label_en']}",
    }
    return replace(finding, params={**params, **named}, field=f"{part.about.code}.{finding.field}")


def _missing(fields: Iterable[NoticeField], values: Mapping[str, Any]) -> Iterator[Finding]:
    for field in fields:
        value: Any = values.get(field.key)
        if is_blank(value):
            if field.required:
                yield Finding("notice-field-missing", field.source, _names(field), field.key)
        elif field.kind == "table" and _is_table(value):
            yield from _missing_cells(field, value)


def _missing_cells(table: NoticeField, rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    for number, row in enumerate(rows, 1):
        for column in table.columns:
            if column.required and is_blank(row.get(column.key)):
                yield Finding(
                    "notice-cell-missing",
                    column.source or table.source,
                    {
                        "row": number,
                        "table_zh": table.label,
                        "table_en": table.label_en,
                        **_names(column),
                    },
                    f"{table.key}.{number}.{column.key}",
                )


def _names(field: NoticeField) -> dict[str, object]:
    return {"label_zh": field.label, "label_en": field.label_en}


def drafter_findings(by: Actor, tenderee: str) -> Iterator[Finding]:
    """The tenderee's own people and agencies draft; a tenderee's person only for the own organisation.

    Whether an agency is commissioned for this matter is known to the room of the matter, and checked there.
    """
    if by.role not in (TENDEREE, AGENCY) or (by.role == TENDEREE and by.organisation != tenderee):
        yield Finding("notice-drafter", "", {"role": by.role})


def editor_findings(by: Actor, tenderee: str, drafted_for: str) -> Iterator[Finding]:
    """A draft is revised or dropped by people of the organisation that drafts it, or of the tenderee."""
    if by.role not in (TENDEREE, AGENCY) or by.organisation not in (tenderee, drafted_for):
        yield Finding("notice-editor", "", {"role": by.role})


def dropper_findings(by: Actor, tenderee: str, drafted_for: str) -> Iterator[Finding]:
    """A notice is given up by those who may revise it, or by the centre when it sends the matter back."""
    if by.role not in (CENTRE, SYSTEM):
        yield from editor_findings(by, tenderee, drafted_for)


def returner_findings(by: Actor) -> Iterator[Finding]:
    """The centre sends a notice back, or the system where its instant was missed."""
    if by.role != SYSTEM:
        yield from centre_findings(by)


def centre_findings(by: Actor) -> Iterator[Finding]:
    """The check of form is the centre's."""
    if by.role != CENTRE:
        yield Finding("notice-centre-only", "", {"role": by.role})


def confirmer_findings(by: Actor, tenderee: str, authors: Iterable[str]) -> Iterator[Finding]:
    """Four eyes (D01): a person of the tenderee confirms who has written no word of the notice."""
    if by.role != TENDEREE or by.organisation != tenderee:
        yield Finding("notice-confirmer", "", {"tenderee": tenderee})
    if by.person in frozenset(authors):
        yield Finding("D01", "", {})


def publish_at_findings(publish_at: datetime, at: datetime) -> Iterator[Finding]:
    """A notice is announced ahead: its instant lies after ``at``."""
    if publish_at <= at:
        yield Finding(
            "notice-publish-at",
            "",
            {"publish_at": shown(publish_at, begins=True), "now": shown(at)},
            "publish_at",
        )


@dataclass(frozen=True, slots=True)
class Original:
    """What a correction must know of the notice that it corrects; ``others`` are the matters of its parts."""

    code: str
    status: str
    about: str
    tenderee: str
    others: tuple[str, ...] = ()


def correction_findings(
    original: Original, about: str, tenderee: str, others: Collection[str] = ()
) -> Iterator[Finding]:
    """A correction points to a published notice of the same tenderee that is about all that it is about.

    ``others`` are the matters of its own parts. A notice of several lots is corrected for all of them or for some.
    """
    params: dict[str, object] = {"code": original.code}
    if original.status != shapes.PUBLISHED:
        yield Finding("notice-corrects-unpublished", "", params, "corrects")
    wanted, known = set(others) or {about}, set(original.others) or {original.about}
    if not wanted <= known or original.tenderee != tenderee:
        yield Finding("notice-corrects-other", "", params, "corrects")


def reasons_findings(reasons: str) -> Iterator[Finding]:
    """Who returns a notice says why."""
    if not reasons.strip():
        yield Finding("notice-reasons-missing", "", {}, "reasons")
    elif not _is_text(reasons):
        yield Finding("notice-reasons-long", "", {"limit": TEXT_LIMIT}, "reasons")


def early_findings(publish_at: datetime, at: datetime) -> Iterator[Finding]:
    """Publication may be late, early never."""
    if at < publish_at:
        yield Finding("notice-publish-early", "", {"publish_at": shown(publish_at, begins=True)})
