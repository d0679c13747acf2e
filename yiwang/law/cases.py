"""Worked cases of who may do what in which stage: allowed, or refused with which article. A lawyer can add one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yiwang.law.library import Law
from yiwang.law.limits import NoSuchRule
from yiwang.law.procedures import Procedure, Step
from yiwang.law.reading import Row, files
from yiwang.pure.kernel.actors import ROLES


@dataclass(frozen=True, slots=True)
class Case:
    """In ``stage`` somebody of the role ``by`` wants to take ``step``, things being as ``given``.

    ``refused`` are the findings that have to come, all of them ("" for none: it is allowed), ``warned`` what is
    recorded without standing in the way, ``article`` the source that the refusal (or the warning) cites.
    """

    title: str
    procedure: str
    step: str
    stage: str
    by: str
    given: Mapping[str, str]
    refused: tuple[str, ...]
    warned: tuple[str, ...]
    article: str
    place: str


def _given(row: Row) -> dict[str, str]:
    pairs = [each.partition("=") for each in row.texts("given")]
    return {key.strip(): value.strip() for key, _, value in pairs}


def read_cases(directory: Path) -> tuple[Case, ...]:
    """The cases in ``directory``/cases. Raises BadLaw with the place."""
    found = []
    for file in files(directory / "cases"):
        procedure = file.text("procedure")
        for row in file.rows("case"):
            found.append(
                Case(
                    title=row.text("title"),
                    procedure=procedure,
                    step=row.text("step"),
                    stage=row.text("stage"),
                    by=row.one_of("by", ROLES),
                    given=_given(row),
                    refused=row.texts("refused"),
                    warned=row.texts("warned"),
                    article=row.text("article", ""),
                    place=row.place,
                )
            )
            row.done()
        list(file.rows("days"))  # read by read_days
        file.done()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DaysAround:
    """The values around a limit at which something is allowed, warned of or refused, all else being as ``given``.

    ``moves`` names what is tried at each value. Without a ``step`` the values are instants of the act itself, counted
    from ``anchor``. A warning carries ``warned_as``, a refusal the limit.
    """

    limit: str
    title: str
    procedure: str
    anchor: str
    step: str
    stage: str
    by: str
    given: Mapping[str, str]
    moves: str
    allowed: tuple[str, ...]
    warned: tuple[str, ...]
    refused: tuple[str, ...]
    warned_as: str
    article: str
    place: str

    def cases(self) -> Iterator[Case]:
        """Each value as a case of its step."""
        kinds = (
            (self.allowed, (), ()),
            (self.warned, (), (self.warned_as,)),
            (self.refused, (self.limit,), ()),
        )
        for values, refused, warned in kinds:
            for value in values:
                yield Case(
                    title=f"{self.title} · {self.moves} = {value}",
                    procedure=self.procedure,
                    step=self.step,
                    stage=self.stage,
                    by=self.by,
                    given={**self.given, self.moves: value},
                    refused=refused,
                    warned=warned,
                    article=self.article,
                    place=self.place,
                )


def read_days(directory: Path) -> tuple[DaysAround, ...]:
    """The tables of days in ``directory``/cases. Raises BadLaw with the place."""
    found = []
    for file in files(directory / "cases"):
        procedure = file.text("procedure")
        for row in file.rows("days"):
            limit, step = row.text("limit"), row.text("step", "")
            found.append(
                DaysAround(
                    limit=limit,
                    title=row.text("title"),
                    procedure=procedure,
                    anchor="" if step else row.text("anchor"),
                    step=step,
                    stage=row.text("stage") if step else "",
                    by=row.one_of("by", ROLES) if step else "",
                    given=_given(row),
                    moves=row.text("moves"),
                    allowed=row.texts("allowed"),
                    warned=row.texts("warned"),
                    refused=row.texts("refused"),
                    warned_as=row.text("warned_as", limit),
                    article=row.text("article"),
                    place=row.place,
                )
            )
            row.done()
        list(file.rows("case"))
        file.done()
    return tuple(found)


def days_objections(law: Law, tables: tuple[DaysAround, ...]) -> Iterator[str]:
    """Tables about limits, steps or stages that do not exist, that cite another article, or that show no boundary."""
    for each in tables:
        rows = [row for row in law.all_limits if row.id == each.limit]
        if not rows:
            yield f"{each.place}: no limit {each.limit}"
        elif not each.step and not any(cites(row.source, each.article) for row in rows):
            yield f"{each.place} ({each.title}): {each.limit} does not cite {each.article}"
        if not each.allowed or not (each.warned or each.refused):
            yield f"{each.place} ({each.title}): no boundary between what is allowed and what is not"
    stepped = tuple(case for each in tables if each.step for case in each.cases())
    yield from case_objections(law, stepped)


def case_objections(law: Law, cases: tuple[Case, ...]) -> Iterator[str]:
    """Cases about steps or stages that do not exist, or that cite an article which nothing in the step cites."""
    for case in cases:
        procedure = next((each for each in law.all_procedures if each.id == case.procedure), None)
        if procedure is None:
            yield f"{case.place}: no procedure {case.procedure}"
            continue
        try:
            step = procedure.step(case.step)
            procedure.stage(case.stage)
        except NoSuchRule as error:
            yield f"{case.place}: {error}"
            continue
        if bool(case.refused or case.warned) and not cites(_cited(law, procedure, step), case.article):
            yield f"{case.place} ({case.title}): nothing in {step.id} cites {case.article or 'an article'}"


def cites(sources: str, article: str) -> bool:
    """Whether ``article`` (《name》第N条) stands among sources that are parted by "；" (《name》第M条、第N条)."""
    name, _, number = article.partition("》")
    return bool(number) and any(f"{name}》" in each and number in each for each in sources.split("；"))


def _cited(law: Law, procedure: Procedure, step: Step) -> str:
    """All that the step, its guards and their rows cite, as one text to look in."""
    guards = [procedure.guard(each) for each in step.guards]
    named = {rule for each in guards for rule in each.rules} | {*step.rules, *step.limits}
    rows = [row.source for row in law.all_rows if row.id in named]
    return "；".join([step.source, *(each.source for each in guards), *rows])
