"""Limits and plain rules as dated rows. A limit has a number and a unit; a rule of the law may have neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from yiwang.law.reading import BadLaw, Row
from yiwang.pure.kernel.words import Words

FAMILIES = ("works", "procurement", "land", "property", "disclosure", "local", "platform")
COMPARATORS = ("at_least", "at_most", "exactly", "more_than", "less_than")
DAY_UNITS = ("calendar-day", "working-day")
MOMENT_UNITS = ("second", "minute", "hour")
DATE_UNITS = ("month", "year")
TIME_UNITS = DAY_UNITS + MOMENT_UNITS + DATE_UNITS
UNITS = (*TIME_UNITS, "percent", "share", "fen", "count")
COUNTINGS = ("first-day-excluded", "first-day-included", "moment")
ROLLS = ("none", "next-working-day")
GIVES = ("earliest-day", "last-day", "latest-day")
SURE = ("read", "secondary", "memory", "setting")
COUNTRY = "CN"
DATA_ONLY = "data only"


def cited(source: str, sure: str) -> Words:
    """The article, with a mark where its text was not read; never an article for a setting of the house."""
    if sure == "setting":
        return Words("本中心设置，非法律规定", "a setting of this centre, not law")
    if sure == "read":
        return Words(source, source)
    return Words(f"{source}（条文待核对）", f"{source} (text still to be checked)")


class NoSuchRule(LookupError):
    """No row of that id is in force on that day."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The event from which a limit is counted, as named in the rows."""

    id: str
    title: str
    title_en: str

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class Limit:
    """One dated row.

    ``comparator`` is at_least, at_most, exactly, more_than or less_than; ``value`` a whole number or an exact
    share, in ``unit`` (calendar-day, working-day, second, minute, hour, month, year, percent, share, fen, count). Limits of time have
    ``anchor``, ``direction`` (forward, backward), ``counting``, ``roll`` and ``gives``: what the counted day
    is (earliest-day: the first on which the thing is lawful; last-day: the end of a period that has to run;
    latest-day: the last on which it is in time). The others have "" there.
    ``sure`` says how the number is known: read in the text, from a secondary source, from memory, or a
    setting of the house, which is no law and never shown as law. ``until`` is the last day in force.
    """

    id: str
    title: str
    title_en: str
    family: str
    comparator: str
    value: int | Fraction
    unit: str
    source: str
    sure: str
    since: date
    until: date | None
    jurisdiction: str
    applies: str
    use: str
    anchor: str
    direction: str
    counting: str
    roll: str
    gives: str
    notes: str
    notes_en: str
    anchor_words: Words

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)

    @property
    def is_law(self) -> bool:
        """False for a setting of the house."""
        return self.sure != "setting"

    @property
    def is_time(self) -> bool:
        return self.unit in TIME_UNITS

    @property
    def citation(self) -> Words:
        """The article as it may be shown, see :func:`cited`."""
        return cited(self.source, self.sure)

    def _compared(self, comparator: str) -> int:
        if self.comparator != comparator or not isinstance(self.value, int):
            raise TypeError(
                f"{self.id} is {self.comparator} {self.value} {self.unit}, not {comparator} a whole number"
            )
        return self.value

    @property
    def at_least(self) -> int:
        """The whole number of a minimum. TypeError where the row is none."""
        return self._compared("at_least")

    @property
    def at_most(self) -> int:
        """The whole number of a maximum. TypeError where the row is none."""
        return self._compared("at_most")

    @property
    def exactly(self) -> int:
        """The whole number that is demanded exactly. TypeError where the row is none."""
        return self._compared("exactly")

    @property
    def share(self) -> Fraction:
        """The exact share of a row in percent (2 → 1/50) or share (2/3). TypeError otherwise."""
        if self.unit == "percent":
            return Fraction(self.value) / 100
        if self.unit == "share":
            return Fraction(self.value)
        raise TypeError(f"{self.id} is in {self.unit}")

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the cases that a rule enumerates (a ground of rejection, for instance)."""

    id: str
    title: str
    title_en: str
    source: str

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the law without a number: what is demanded or forbidden, in our words, and its article."""

    id: str
    title: str
    title_en: str
    family: str
    source: str
    sure: str
    since: date
    until: date | None
    use: str
    choices: tuple[Choice, ...]
    notes: str
    notes_en: str

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)

    @property
    def citation(self) -> Words:
        """The article as it may be shown, see :func:`cited`."""
        return cited(self.source, self.sure)

    def choice(self, choice_id: str) -> Choice:
        """The case of that id. Raises NoSuchRule."""
        for each in self.choices:
            if each.id == choice_id:
                return each
        raise NoSuchRule(f"{self.id}: {choice_id}")

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def read_anchor(row: Row) -> Anchor:
    anchor = Anchor(row.text("id"), row.text("title"), row.text("title_en"))
    row.done()
    return anchor


def _dates(row: Row) -> tuple[date, date | None]:
    since, until = row.day("since"), row.optional_day("until")
    if until is not None and until < since:
        raise BadLaw(f"{row.place}: until lies before since")
    return since, until


def _time_fields(row: Row, unit: str, comparator: str) -> dict[str, str]:
    """anchor, direction, counting, roll and gives of a limit of time; all "" for the others."""
    if unit not in TIME_UNITS:
        return dict.fromkeys(("anchor", "direction", "counting", "roll", "gives"), "")
    if comparator not in ("at_least", "at_most", "exactly"):
        raise BadLaw(f"{row.place}: a period is at_least, at_most or exactly")
    direction = row.one_of("direction", ("forward", "backward"))
    moment = unit in MOMENT_UNITS
    counting = row.one_of("counting", ("moment",) if moment else COUNTINGS[:2])
    ready = {("at_most", "forward"): "latest-day", ("at_least", "backward"): "latest-day"}
    ready[("at_most", "backward")] = "earliest-day"
    default = ready.get((comparator, direction))
    roll = row.one_of("roll", ROLLS, "none")
    if roll != "none" and (direction == "backward" or unit == "working-day" or moment):
        raise BadLaw(f"{row.place}: only forward periods of calendar days, months and years can roll")
    return {
        "anchor": row.text("anchor"),
        "direction": direction,
        "counting": counting,
        "roll": roll,
        "gives": row.one_of("gives", GIVES, default),
    }


def read_limit(row: Row, anchors: Mapping[str, Anchor]) -> Limit:
    """The limit of a ``[[limit]]`` table; ``anchors`` by id. Raises BadLaw with the place."""
    named = [each for each in COMPARATORS if row.has(each)]
    if len(named) != 1:
        raise BadLaw(f"{row.place}: needs exactly one of {', '.join(COMPARATORS)}")
    comparator = named[0]
    value, unit = row.number(comparator), row.one_of("unit", UNITS)
    if unit in TIME_UNITS and (not isinstance(value, int) or value < 1):
        raise BadLaw(f"{row.place}: a period has a whole number of at least 1")
    since, until = _dates(row)
    fields = _time_fields(row, unit, comparator)
    anchor = anchors.get(fields["anchor"])
    if anchor is None and fields["anchor"]:
        raise BadLaw(f"{row.place}: no anchor {fields['anchor']}")
    limit = Limit(
        id=row.text("id"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        family=row.one_of("family", FAMILIES),
        comparator=comparator,
        value=value,
        unit=unit,
        source=row.text("source"),
        sure=row.one_of("sure", SURE),
        since=since,
        until=until,
        jurisdiction=row.text("jurisdiction", COUNTRY),
        applies=row.one_of("applies", ("new-lots", "at-once"), "new-lots"),
        use=row.one_of("use", ("", DATA_ONLY), ""),
        notes=row.text("notes", ""),
        notes_en=row.text("notes_en", ""),
        anchor_words=anchor.words if anchor else Words("", ""),
        **fields,
    )
    row.done()
    return limit


def read_rule(row: Row) -> Rule:
    """The rule of a ``[[rule]]`` table. Raises BadLaw with the place."""
    since, until = _dates(row)
    source = row.text("source")
    rule = Rule(
        id=row.text("id"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        family=row.one_of("family", FAMILIES),
        source=source,
        sure=row.one_of("sure", SURE),
        since=since,
        until=until,
        use=row.one_of("use", ("", DATA_ONLY), ""),
        choices=tuple(_read_choice(each, source) for each in row.rows("choice")),
        notes=row.text("notes", ""),
        notes_en=row.text("notes_en", ""),
    )
    row.done()
    return rule


def _read_choice(row: Row, source: str) -> Choice:
    choice = Choice(row.text("id"), row.text("title"), row.text("title_en"), row.text("source", source))
    row.done()
    return choice


def overlap_objections(rows: list[Limit]) -> list[str]:
    """Objections to rows of one id and jurisdiction that are in force on the same day."""
    found = []
    ordered = sorted(rows, key=lambda row: (row.id, row.jurisdiction, row.since))
    for earlier, later in pairwise(ordered):
        same = (earlier.id, earlier.jurisdiction) == (later.id, later.jurisdiction)
        if same and (earlier.until is None or earlier.until >= later.since):
            found.append(f"{earlier.id}: the row of {earlier.since} is still in force on {later.since}")
    return found


def looser_objections(rows: list[Limit]) -> list[str]:
    """Objections to local rows that are looser than, or of another kind than, the national row beside them."""
    found = []
    for local in (row for row in rows if row.jurisdiction != COUNTRY):
        for national in (row for row in rows if row.id == local.id and row.jurisdiction == COUNTRY):
            apart = (local.until is not None and local.until < national.since) or (
                national.until is not None and national.until < local.since
            )
            if not apart and not _as_strict(local, national):
                found.append(
                    f"{local.id}: the local row of {local.jurisdiction} is looser than, or unlike, the national one"
                )
    return found


def _as_strict(local: Limit, national: Limit) -> bool:
    fields = ("comparator", "unit", "anchor", "direction", "counting", "roll", "gives")
    if any(getattr(local, each) != getattr(national, each) for each in fields):
        return False
    if national.comparator == "at_least":
        return local.value >= national.value
    if national.comparator == "at_most":
        return local.value <= national.value
    return local.value == national.value
