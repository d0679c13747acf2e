"""A procedure walked by machine: days left instead of dates, bids counted, people interchangeable."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from yiwang.law.procedures import Procedure, Step

DAYS_LEFT = "days-left"
A_DAY = "a-day-passes"


@dataclass(frozen=True, slots=True)
class State:
    """A stage and the counters, in the order of ``Procedure.counters``."""

    stage: str
    counters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Exploration:
    """All states that can be reached and, from each, the steps (or A_DAY) that can be taken and where they lead."""

    moves: Mapping[State, tuple[tuple[str, State], ...]]

    def stages(self) -> frozenset[str]:
        return frozenset(state.stage for state in self.moves)

    def steps(self) -> frozenset[str]:
        return frozenset(step for moves in self.moves.values() for step, _ in moves if step != A_DAY)

    def stuck(self, finals: frozenset[str]) -> frozenset[State]:
        """The states from which no final stage can be reached."""
        before: dict[State, list[State]] = {}
        for state, moves in self.moves.items():
            for _, after in moves:
                before.setdefault(after, []).append(state)
        saved = {state for state in self.moves if state.stage in finals}
        waiting = deque(saved)
        while waiting:
            for each in before.get(waiting.popleft(), []):
                if each not in saved:
                    saved.add(each)
                    waiting.append(each)
        return frozenset(self.moves) - saved


def explore(
    procedure: Procedure, number_of: Callable[[str], int], most: int, without: frozenset[str] = frozenset()
) -> Exploration:
    """Every state of ``procedure`` reachable from its initial stage with all counters at 0.

    ``number_of`` gives the number of a limit; a step that would bring a counter other than the days left
    above ``most`` is not walked (so the walk ends); steps in ``without`` are left out.
    """
    start = State(procedure.initial.id, (0,) * len(procedure.counters))
    moves: dict[State, tuple[tuple[str, State], ...]] = {}
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state in moves:
            continue
        moves[state] = tuple(_moves(procedure, state, number_of, most, without))
        waiting.extend(after for _, after in moves[state])
    return Exploration(moves)


def _moves(
    procedure: Procedure,
    state: State,
    number_of: Callable[[str], int],
    most: int,
    without: frozenset[str],
) -> Iterator[tuple[str, State]]:
    counters = dict(zip(procedure.counters, state.counters, strict=True))
    for step in procedure.steps_from(state.stage):
        if step.id in without or not _allowed(procedure, step, counters, number_of):
            continue
        after = counters
        for effect in step.effects:
            after = effect.applied(after, number_of)
        if all(number >= 0 and (name == DAYS_LEFT or number <= most) for name, number in after.items()):
            yield step.id, State(step.to_stage, tuple(after.values()))
    if counters.get(DAYS_LEFT, 0) > 0:
        passed = {**counters, DAYS_LEFT: counters[DAYS_LEFT] - 1}
        yield A_DAY, State(state.stage, tuple(passed.values()))


def _allowed(
    procedure: Procedure, step: Step, counters: Mapping[str, int], number_of: Callable[[str], int]
) -> bool:
    conditions = (procedure.guard(each).model for each in step.guards)
    return all(each is None or each.holds(counters, number_of) for each in conditions)
