"""What the keyed part of /api/v1 gives: the contract, field by field. Money is integer fen, instants are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ninja import Schema

from yiwang.business.trading.models import Lot, Told
from yiwang.business.trading.shapes import DocumentLine, ObjectionLine, PaperLine, QuestionLine, ToDo
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.words import Words


class WordsOfToDo(Schema):
    zh: str
    en: str


class Me(Schema):
    person: str
    organisation: str
    role: str


class ToDoOut(Schema):
    step: str
    words: WordsOfToDo
    lot: str
    lot_name: str
    project: str
    due_at: datetime | None
    notice: str
    waiting: WordsOfToDo | None
    beside: WordsOfToDo | None
    clock: dict[str, Any] | None


class ToDoList(Schema):
    todos: list[ToDoOut]


class MyLot(Schema):
    code: str
    name: str
    project: str
    project_name: str
    stage: str
    deadline_at: datetime | None


class MyLotList(Schema):
    lots: list[MyLot]


class MessageOut(Schema):
    matter: str
    lot: str
    lot_name: str
    told_at: datetime
    read: bool


class MessageList(Schema):
    messages: list[MessageOut]


class PaperOut(Schema):
    sha256: str
    name: str


class ReceiptOut(Schema):
    envelope: str
    lot: str
    bidder: str
    received_at: datetime
    number: int
    leaf_hash: str
    papers: list[PaperOut]


class ReceiptList(Schema):
    receipts: list[ReceiptOut]


class Kept(Schema):
    sha256: str
    name: str
    size: int
    media_type: str
    token: str


class DocumentOut(Schema):
    sha256: str
    name: str
    size: int


class TakenDocuments(Schema):
    taking: str
    taken_at: datetime
    documents: list[DocumentOut]


class Withdrawn(Schema):
    lot: str
    withdrawn_at: datetime


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def todo_json(todo: ToDo) -> dict[str, object]:
    return {
        "step": todo.step,
        "words": _words(todo.words),
        "lot": todo.lot,
        "lot_name": todo.lot_name,
        "project": todo.project,
        "due_at": iso(todo.due_at) if todo.due_at else None,
        "notice": todo.notice,
        "waiting": _words(todo.waiting) if todo.waiting else None,
        "beside": _words(todo.beside) if todo.beside else None,
        "clock": todo.clock.as_json() if todo.clock else None,
    }


def my_lot_json(lot: Lot) -> dict[str, object]:
    return {
        "code": lot.code,
        "name": lot.name,
        "project": lot.project.code,
        "project_name": lot.project.name,
        "stage": lot.stage,
        "deadline_at": iso(lot.deadline_at) if lot.deadline_at else None,
    }


def message_json(told: Told) -> dict[str, object]:
    return {
        "matter": told.matter,
        "lot": told.lot.code,
        "lot_name": told.lot.name,
        "told_at": iso(told.told_at),
        "read": told.read_at is not None,
    }


def taking_json(code: str, taken_at: datetime, documents: Sequence[DocumentLine]) -> dict[str, Any]:
    listed = [{"sha256": each.sha256, "name": each.name, "size": each.size} for each in documents]
    return {"taking": code, "taken_at": iso(taken_at), "documents": listed}


def withdrawn_json(lot: str, withdrawn_at: datetime) -> dict[str, Any]:
    return {"lot": lot, "withdrawn_at": iso(withdrawn_at)}


class QuestionOut(Schema):
    code: str
    text: str
    papers: list[PaperOut]
    asked_at: datetime
    mine: bool
    answered_in: str


class QuestionList(Schema):
    questions: list[QuestionOut]


class ObjectionOut(Schema):
    code: str
    matter: str
    text: str
    papers: list[PaperOut]
    raised_at: datetime
    mine: bool
    answer: str
    answer_papers: list[PaperOut]
    amends: bool
    remedy: str
    answered_at: datetime | None
    clock: dict[str, Any]


class ObjectionList(Schema):
    objections: list[ObjectionOut]


class Asked(Schema):
    code: str
    at: datetime


class Answered(Schema):
    code: str
    answered_at: datetime
    warnings: list[dict[str, Any]]


def papers_json(papers: Sequence[PaperLine]) -> list[dict[str, str]]:
    """Papers by their digest and the name under which the reader may see them."""
    return [{"sha256": each.sha256, "name": each.name} for each in papers]


def question_json(line: QuestionLine) -> dict[str, Any]:
    """A question as its reader may see it."""
    return {
        "code": line.code,
        "text": line.text,
        "papers": papers_json(line.papers),
        "asked_at": iso(line.asked_at),
        "mine": line.mine,
        "answered_in": line.answered_in,
    }


def objection_json(line: ObjectionLine) -> dict[str, Any]:
    """An objection as its reader may see it, with the time for its answer."""
    return {
        "code": line.code,
        "matter": line.matter,
        "text": line.text,
        "papers": papers_json(line.papers),
        "raised_at": iso(line.raised_at),
        "mine": line.mine,
        "answer": line.answer,
        "answer_papers": papers_json(line.answer_papers),
        "amends": line.amends,
        "remedy": line.remedy,
        "answered_at": iso(line.answered_at) if line.answered_at else None,
        "clock": line.clock.as_json(),
    }


def asked_json(code: str, at: datetime) -> dict[str, Any]:
    """A question or objection that was recorded."""
    return {"code": code, "at": iso(at)}


def answered_json(code: str, at: datetime) -> dict[str, Any]:
    """An answer that was recorded."""
    return {"code": code, "answered_at": iso(at)}
