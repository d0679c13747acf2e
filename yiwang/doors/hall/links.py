"""Where in the hall each step is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from yiwang.business.trading.api import ToDo

_BY_LOT = {
    "draft-tender-notice": "hall:tender-notice",
    "draft-publicity": "hall:publicity",
    "draft-result-notice": "hall:result-notice",
    "draft-failure-notice": "hall:failure-notice",
    "take-documents": "hall:documents",
    "bid": "hall:bid",
    "replace-bid": "hall:own-bid",
    "answer-questions": "hall:clarify",
    "amend-documents": "hall:clarify",
    "set-deadline": "hall:clarify",
    "open-bids": "hall:open",
    "enter-committee": "hall:committee",
    "evaluate": "hall:evaluation",
    "sit": "hall:sitting",
    "score": "hall:sheet",
    "sign-report": "hall:sign",
    "extend-time": "hall:extend-time",
    "award": "hall:award",
    "sign-contract": "hall:contract",
    "conclude-reexamination": "hall:conclude-reexamination",
    "archive": "hall:archive",
    "retender": "hall:retender",
    "refund": "hall:lot-refunds",
}
# Steps whose instant opens them instead of ending them.
_OPENED_BY_TIME = ("open-bids",)
_BY_NOTICE = {"confirm-notice": "hall:notice-confirm", "check-notice": "hall:notice-check"}
_BY_MATTER = {
    "answer-objection": "hall:answer",
    "answer-opening-objection": "hall:answer",
    "answer-committee": "hall:answer-committee",
}


def step_url(todo: ToDo) -> str:
    """The page of the form of a to-do; the page of its lot for what has none."""
    if todo.step in _BY_NOTICE:
        return reverse(_BY_NOTICE[todo.step], args=[todo.notice])
    if todo.step in _BY_MATTER:
        return reverse(_BY_MATTER[todo.step], args=[todo.matter])
    return reverse(_BY_LOT.get(todo.step, "hall:lot"), args=[todo.lot])


@dataclass(frozen=True, slots=True)
class Task:
    """A to-do with its page, as lists show it; ``since``: its instant has come, and what it opened is open."""

    todo: ToDo
    url: str
    since: bool


def tasks(todos: Iterable[ToDo], now: datetime) -> list[Task]:
    """To-dos with their pages, in the order given."""
    return [
        Task(
            each,
            step_url(each),
            each.step in _OPENED_BY_TIME and each.due_at is not None and each.due_at <= now,
        )
        for each in todos
    ]
