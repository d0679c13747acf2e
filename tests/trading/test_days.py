"""The days around each limit of works, as a lawyer reads them in law/cases/works-days.toml, asked of the rules."""

from __future__ import annotations

from datetime import date

import pytest

from yiwang.business.trading.rules.guards import step_findings
from yiwang.law import api as law
from yiwang.law.cases import Case, DaysAround, cites, days_objections, read_days
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import REFUSAL, WARNING

from .test_cases import ON, facts_of, instant

DAYS = read_days(law.DIRECTORY)
STEPPED = [(each, case) for each in DAYS if each.step for case in each.cases()]
COUNTED = [each for each in DAYS if not each.step]
RULES_TESTED = tuple(sorted({each.limit for each in DAYS}))
# Limits in days that no table has, with the reason.
ELSEWHERE = {"W-media": "in hours, of the media that publish"}
HOLIDAYS = (("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("10-01", "10-07"))


def test_the_tables_are_sound_and_every_limit_in_days_has_one_that_meets_a_holiday():
    assert list(days_objections(law.current(), DAYS)) == []
    limits = [each for each in law.current().all_limits if each.family == "works"]
    in_days = {each.id for each in limits if each.unit in ("calendar-day", "working-day")}
    assert {each.limit for each in DAYS} >= in_days - set(ELSEWHERE)
    for limit in sorted(in_days - set(ELSEWHERE)):
        tables = [each for each in DAYS if each.limit == limit]
        assert any(_meets_holiday(each) for each in tables), f"{limit}: no holiday in its days"


def _meets_holiday(each: DaysAround) -> bool:
    values = [*each.allowed, *each.warned, *each.refused, *each.given.values(), each.anchor]
    days = sorted(value[5:10] for value in values if value[:5] == "2026-")
    return any(days[0] <= end and begin <= days[-1] for begin, end in HOLIDAYS)


@pytest.mark.parametrize(("table", "case"), STEPPED, ids=[case.title for _, case in STEPPED])
def test_on_each_day_around_a_limit_its_step_is_allowed_warned_of_or_refused(table: DaysAround, case: Case):
    step = law.procedure(case.procedure, on=ON).step(case.step)
    found = step_findings(step, facts_of(case))
    assert {each.rule for each in found if each.level == REFUSAL} == set(case.refused)
    assert {each.rule for each in found if each.level == WARNING} == set(case.warned)
    sources = [each.source for each in found if each.rule in (*case.refused, *case.warned)]
    assert all(cites(each, table.article) for each in sources), sources


@pytest.mark.parametrize("table", COUNTED, ids=[each.title for each in COUNTED])
def test_on_each_day_around_a_limit_without_a_step_the_count_says_the_same(table: DaysAround):
    anchor = instant(table.anchor)
    clock = law.clock(table.limit, anchor, on=local_day(anchor))
    assert cites(clock.limit.source, table.article)
    earliest = clock.limit.comparator == "at_least" and clock.limit.direction == "forward"
    for lawful, values in ((True, table.allowed), (False, table.refused)):
        for value in values:
            at = instant(value)
            assert ((at >= clock.result_at) if earliest else (at < clock.result_at)) == lawful, value


def test_a_table_about_nothing_is_an_objection():
    (table, *_) = DAYS
    changed = DaysAround(**{name: getattr(table, name) for name in table.__slots__} | {"limit": "W99"})
    assert any("no limit W99" in each for each in days_objections(law.current(), (changed,)))
    changed = DaysAround(**{name: getattr(table, name) for name in table.__slots__} | {"allowed": ()})
    assert any("no boundary" in each for each in days_objections(law.current(), (changed,)))


def test_the_holidays_named_in_the_tables_are_those_of_the_calendar():
    for begin, end in HOLIDAYS:
        first, last = date.fromisoformat(f"2026-{begin}"), date.fromisoformat(f"2026-{end}")
        days = [date.fromordinal(each) for each in range(first.toordinal(), last.toordinal() + 1)]
        assert not any(law.is_working_day(each) for each in days)
    for saturday in ("2026-02-14", "2026-02-28", "2026-05-09", "2026-10-10", "2026-09-20"):
        assert law.is_working_day(date.fromisoformat(saturday))
