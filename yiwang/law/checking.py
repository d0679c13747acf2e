"""What ``yiwang law check`` objects to: rows that contradict each other, dead stages, cases that do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yiwang.law.clocks import NotAClock
from yiwang.law.examples import Example, example_objection
from yiwang.law.exploring import explore
from yiwang.law.library import Law
from yiwang.law.limits import DATA_ONLY, NoSuchRule
from yiwang.law.procedures import Procedure
from yiwang.pure.kernel.actors import SYSTEM

ABANDONING = frozenset({"terminate"})


def law_objections(law: Law, examples: tuple[Example, ...]) -> list[str]:
    """All objections to the rows of ``law`` and to ``examples``, as sentences that name the row."""
    found = [*_row_objections(law), *_use_objections(law)]
    for procedure in law.all_procedures:
        named = [*_name_objections(law, procedure)]
        found.extend(named or _walk_objections(law, procedure))
    for example in examples:
        try:
            objection = example_objection(law, example)
        except (NoSuchRule, NotAClock) as error:
            objection = f"{example.place}: {error}"
        if objection:
            found.append(objection)
    return found


def _row_objections(law: Law) -> Iterator[str]:
    rules = [each.id for each in law.all_rules]
    limits = {each.id for each in law.all_limits}
    for rule in law.all_rules:
        if rule.id in limits:
            yield f"{rule.id} is both a limit and a rule"
        if any(
            other is not rule and other.id == rule.id and other.in_force(rule.since)
            for other in law.all_rules
        ):
            yield f"{rule.id}: two rows are in force on {rule.since}"
        if bool(rule.notes) != bool(rule.notes_en):
            yield f"{rule.id}: notes are needed in both languages or in none"
    for limit in law.all_limits:
        if bool(limit.notes) != bool(limit.notes_en):
            yield f"{limit.id}: notes are needed in both languages or in none"
        if not limit.is_law and "《" in limit.source:
            yield f"{limit.id} is a setting and must not cite a law"
    forms = {each.id for each in law.all_forms}
    for name in sorted(forms & (limits | set(rules))):
        yield f"{name} is both a form and a rule"


def _used(law: Law) -> set[str]:
    used: set[str] = set()
    for procedure in law.all_procedures:
        for step in procedure.steps:
            used.update(step.limits, step.rules)
        for guard in procedure.guards:
            used.update(guard.rules)
    return used


def _use_objections(law: Law) -> Iterator[str]:
    used = _used(law)
    for row in law.all_rows:
        if row.id in used and row.use == DATA_ONLY:
            yield f"{row.id} is marked data only, but a step or guard names it"
        if row.id not in used and row.use != DATA_ONLY:
            yield f"{row.id} is named by no step or guard: mark it data only"


def _name_objections(law: Law, procedure: Procedure) -> Iterator[str]:
    """Names that lead nowhere, or to nobody."""
    stages = {each.id for each in procedure.stages}
    guards = {each.id for each in procedure.guards}
    limits, rules = {each.id for each in law.all_limits}, {each.id for each in law.all_rules}
    forms, methods = {each.id for each in law.all_forms}, {each.id for each in law.all_methods}
    known = limits | rules | set(procedure.counters)
    named: set[str] = set()
    for step in procedure.steps:
        where = f"{procedure.id}, {step.id}"
        named.update(step.guards)
        for wanted, there, kind in (
            ((*step.from_stages, step.to_stage), stages, "stage"),
            (step.guards, guards, "guard"),
            (step.notices, forms, "form of notice"),
            (step.limits, limits, "limit"),
            (step.rules, rules, "rule"),
            (tuple(each.counter for each in step.effects), set(procedure.counters), "counter"),
            (tuple(str(each.value) for each in step.effects if isinstance(each.value, str)), known, "number"),
        ):
            yield from (f"{where}: no {kind} {each}" for each in wanted if each not in there)
        if (step.by == (SYSTEM,)) != bool(step.agenda):
            yield f"{where}: the steps of the system, and only they, have an agenda"
    for guard in procedure.guards:
        if guard.id not in named:
            yield f"{procedure.id}: no step asks the guard {guard.id}"
        yield from (
            f"{procedure.id}, {guard.id}: no rule {each}" for each in guard.rules if each not in known
        )
        if guard.model and guard.model.counter not in procedure.counters:
            yield f"{procedure.id}, {guard.id}: no counter {guard.model.counter}"
    yield from (f"{procedure.id}: no method {each}" for each in procedure.evaluation if each not in methods)


def number_of(law: Law, on: date, limit_id: str) -> int:
    """The whole number of a limit, for exploration. Raises NoSuchRule."""
    return int(law.limit(limit_id, on).value)


def _walk_objections(law: Law, procedure: Procedure) -> Iterator[str]:
    """Stages that cannot be reached, steps that can never be taken, states that cannot end without giving up."""
    on = max(procedure.since, max(each.since for each in law.all_limits))
    walk = explore(procedure, lambda limit_id: number_of(law, on, limit_id), 4, ABANDONING)
    whole = explore(procedure, lambda limit_id: number_of(law, on, limit_id), 4)
    for stage in procedure.stages:
        if stage.id not in whole.stages():
            yield f"{procedure.id}: the stage {stage.id} can never be reached"
    for step in procedure.steps:
        if step.id not in whole.steps():
            yield f"{procedure.id}: the step {step.id} can never be taken"
    stuck = walk.stuck(frozenset(each.id for each in procedure.finals))
    for name in sorted({state.stage for state in stuck}):
        yield f"{procedure.id}: from the stage {name} some states never come to an end"
