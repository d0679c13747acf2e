"""The categories of messages: by them people filter, and say of what they want copies by mail. Pure."""

from __future__ import annotations

from yiwang.pure.kernel.actors import EXPERT
from yiwang.pure.kernel.words import Words

DIALOGUE, OBJECTIONS, COMPLAINTS, NOTICES, RESULTS, OWN, COMMITTEES, OTHER = (
    "dialogue",
    "objections",
    "complaints",
    "notices",
    "results",
    "own",
    "committees",
    "other",
)
CATEGORY_WORDS: dict[str, Words] = {
    DIALOGUE: Words("提问与澄清", "Questions and clarifications"),
    OBJECTIONS: Words("异议与暂停", "Objections and suspensions"),
    COMPLAINTS: Words("投诉", "Complaints"),
    NOTICES: Words("公告办理", "Notices"),
    RESULTS: Words("公示、结果与终止", "Publicity, results, endings"),
    OWN: Words("本单位分工", "Who is in charge"),
    COMMITTEES: Words("评标委员会工作", "Work on committees"),
    OTHER: Words("其他", "Other"),
}
_OF: dict[str, str] = {
    "question-asked": DIALOGUE,
    "documents-clarified": DIALOGUE,
    "deadline-moved": DIALOGUE,
    "prequalification-clarified": DIALOGUE,
    "application-deadline-moved": DIALOGUE,
    "lot-postponed": DIALOGUE,
    "applications-postponed": DIALOGUE,
    "place-corrected": DIALOGUE,
    "objection-raised": OBJECTIONS,
    "objection-answered": OBJECTIONS,
    "opening-objected": OBJECTIONS,
    "result-objected": OBJECTIONS,
    "result-undone": OBJECTIONS,
    "result-annulled": OBJECTIONS,
    "committee-annulled": OBJECTIONS,
    "evaluation-annulled": OBJECTIONS,
    "evaluation-anew": OBJECTIONS,
    "lot-suspended": OBJECTIONS,
    "lot-stopped": OBJECTIONS,
    "lot-resumed": OBJECTIONS,
    "complaint-made": COMPLAINTS,
    "complaint-accepted": COMPLAINTS,
    "complaint-refused": COMPLAINTS,
    "complaint-asked": COMPLAINTS,
    "complaint-answered": COMPLAINTS,
    "complaint-withdrawn": COMPLAINTS,
    "complaint-decided": COMPLAINTS,
    "correction-ordered": COMPLAINTS,
    "correction-done": COMPLAINTS,
    "correction-moot": COMPLAINTS,
    "namesake-seated": COMPLAINTS,
    "prequalification-objected": OBJECTIONS,
    "prequalified": RESULTS,
    "not-prequalified": RESULTS,
    "prequalification-failed": RESULTS,
    "invited": RESULTS,
    "notice-returned": NOTICES,
    "candidates-publicised": RESULTS,
    "award-letter": RESULTS,
    "not-chosen": RESULTS,
    "passed-over": RESULTS,
    "reexamined": RESULTS,
    "lot-failed": RESULTS,
    "lot-terminated": RESULTS,
    "documents-annulled": RESULTS,
    "tender-annulled": RESULTS,
    "committee-asks": RESULTS,
    "inquiry-ended": RESULTS,
    "stood-down": COMMITTEES,
    "call-ended": COMMITTEES,
    "more-time": RESULTS,
    "experts-used-up": RESULTS,
    "lot-given": OWN,
}


def categories_for(role: str) -> dict[str, Words]:
    """The categories that somebody in a role may be told of: an expert acts for no organisation, and nobody else sits."""
    only = {COMMITTEES, OTHER} if role == EXPERT else CATEGORY_WORDS.keys() - {COMMITTEES}
    return {key: words for key, words in CATEGORY_WORDS.items() if key in only}


def category_of(matter: str) -> str:
    """The category of a matter that was told; ``other`` where it has none of its own."""
    return _OF.get(matter, OTHER)


def matters_of(category: str) -> tuple[str, ...]:
    """The matters of a category; none for ``other``, which is what no other category has."""
    return tuple(each for each, of in _OF.items() if of == category)


KNOWN_MATTERS = tuple(_OF)
