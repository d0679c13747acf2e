"""Where in the hall each step is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from yiwang.business.trading.api import ToDo, todos
from yiwang.common.identity.api import waiting_verifications
from yiwang.pure.kernel.actors import CENTRE, Actor
from yiwang.pure.kernel.words import Words

_BY_LOT = {
    "draft-tender-notice": "hall:tender-notice",
    "draft-invitation": "hall:tender-notice",
    "enter-review-committee": "hall:review-committee",
    "review": "hall:applications",
    "notify-results": "hall:prequalification-notify",
    "take-prequalification-documents": "hall:documents",
    "apply": "hall:apply",
    "replace-application": "hall:application",
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
    "choose-experts": "hall:experts",
    "draw-experts": "hall:draw-experts",
    "await-experts": "hall:experts",
    "seat-experts": "hall:seat-experts",
    "evaluate": "hall:evaluation",
    "sit": "hall:sitting",
    "re-examine": "hall:sitting",
    "score": "hall:sheet",
    "sign-report": "hall:sign",
    "extend-time": "hall:extend-time",
    "award": "hall:award",
    "sign-contract": "hall:contract",
    "conclude-reexamination": "hall:conclude-reexamination",
    "archive": "hall:archive",
    "retender": "hall:retender",
    "refund": "hall:lot-refunds",
    "written-report": "hall:written-report",
    "draft-contract-notice": "hall:contract-notice",
}
# Steps whose instant opens them instead of ending them.
_OPENED_BY_TIME = ("open-bids",)
_BY_NOTICE = {"confirm-notice": "hall:notice-confirm", "check-notice": "hall:notice-check"}
_BY_MATTER = {
    "answer-objection": "hall:answer",
    "answer-opening-objection": "hall:answer",
    "answer-committee": "hall:answer-committee",
    "answer-call": "hall:call",
    "accept-complaint": "hall:complaint",
    "decide-complaint": "hall:complaint",
    "lift-suspension": "hall:complaint",
    "carry-out-decision": "hall:complaint",
    "answer-complaint": "hall:complaint-answer",
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


def is_open_since(todo: ToDo, now: datetime) -> bool:
    """Whether the instant of a to-do opened it instead of ending it, and has come."""
    return todo.step in _OPENED_BY_TIME and todo.due_at is not None and todo.due_at <= now


def tasks(found: Iterable[ToDo], now: datetime) -> list[Task]:
    """To-dos with their pages, in the order given."""
    return [Task(each, step_url(each), is_open_since(each, now)) for each in found]


# Steps that are often done for many notices one after the other; each is still looked at and decided by itself.
QUEUED = ("check-notice", "confirm-notice")


@dataclass(frozen=True, slots=True)
class Queue:
    """Notices that wait for the same step: how many, and the page of the first."""

    words: Words
    count: int
    url: str


def queues(found: Iterable[ToDo]) -> list[Queue]:
    """The queues among to-dos that have at least two members."""
    waiting: dict[str, list[ToDo]] = {}
    for each in found:
        if each.step in QUEUED and each.waiting is None:
            waiting.setdefault(each.step, []).append(each)
    return [
        Queue(members[0].words, len(members), f"{step_url(members[0])}?queue=yes")
        for members in waiting.values()
        if len(members) > 1
    ]


VERIFICATIONS = (
    ("registrations", Words("主体审核", "organisations to review"), "identity:review"),
    ("credentials", Words("资信核验", "credentials to verify"), "identity:credential-reviews"),
    ("resets", Words("重置登录复核", "resets of logins to decide"), "identity:resets"),
    ("ties", Words("负责人与控股关系核验", "heads and control to verify"), "identity:ties-reviews"),
    ("administrators", Words("单位管理员复核", "administrators to decide on"), "identity:administrators"),
)


def verifications(actor: Actor) -> list[Queue]:
    """What waits for the centre besides tenders: registrations, credentials, requests to decide on."""
    if actor.role != CENTRE:
        return []
    waiting = waiting_verifications(actor)
    found = [Queue(words, int(getattr(waiting, name)), reverse(url)) for name, words, url in VERIFICATIONS]
    return [each for each in found if each.count]


def after_this(actor: Actor, step: str, notice: str, now: datetime) -> list[str]:
    """The pages of the other notices that wait for the same step, in the order of their urgency."""
    waiting = [each for each in todos(actor, now) if each.step == step and each.notice != notice]
    return [f"{step_url(each)}?queue=yes" for each in waiting]
