"""Procedures as rows: stages, steps and guards that a machine can explore and a lawyer can read."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from yiwang.law.limits import NoSuchRule
from yiwang.law.reading import BadLaw, Row
from yiwang.pure.kernel.actors import ROLES
from yiwang.pure.kernel.words import Words

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}
_MODEL = re.compile(r"([a-z-]+) (>=|<=|>|<|==|=|\+|-) ([0-9]+|[A-Za-z][A-Za-z0-9-]*)\Z")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a lot stands. ``kind`` is initial, middle or final: final stages are left by no step but retendering."""

    id: str
    title: str
    title_en: str
    kind: str

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class Formula:
    """``counter operator value``: a condition of a guard or an effect of a step, for exploration by machine.

    ``value`` is a number, the name of another counter, or the id of a limit whose number is meant.
    """

    counter: str
    operator: str
    value: int | str

    def holds(self, counters: Mapping[str, int], number_of: Callable[[str], int]) -> bool:
        """Whether the condition holds. ``number_of`` gives the number of a limit."""
        return _COMPARISONS[self.operator](counters[self.counter], self._value(counters, number_of))

    def applied(self, counters: Mapping[str, int], number_of: Callable[[str], int]) -> dict[str, int]:
        """The counters after the effect."""
        value, before = self._value(counters, number_of), counters[self.counter]
        after = {"=": value, "+": before + value, "-": before - value}[self.operator]
        return {**counters, self.counter: after}

    def _value(self, counters: Mapping[str, int], number_of: Callable[[str], int]) -> int:
        if isinstance(self.value, int):
            return self.value
        return counters[self.value] if self.value in counters else number_of(self.value)


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that the owning room checks before a step. ``rules`` are the limits or rules that it applies."""

    id: str
    title: str
    title_en: str
    rules: tuple[str, ...]
    source: str
    model: Formula | None

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class Step:
    """From which stages to which stage, by which roles, under which guards.

    ``notices`` are forms that have to be published (or stand confirmed) with it, ``limits`` the periods that
    it starts or has to keep, ``rules`` the rules without a number behind it, ``agenda`` the due instant at
    which the system takes it ("" for people's steps).
    """

    id: str
    title: str
    title_en: str
    from_stages: tuple[str, ...]
    to_stage: str
    by: tuple[str, ...]
    guards: tuple[str, ...]
    notices: tuple[str, ...]
    limits: tuple[str, ...]
    rules: tuple[str, ...]
    agenda: str
    source: str
    effects: tuple[Formula, ...]

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure that lots (or, by ``runs``, complaints) run; ``counters`` are the names that its formulas count with."""

    id: str
    title: str
    title_en: str
    family: str
    source: str
    since: date
    until: date | None
    evaluation: tuple[str, ...]
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    guards: tuple[Guard, ...]
    counters: tuple[str, ...]
    runs: str = "lot"

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en)

    @property
    def initial(self) -> Stage:
        return next(each for each in self.stages if each.kind == "initial")

    @property
    def finals(self) -> tuple[Stage, ...]:
        return tuple(each for each in self.stages if each.kind == "final")

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id. Raises NoSuchRule."""
        return _named(self.stages, stage_id, self.id)

    def step(self, step_id: str) -> Step:
        """The step of that id. Raises NoSuchRule."""
        return _named(self.steps, step_id, self.id)

    def guard(self, guard_id: str) -> Guard:
        """The guard of that id. Raises NoSuchRule."""
        return _named(self.guards, guard_id, self.id)

    def steps_from(self, stage_id: str) -> tuple[Step, ...]:
        """The steps that may be taken in a stage, in the order of the procedure."""
        return tuple(each for each in self.steps if stage_id in each.from_stages)

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def _named[Part: (Stage, Step, Guard)](parts: tuple[Part, ...], part_id: str, procedure_id: str) -> Part:
    for each in parts:
        if each.id == part_id:
            return each
    raise NoSuchRule(f"{procedure_id}: {part_id}")


def _formula(text: str, place: str, assigning: bool) -> Formula:
    match = _MODEL.match(text)
    if match is None or (match[2] in ("=", "+", "-")) is not assigning:
        raise BadLaw(f"{place}: cannot read {text!r}")
    value = int(match[3]) if match[3].isdigit() else match[3]
    return Formula(match[1], match[2], value)


def _read_stage(row: Row) -> Stage:
    stage = Stage(
        row.text("id"),
        row.text("title"),
        row.text("title_en"),
        row.one_of("kind", ("initial", "middle", "final"), "middle"),
    )
    row.done()
    return stage


def _read_guard(row: Row) -> Guard:
    model = row.text("model", "")
    guard = Guard(
        row.text("id"),
        row.text("title"),
        row.text("title_en"),
        row.texts("rules"),
        row.text("source"),
        _formula(model, row.place, False) if model else None,
    )
    row.done()
    return guard


def _read_step(row: Row) -> Step:
    step = Step(
        id=row.text("id"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        from_stages=row.texts("from"),
        to_stage=row.text("to"),
        by=row.texts("by"),
        guards=row.texts("guards"),
        notices=row.texts("notices"),
        limits=row.texts("limits"),
        rules=row.texts("rules"),
        agenda=row.text("agenda", ""),
        source=row.text("source"),
        effects=tuple(_formula(each, row.place, True) for each in row.texts("effects")),
    )
    if not step.from_stages or not step.by or set(step.by) - set(ROLES):
        raise BadLaw(f"{row.place}: needs stages to come from and known roles")
    row.done()
    return step


def read_procedures(rows: Iterable[Row]) -> tuple[Procedure, ...]:
    """The procedures of the files, those that extend another one after it. Raises BadLaw with the place."""
    found: dict[str, Procedure] = {}
    for row in sorted(rows, key=lambda each: each.has("extends")):
        procedure = _read_extension(row, found) if row.has("extends") else read_procedure(row)
        found[procedure.id] = procedure
    return tuple(found.values())


def _read_extension(row: Row, known: Mapping[str, Procedure]) -> Procedure:
    """A procedure that has what another one has, and more: stages after its first one, steps, guards, changes."""
    base = known.get(row.text("extends"))
    if base is None:
        raise BadLaw(f"{row.place}: extends no procedure that there is")
    steps = {each.id: each for each in base.steps}
    for change in row.rows("change"):
        changed = _changed(change, steps)
        steps[changed.id] = changed
    own_steps = tuple(_read_step(each) for each in row.rows("step"))
    own_guards = tuple(_read_guard(each) for each in row.rows("guard"))
    own_stages = tuple(_read_stage(each) for each in row.rows("stage"))
    for own, others in ((own_steps, base.steps), (own_guards, base.guards), (own_stages, base.stages)):
        doubled = {each.id for each in own} & {each.id for each in others}
        if doubled:
            raise BadLaw(f"{row.place}: {', '.join(sorted(doubled))} stands in {base.id} already")
    procedure = replace(
        base,
        id=row.text("id"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        source=row.text("source"),
        since=row.day("since"),
        until=row.optional_day("until"),
        stages=(base.stages[0], *own_stages, *base.stages[1:]),
        steps=(*own_steps, *steps.values()),
        guards=(*own_guards, *base.guards),
    )
    row.done()
    return procedure


def _changed(row: Row, steps: Mapping[str, Step]) -> Step:
    """The step of the extended procedure as it is here: what the row names is other, or more."""
    step = steps.get(row.text("step"))
    if step is None:
        raise BadLaw(f"{row.place}: changes no step that there is")
    changed = replace(
        step,
        title=row.text("title", step.title),
        title_en=row.text("title_en", step.title_en),
        from_stages=(*(row.texts("from") or step.from_stages), *row.texts("also_from")),
        to_stage=row.text("to", step.to_stage),
        notices=row.texts("notices") or step.notices,
        guards=(*step.guards, *row.texts("also_guards")),
        rules=(*step.rules, *row.texts("also_rules")),
        source=row.text("source", step.source),
    )
    row.done()
    return changed


def read_procedure(row: Row) -> Procedure:
    """The procedure of one file. Raises BadLaw with the place."""
    procedure = Procedure(
        id=row.text("id"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        family=row.text("family"),
        source=row.text("source"),
        since=row.day("since"),
        until=row.optional_day("until"),
        evaluation=row.texts("evaluation"),
        stages=tuple(_read_stage(each) for each in row.rows("stage")),
        steps=tuple(_read_step(each) for each in row.rows("step")),
        guards=tuple(_read_guard(each) for each in row.rows("guard")),
        counters=row.texts("counters"),
        runs=row.one_of("runs", ("lot", "complaint"), "lot"),
    )
    row.done()
    if sum(each.kind == "initial" for each in procedure.stages) != 1 or not procedure.finals:
        raise BadLaw(f"{row.place}: needs one initial stage and a final one")
    return procedure
