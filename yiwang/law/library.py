"""All rows of one folder of the law, read once, checked, and asked by id and day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from yiwang.law import clocks
from yiwang.law.clocks import Clock, Pause
from yiwang.law.forms import EvaluationMethod, NoticeForm, form_objections, read_forms, read_method
from yiwang.law.limits import (
    COUNTRY,
    Anchor,
    Limit,
    NoSuchRule,
    Rule,
    looser_objections,
    overlap_objections,
    read_anchor,
    read_limit,
    read_rule,
)
from yiwang.law.procedures import Procedure, read_procedures
from yiwang.law.reading import BadLaw, files


@dataclass(frozen=True, slots=True)
class Law:
    """The law of a place: every row that is, was or will be in force.

    ``region`` in the methods is a code of GB/T 2260 ("" for the nation): a stricter local row of the region,
    or of the prefecture or province that it lies in, goes before the national one.
    """

    anchors: tuple[Anchor, ...]
    all_limits: tuple[Limit, ...]
    all_rules: tuple[Rule, ...]
    all_procedures: tuple[Procedure, ...]
    all_forms: tuple[NoticeForm, ...]
    all_methods: tuple[EvaluationMethod, ...]

    @property
    def all_rows(self) -> tuple[Limit | Rule, ...]:
        """Every dated limit, then every rule without a number."""
        return (*self.all_limits, *self.all_rules)

    def limit(self, limit_id: str, on: date, acted_on: date | None = None, region: str = "") -> Limit:
        """The row of ``limit_id`` in force on ``on``, the day by whose law the matter runs.

        ``acted_on`` is the day of the act: a row in force then that says ``applies = "at-once"`` goes
        before. Raises NoSuchRule where no row is in force.
        """
        if acted_on is not None:
            now = self._in_force(limit_id, acted_on, region)
            if now is not None and now.applies == "at-once":
                return now
        row = self._in_force(limit_id, on, region)
        if row is None:
            raise NoSuchRule(f"{limit_id} on {on}")
        return row

    def limit_spans(
        self, limit_id: str, from_on: date, to_on: date, region: str = ""
    ) -> Iterator[tuple[Limit, int]]:
        """The rows of ``limit_id`` from ``from_on`` until before ``to_on``, one after the other, each with its number of days.

        Raises NoSuchRule where no row is in force on one of them.
        """
        rows = [each for each in self.all_limits if each.id == limit_id]
        changes = {each.since for each in rows} | {
            each.until + timedelta(days=1) for each in rows if each.until
        }
        begins = [from_on, *sorted(each for each in changes if from_on < each < to_on)]
        for begin, end in zip(begins, [*begins[1:], to_on], strict=True):
            if begin < end:
                yield self.limit(limit_id, begin, region=region), (end - begin).days

    def _in_force(self, limit_id: str, on: date, region: str) -> Limit | None:
        rows = [each for each in self.all_limits if each.id == limit_id and each.in_force(on)]
        places = [region, region[:4] + "00", region[:2] + "0000", COUNTRY] if region else [COUNTRY]
        for place in places:
            for row in rows:
                if row.jurisdiction == place:
                    return row
        return None

    def limits(self, on: date, region: str = "") -> tuple[Limit, ...]:
        """All limits in force on ``on``, in the order of the files."""
        ids = dict.fromkeys(each.id for each in self.all_limits)
        found = (self._in_force(each, on, region) for each in ids)
        return tuple(each for each in found if each is not None)

    def rule(self, rule_id: str, on: date) -> Rule:
        """The rule without a number of that id. Raises NoSuchRule."""
        for each in self.all_rules:
            if each.id == rule_id and each.in_force(on):
                return each
        raise NoSuchRule(f"{rule_id} on {on}")

    def rules(self, on: date) -> tuple[Rule, ...]:
        """All rules without a number in force on ``on``."""
        return tuple(each for each in self.all_rules if each.in_force(on))

    def clock(
        self,
        limit_id: str,
        anchor: datetime | date,
        on: date,
        acted_on: date | None = None,
        region: str = "",
        pauses: Sequence[Pause] = (),
    ) -> Clock:
        """The limit counted from ``anchor`` without ``pauses``; the other arguments as in :meth:`limit`.

        Raises NoSuchRule, NotAClock (no period of time), NaiveInstant (an instant without a zone).
        """
        return clocks.clock(self.limit(limit_id, on, acted_on, region), anchor, pauses)

    def procedure(self, procedure_id: str, on: date) -> Procedure:
        """The procedure of that id. Raises NoSuchRule."""
        for each in self.all_procedures:
            if each.id == procedure_id and each.in_force(on):
                return each
        raise NoSuchRule(f"{procedure_id} on {on}")

    def procedures(self, on: date) -> tuple[Procedure, ...]:
        return tuple(each for each in self.all_procedures if each.in_force(on))

    def notice_form(self, form_id: str, on: date) -> NoticeForm:
        """The form of notice of that id. Raises NoSuchRule."""
        for each in self.all_forms:
            if each.id == form_id and each.in_force(on):
                return each
        raise NoSuchRule(f"{form_id} on {on}")

    def notice_forms(self, on: date) -> tuple[NoticeForm, ...]:
        return tuple(each for each in self.all_forms if each.in_force(on))

    def evaluation_method(self, method_id: str, on: date) -> EvaluationMethod:
        """The method of evaluation of that id. Raises NoSuchRule."""
        for each in self.all_methods:
            if each.id == method_id and each.in_force(on):
                return each
        raise NoSuchRule(f"{method_id} on {on}")

    def evaluation_methods(self, on: date) -> tuple[EvaluationMethod, ...]:
        return tuple(each for each in self.all_methods if each.in_force(on))


def load(directory: Path) -> Law:
    """The law in ``directory`` (limits/, procedures/, notices/, evaluation/).

    Raises BadLaw with the first file that is not in the format, or with all contradictions between rows.
    """
    limit_files = tuple(files(directory / "limits"))
    anchors = tuple(read_anchor(each) for file in limit_files for each in file.rows("anchor"))
    by_id = {each.id: each for each in anchors}
    limits = tuple(read_limit(each, by_id) for file in limit_files for each in file.rows("limit"))
    rules = tuple(read_rule(each) for file in limit_files for each in file.rows("rule"))
    form_files = tuple(files(directory / "notices"))
    forms = read_forms(each for file in form_files for each in file.rows("form"))
    method_files = tuple(files(directory / "evaluation"))
    methods = tuple(read_method(each) for file in method_files for each in file.rows("method"))
    procedures = read_procedures(files(directory / "procedures"))
    for file in (*limit_files, *form_files, *method_files):
        file.done()
    objections = [
        *overlap_objections(list(limits)),
        *looser_objections(list(limits)),
        *(objection for form in forms for objection in form_objections(form)),
    ]
    if not limits:
        objections.append(f"{directory}: no limits")
    if objections:
        raise BadLaw("\n".join(objections))
    return Law(anchors, limits, rules, procedures, forms, methods)
