"""Forms of notices and methods of evaluation, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yiwang.law.limits import SURE, Choice, NoSuchRule
from yiwang.law.reading import BadLaw, Row
from yiwang.pure.kernel.words import Words

FIELD_KINDS = ("text", "longtext", "money-fen", "instant", "day", "number", "choice", "table")


@dataclass(frozen=True, slots=True)
class NoticeField:
    """A field of a notice.

    ``kind`` is text, longtext, money-fen (integer fen), instant (RFC 3339 with a zone), day (ISO), number
    (integer), choice (the id of one of ``choices``) or table (rows with ``columns``). ``personal`` marks
    what names a person. ``source`` is the article ("" only in a column, which shares its table's); a field
    that the house adds says so there.
    """

    key: str
    label: str
    label_en: str
    kind: str
    required: bool
    personal: bool
    source: str
    choices: tuple[Choice, ...]
    columns: tuple[NoticeField, ...]

    @property
    def words(self) -> Words:
        return Words(self.label, self.label_en)


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """A kind of notice and what it must contain. ``confirmed_by`` are the roles whose confirmation it needs."""

    id: str
    title: str
    title_en: str
    family: str
    source: str
    sure: str
    since: date
    until: date | None
    confirmed_by: tuple[str, ...]
    fields: tuple[NoticeField, ...]

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)

    def field(self, key: str) -> NoticeField:
        """The field of that key. Raises NoSuchRule."""
        for each in self.fields:
            if each.key == key:
                return each
        raise NoSuchRule(f"{self.id}: {key}")

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class EvaluationMethod:
    """How bids are ranked.

    ``ranks_by`` is evaluated-price or score, ``best`` lowest or highest. ``tie`` names what follows on equal
    values (decided-by-documents: nothing in the law decides). ``decimals`` and ``rounding`` apply to scores;
    prices are compared exactly. ``formula`` is an explanation, never run.
    """

    id: str
    title: str
    title_en: str
    family: str
    source: str
    sure: str
    since: date
    until: date | None
    use: str
    ranks_by: str
    best: str
    tie: str
    decimals: int
    rounding: str
    formula: str
    notes: str
    notes_en: str

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def _choice(row: Row, source: str) -> Choice:
    choice = Choice(row.text("id"), row.text("title"), row.text("title_en"), row.text("source", source))
    row.done()
    return choice


def _field(row: Row, in_table: bool = False) -> NoticeField:
    kind = row.one_of("kind", FIELD_KINDS)
    source = row.text("source", "") if in_table else row.text("source")
    field = NoticeField(
        key=row.text("key"),
        label=row.text("label"),
        label_en=row.text("label_en"),
        kind=kind,
        required=row.flag("required", True),
        personal=row.flag("personal"),
        source=source,
        choices=tuple(_choice(each, source) for each in row.rows("choice")),
        columns=tuple(_field(each, True) for each in row.rows("column")),
    )
    row.done()
    return field


def read_forms(rows: Iterable[Row]) -> tuple[NoticeForm, ...]:
    """The forms of the ``[[form]]`` tables; ``fields_of`` names another form whose fields one has too."""
    found: list[NoticeForm] = []
    for row in sorted(rows, key=lambda each: each.has("fields_of")):
        named = row.text("fields_of", "")
        shared = [each for each in found if each.id == named]
        if named and not shared:
            raise BadLaw(f"{row.place}: fields_of names no form that there is")
        found.append(read_form(row, shared[-1].fields if shared else ()))
    return tuple(found)


def read_form(row: Row, shared: tuple[NoticeField, ...] = ()) -> NoticeForm:
    """The form of a ``[[form]]`` table, with the fields of its own after ``shared``. Raises BadLaw with the place."""
    form = NoticeForm(
        id=row.text("id"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        family=row.text("family"),
        source=row.text("source"),
        sure=row.one_of("sure", SURE),
        since=row.day("since"),
        until=row.optional_day("until"),
        confirmed_by=row.texts("confirmed_by"),
        fields=(*shared, *(_field(each) for each in row.rows("field"))),
    )
    row.done()
    return form


def form_objections(form: NoticeForm) -> list[str]:
    """Objections to a form: double keys, choices and columns where they do not belong or are missing."""
    keys = [each.key for each in form.fields]
    found = [f"{form.id}: two fields {key}" for key in sorted(set(keys)) if keys.count(key) > 1]
    for field in (*form.fields, *(column for each in form.fields for column in each.columns)):
        if bool(field.choices) != (field.kind == "choice"):
            found.append(
                f"{form.id}.{field.key}: choices belong to a field of kind choice, and it needs some"
            )
        if bool(field.columns) != (field.kind == "table"):
            found.append(f"{form.id}.{field.key}: columns belong to a table, and it needs some")
    return found


def read_method(row: Row) -> EvaluationMethod:
    """The method of a ``[[method]]`` table. Raises BadLaw with the place."""
    decimals = row.number("decimals")
    method = EvaluationMethod(
        id=row.text("id"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        family=row.text("family"),
        source=row.text("source"),
        sure=row.one_of("sure", SURE),
        since=row.day("since"),
        until=row.optional_day("until"),
        use=row.one_of("use", ("", "data only"), ""),
        ranks_by=row.one_of("ranks_by", ("evaluated-price", "score")),
        best=row.one_of("best", ("lowest", "highest")),
        tie=row.one_of("tie", ("decided-by-documents", "lower-price-first", "random-draw")),
        decimals=int(decimals),
        rounding=row.one_of("rounding", ("none", "half-up")),
        formula=row.text("formula"),
        notes=row.text("notes", ""),
        notes_en=row.text("notes_en", ""),
    )
    row.done()
    return method
