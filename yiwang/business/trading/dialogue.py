"""Reads: what bidders and tenderee say to each other about the documents, and who may see which of it."""

from __future__ import annotations

from pathlib import PurePath

from django.db.models import QuerySet

from yiwang.business.trading.models import Clarification, Lot, Objection, Question
from yiwang.business.trading.queries import UnknownProject
from yiwang.business.trading.shapes import ClarificationLine, ObjectionLine, PaperLine, QuestionLine
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import local_day


def is_host(actor: Actor, lot: Lot) -> bool:
    """Whether the actor acts for the lot's tenderee or agency."""
    return actor.role in (TENDEREE, AGENCY) and actor.organisation in (
        lot.project.tenderee,
        lot.project.agency,
    )


def _readable(actor: Actor, lot: Lot) -> QuerySet[Question]:
    rows = Question.objects.filter(lot=lot)
    if is_host(actor, lot) or actor.role == SUPERVISOR:
        return rows
    return rows.filter(asker=actor.organisation) if actor.role == BIDDER else rows.none()


def nameless(code: str, number: int, name: str) -> str:
    """A name for a paper that does not tell who sent it: file names like to carry a firm's own."""
    suffix = PurePath(name).suffix.lower()
    return f"{code}-{number}{suffix if suffix.isascii() and len(suffix) <= 6 else ''}"


def shown_papers(code: str, papers: list[list[str]], named: bool) -> tuple[PaperLine, ...]:
    """Papers as the reader may see them: under their own names only for who sent them."""
    return tuple(
        PaperLine(sha256, name if named else nameless(code, number, name))
        for number, (sha256, name) in enumerate(papers, 1)
    )


def questions_of(actor: Actor, lot: Lot) -> tuple[QuestionLine, ...]:
    """The questions that the actor may read, oldest first: the lot's side and the supervisor all, a bidder its own.

    Nothing in them says who asked.
    """
    lines = []
    for each in _readable(actor, lot):
        mine = actor.role == BIDDER and each.asker == actor.organisation
        papers = shown_papers(each.code, each.papers, mine)
        lines.append(QuestionLine(each.code, each.text, papers, each.asked_at, mine, each.answered_in))
    return tuple(lines)


def objections_of(actor: Actor, lot: Lot) -> tuple[ObjectionLine, ...]:
    """The objections that the actor may read, oldest first: the lot's side and the supervisor all, a bidder its own.

    Those to the opening are not among them: they stand in its public record.
    """
    rows = Objection.objects.filter(lot=lot)
    if not (is_host(actor, lot) or actor.role == SUPERVISOR):
        rows = rows.filter(objector=actor.organisation) if actor.role == BIDDER else rows.none()
    on = lot.law_on or local_day(lot.stage_since_at)
    lines = []
    for each in rows:
        mine = actor.role == BIDDER and each.objector == actor.organisation
        lines.append(
            ObjectionLine(
                each.code,
                each.text,
                shown_papers(each.code, each.papers, mine),
                each.raised_at,
                mine,
                each.answer,
                tuple(PaperLine(sha256, name) for sha256, name in each.answer_papers),
                each.amends,
                each.answered_at,
                law.clock("W08", each.raised_at, on=on),
                each.matter,
                each.interest,
                each.remedy,
                law.limit("W27", on=on) if mine and each.answered_at else None,
            )
        )
    return tuple(lines)


def objection_of(actor: Actor, code: str) -> tuple[Lot, ObjectionLine]:
    """An objection that the actor may read, with its lot. Raises UnknownProject."""
    row = Objection.objects.select_related("lot", "lot__project").filter(code=code).first()
    if row is not None:
        for line in objections_of(actor, row.lot):
            if line.code == code:
                return row.lot, line
    raise UnknownProject(code)


def objection_paper(actor: Actor, code: str, sha256: str) -> PaperLine:
    """A paper of an objection or of its answer that the actor may read. Raises UnknownProject."""
    _, line = objection_of(actor, code)
    for paper in (*line.papers, *line.answer_papers):
        if paper.sha256 == sha256:
            return paper
    raise UnknownProject(code)


def clarification_of(notice: str) -> ClarificationLine | None:
    """The clarification whose notice has this code; None where the notice is another one."""
    row = Clarification.objects.filter(notice=notice).first()
    if row is None:
        return None
    return _clarification_line(row)


def _clarification_line(row: Clarification) -> ClarificationLine:
    return ClarificationLine(
        row.notice,
        row.content,
        row.affects_bids,
        row.planned_at,
        row.deadline_before_at,
        row.new_deadline_at,
        tuple(PaperLine(sha256, name) for sha256, name in row.papers),
        tuple(row.answers),
    )


def clarifications_of(lot: str) -> tuple[ClarificationLine, ...]:
    """What was clarified or amended in a lot and has appeared, oldest first: everybody may read it."""
    rows = Clarification.objects.filter(lot__code=lot, published_at__isnull=False)
    return tuple(_clarification_line(row) for row in rows)


def question_paper(actor: Actor, code: str, sha256: str) -> PaperLine:
    """A paper of a question that the actor may read. Raises UnknownProject."""
    question = Question.objects.select_related("lot", "lot__project").filter(code=code).first()
    if question is not None:
        for line in questions_of(actor, question.lot):
            for paper in line.papers if line.code == code else ():
                if paper.sha256 == sha256:
                    return paper
    raise UnknownProject(code)
