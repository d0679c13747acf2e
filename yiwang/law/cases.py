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
        file.done()
    return tuple(found)


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
