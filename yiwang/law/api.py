"""The law, for every other room: the row in force on a day, counted deadlines, procedures, forms, methods.

``on`` is always the day by whose law the matter runs (``law_on`` of a lot); ``acted_on`` the day of the act,
for rows that apply at once. The functions read the rows that came with the program; :func:`using` replaces
them for a while (tests, a house with local rows).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path

from yiwang.law.calendar import CalendarNotPublished, day_off, is_published, is_working_day
from yiwang.law.clocks import Clock, NotAClock, Pause
from yiwang.law.explaining import value_words
from yiwang.law.forms import EvaluationMethod, NoticeField, NoticeForm
from yiwang.law.library import Law, load
from yiwang.law.limits import Choice, Limit, NoSuchRule, Rule
from yiwang.law.procedures import Formula, Guard, Procedure, Stage, Step
from yiwang.law.reading import BadLaw

__all__ = [
    "Law",
    "load",
    "using",
    "current",
    "Limit",
    "Rule",
    "Choice",
    "limit",
    "limit_spans",
    "limits",
    "rule",
    "rules",
    "Clock",
    "Pause",
    "clock",
    "value_words",
    "is_working_day",
    "is_published",
    "day_off",
    "Procedure",
    "Stage",
    "Step",
    "Guard",
    "Formula",
    "procedure",
    "procedures",
    "NoticeForm",
    "NoticeField",
    "notice_form",
    "notice_forms",
    "EvaluationMethod",
    "evaluation_method",
    "evaluation_methods",
    "BadLaw",
    "CalendarNotPublished",
    "NoSuchRule",
    "NotAClock",
]

DIRECTORY = Path(__file__).parent
_replaced: ContextVar[Law | None] = ContextVar("law", default=None)


@cache
def _packaged() -> Law:
    return load(DIRECTORY)


def current() -> Law:
    """The law that the functions of this module read."""
    return _replaced.get() or _packaged()


@contextmanager
def using(law: Law) -> Iterator[Law]:
    """Within the block (and this thread) the functions read ``law``."""
    token = _replaced.set(law)
    try:
        yield law
    finally:
        _replaced.reset(token)


def limit(limit_id: str, on: date, acted_on: date | None = None, region: str = "") -> Limit:
    """See :meth:`Law.limit`. Raises NoSuchRule."""
    return current().limit(limit_id, on, acted_on, region)


def limit_spans(limit_id: str, from_on: date, to_on: date, region: str = "") -> Iterator[tuple[Limit, int]]:
    """See :meth:`Law.limit_spans`. Raises NoSuchRule."""
    return current().limit_spans(limit_id, from_on, to_on, region)


def limits(on: date, region: str = "") -> tuple[Limit, ...]:
    """See :meth:`Law.limits`."""
    return current().limits(on, region)


def rule(rule_id: str, on: date) -> Rule:
    """See :meth:`Law.rule`. Raises NoSuchRule."""
    return current().rule(rule_id, on)


def rules(on: date) -> tuple[Rule, ...]:
    """See :meth:`Law.rules`."""
    return current().rules(on)


def clock(
    limit_id: str,
    anchor: datetime | date,
    on: date,
    acted_on: date | None = None,
    region: str = "",
    pauses: Sequence[Pause] = (),
) -> Clock:
    """See :meth:`Law.clock`. Raises NoSuchRule, NotAClock, NaiveInstant."""
    return current().clock(limit_id, anchor, on, acted_on, region, pauses)


def procedure(procedure_id: str, on: date) -> Procedure:
    """See :meth:`Law.procedure`. Raises NoSuchRule."""
    return current().procedure(procedure_id, on)


def procedures(on: date) -> tuple[Procedure, ...]:
    """All procedures in force on ``on``."""
    return current().procedures(on)


def notice_form(form_id: str, on: date) -> NoticeForm:
    """See :meth:`Law.notice_form`. Raises NoSuchRule."""
    return current().notice_form(form_id, on)


def notice_forms(on: date) -> tuple[NoticeForm, ...]:
    """All forms of notices in force on ``on``."""
    return current().notice_forms(on)


def evaluation_method(method_id: str, on: date) -> EvaluationMethod:
    """See :meth:`Law.evaluation_method`. Raises NoSuchRule."""
    return current().evaluation_method(method_id, on)


def evaluation_methods(on: date) -> tuple[EvaluationMethod, ...]:
    """All methods of evaluation in force on ``on``."""
    return current().evaluation_methods(on)
