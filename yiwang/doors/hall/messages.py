"""What an organisation was told, in words, with the page of the act that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yiwang.common.identity import api as identity
from yiwang.doors.hall.categories import CATEGORY_WORDS, category_of
from yiwang.doors.hall.words import MESSAGES, UNNAMED_MESSAGE
from yiwang.pure.kernel.words import Words

_SEE = Words("查看标段", "See the lot")
_NOTHING = Words("无需办理", "Nothing to do")
# Told to who sees the lot no more.
CLOSED_TO_READER = ("stood-down", "call-ended")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that an organisation was told about a lot; ``act`` and ``url``: what to do about it, and where.

    ``closed``: there is no page of it, and the lot is not the reader's to see any more.

    ``due_at`` is the instant until which something is asked for (None: nothing is), ``running`` whether it lies
    ahead; ``read_by`` the name of who read it first.
    """

    id: int
    words: Words
    category: Words
    lot: str
    lot_name: str
    project: str
    told_at: datetime
    due_at: datetime | None
    running: bool
    read: bool
    read_at: datetime | None
    read_by: str
    act: Words
    url: str
    closed: bool = False


def _by_lot(name: str) -> Callable[[Any], str]:
    return lambda told: reverse(name, args=[told.lot.code])


def _by_document(name: str) -> Callable[[Any], str]:
    """The page of what the message is about; of its lot where it names nothing."""
    return lambda told: reverse(name, args=[told.document]) if told.document else _by_lot("hall:lot")(told)


_ACTS: dict[str, tuple[Words, Callable[[Any], str]]] = {
    "question-asked": (Words("去答复", "Answer"), _by_lot("hall:clarify")),
    "documents-clarified": (Words("看澄清", "Read the clarification"), _by_document("hall:notice")),
    "deadline-moved": (Words("看澄清", "Read the clarification"), _by_document("hall:notice")),
    "prequalification-clarified": (Words("看澄清", "Read the clarification"), _by_document("hall:notice")),
    "application-deadline-moved": (Words("看澄清", "Read the clarification"), _by_document("hall:notice")),
    "lot-postponed": (Words("看公告", "Read the notice"), _by_document("hall:notice")),
    "applications-postponed": (Words("看公告", "Read the notice"), _by_document("hall:notice")),
    "place-corrected": (Words("看公告", "Read the notice"), _by_document("hall:notice")),
    "objection-raised": (Words("去答复", "Answer"), _by_document("hall:answer")),
    "opening-objected": (Words("去答复", "Answer"), _by_document("hall:answer")),
    "prequalification-objected": (Words("去答复", "Answer"), _by_document("hall:answer")),
    "prequalified": (Words("看结果通知书", "Read the notice"), _by_lot("hall:application")),
    "not-prequalified": (Words("看结果通知书", "Read the notice"), _by_lot("hall:application")),
    "invited": (Words("获取招标文件", "Take the documents"), _by_lot("hall:documents")),
    "result-objected": (Words("去答复", "Answer"), _by_document("hall:answer")),
    "complaint-made": (Words("去办理", "See to it"), _by_document("hall:complaint")),
    "complaint-asked": (Words("去说明", "Answer"), _by_document("hall:complaint-answer")),
    **dict.fromkeys(
        (
            "complaint-accepted",
            "complaint-refused",
            "complaint-answered",
            "complaint-withdrawn",
            "complaint-decided",
            "correction-ordered",
            "correction-done",
            "correction-moot",
        ),
        (Words("看投诉", "See the complaint"), _by_document("hall:complaint")),
    ),
    "namesake-seated": (Words("看评标委员会", "See the committee"), _by_lot("hall:evaluation-report")),
    "notice-returned": (Words("看退回意见", "See why"), _by_document("hall:notice")),
    "experts-used-up": (Words("去编制", "Plan it"), _by_lot("hall:plan-draw")),
    "candidates-publicised": (Words("看公示", "See the publicity"), _by_document("hall:notice")),
    "award-letter": (Words("看通知书", "Read the letter"), _by_lot("hall:letter")),
    "inquiry-ended": (Words("看询问", "See the question"), _by_document("hall:answer-committee")),
    **dict.fromkeys(CLOSED_TO_READER, (_NOTHING, lambda told: reverse("hall:messages"))),
}


def act_of(told: Any) -> tuple[Words, str]:
    """What to do about a message, and where; the page of the lot where there is nothing else."""
    words, url = _ACTS.get(told.matter, (_SEE, _by_lot("hall:lot")))
    if told.matter == "question-asked" and told.lot.stage not in ("bidding", "applying"):
        return _SEE, _by_lot("hall:lot")(told)
    return words, url(told)


# What a message says, of the seventy columns of what it is about.
SHOWN = (
    "matter", "document", "told_at", "due_at", "read_at", "read_by",
    "lot__code", "lot__name", "lot__stage", "lot__project__name",
)  # fmt: skip


def shown_messages(rows: Iterable[Any], now: datetime) -> list[Message]:
    """Messages as pages show them. Names of readers are looked up once each."""
    told = list(rows)
    names = identity.person_names({each.read_by for each in told if each.read_by})
    found = []
    for each in told:
        act, url = act_of(each)
        found.append(
            Message(
                each.pk,
                MESSAGES.get(each.matter, UNNAMED_MESSAGE),
                CATEGORY_WORDS[category_of(each.matter)],
                each.lot.code,
                each.lot.name,
                each.lot.project.name,
                each.told_at,
                each.due_at,
                each.due_at is not None and each.due_at > now,
                each.read_at is not None,
                each.read_at,
                names.get(each.read_by, ""),
                act,
                url,
                each.matter in CLOSED_TO_READER,
            )
        )
    return found
