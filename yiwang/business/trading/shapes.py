"""What other rooms see of projects and lots: frozen pages, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiwang.law.api import Clock, Limit
from yiwang.pure.kernel.words import Words

DONE, NOW, NEXT = "done", "now", "next"


@dataclass(frozen=True, slots=True)
class ProgressPart:
    """One station of the progress line: done, now or next; by whom; until when (None where nothing is due)."""

    words: Words
    state: str
    by: Words
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that belongs to a lot: its digest, name and size in bytes."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper beside a question or an objection: its digest and the name under which the reader may see it."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as its reader may see it, never with who asked; ``answered_in`` is the notice that answers it."""

    code: str
    text: str
    papers: tuple[PaperLine, ...]
    asked_at: datetime
    mine: bool
    answered_in: str


@dataclass(frozen=True, slots=True)
class ObjectionMark:
    """What everybody may know of an objection: when it was raised, when it was answered (None: not yet).

    ``matter`` is documents or result; ``upheld`` whether an answer undid the result that was publicised.
    """

    raised_at: datetime
    answered_at: datetime | None
    matter: str = "documents"
    upheld: bool = False


@dataclass(frozen=True, slots=True)
class OpeningObjection:
    """An objection to the opening, with its answer ("" while there is none): part of the public record of it."""

    name: str
    text: str
    raised_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection as its reader may see it, never with who raised it; ``clock`` is the time for the answer (W08).

    ``complaint``: what remains to its objector once it is answered (W27).
    """

    code: str
    text: str
    papers: tuple[PaperLine, ...]
    raised_at: datetime
    mine: bool
    answer: str
    answer_papers: tuple[PaperLine, ...]
    amends: bool
    answered_at: datetime | None
    clock: Clock
    matter: str = "documents"
    interest: str = ""
    remedy: str = ""
    complaint: Limit | None = None


@dataclass(frozen=True, slots=True)
class ClarificationLine:
    """What a clarification does when it appears: planned when, from which deadline to which (None: unmoved)."""

    notice: str
    content: str
    affects_bids: bool
    planned_at: datetime
    deadline_before_at: datetime
    new_deadline_at: datetime | None
    papers: tuple[PaperLine, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A member of a consortium, as the opening read it out: what it takes over, its share of the work in percent.

    ``confirmed``: whether it said by its own login that it takes part; None where that is not told (or for the leader).
    """

    code: str
    name: str
    work: str
    percent: int
    confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A row of the opening record. Amounts in fen. ``status``, ``rank`` and ``points`` (the total
    where bids are scored) are set once they are public. ``consortium`` are the members of one, the leader in front.
    """

    place: int
    bidder: str
    name: str
    price_fen: int
    period_days: int
    deposit_fen: int
    received_at: datetime
    leaf_hash: str
    status: str
    evaluated_fen: int | None
    ground: Words | None
    rank: int | None
    passed: Words | None = None
    points: str = ""
    consortium: tuple[PartnerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An awarded lot in the list of written reports: until when, when it came (None: not yet), whether it is late."""

    lot: str
    name: str
    due_at: datetime
    handed_in_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """The written report to the supervisor: its digest, when it was handed in, whether after its last day (W24)."""

    document: str
    handed_in_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class AwardLine:
    """A lot that was awarded to a bidder and not taken from it: what its public record says. Amounts in fen."""

    project: str
    project_name: str
    lot: str
    lot_name: str
    tenderee: str
    price_fen: int
    awarded_at: datetime
    contract_amount_fen: int | None
    contract_on: date | None


@dataclass(frozen=True, slots=True)
class PassingLine:
    """A shortlisted bidder that was passed over (W22): ground, reason as published, whether after its letter."""

    name: str
    rank: int | None
    ground: Words
    reason: str
    after_letter: bool
    passed_at: datetime
    papers: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A coefficient that was drawn at the opening: its name and value (a share)."""

    words: Words
    value: str


@dataclass(frozen=True, slots=True)
class DrawShown:
    """A draw as everybody may check it: ``commitment`` was published before, ``secret`` and lines at the opening."""

    commitment: str
    secret: str
    closing: str
    lines: tuple[DrawLine, ...]


@dataclass(frozen=True, slots=True)
class PrequalificationLine:
    """A prequalification as announced; ``most`` 0 where all who qualify pass; ``notified_at`` once all were told."""

    method: Words
    most: int
    criteria: str
    documents_from_at: datetime
    documents_until_on: date
    deadline_at: datetime
    notified_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """An application as its reader may see it; ``passed`` and ``reasons`` once they are decided (for the applicant: told).

    ``votes`` are (number of the reviewer, passes, reason); ``mine_to_vote`` where the reader has not voted yet.
    """

    code: str
    applicant: str
    name: str
    members: tuple[tuple[str, str], ...]
    papers: tuple[PaperLine, ...]
    received_at: datetime
    leaf_hash: str
    passed: bool | None
    points: str
    reasons: str
    told: bool
    votes: tuple[tuple[int, bool, str], ...] = ()
    mine_to_vote: bool = False
    warnings: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedTerm:
    """What a published notice changed of a lot's terms: ``before`` is what was announced, an instant or a text.

    ``term`` is ``opening-place``, ``deadline`` (of bids) or ``application-deadline``; ``notice`` did it, ``at`` it appeared.
    """

    term: str
    before: datetime | str
    after: datetime | str
    notice: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LotPage:
    """A lot as the public may see it; ``stopped_at``: since when the supervisor has it suspended (招标条例 62)."""

    code: str
    name: str
    content: str
    estimate_fen: int
    ceiling_fen: int | None
    deposit_fen: int
    period_days: int
    stage: str
    stage_words: Words
    stage_since_at: datetime
    law_on: date | None
    attempt: int
    retender_of: str
    publish_at: datetime | None
    documents_from_at: datetime | None
    documents_until_on: date | None
    deadline_at: datetime | None
    opening_place: str
    consortium_allowed: bool
    validity_days: int
    valid_until_on: date | None
    progress: tuple[ProgressPart, ...]
    clocks: tuple[Clock, ...]
    notices: tuple[str, ...]
    records: tuple[OpeningRow, ...]
    winner: OpeningRow | None
    contract_number: str
    contract_amount_fen: int | None
    contract_on: date | None
    outcome: Words | None
    suspended_at: datetime | None = None
    stopped_at: datetime | None = None
    postponed_at: datetime | None = None
    objections: tuple[ObjectionMark, ...] = ()
    method: Words | None = None
    draw: DrawShown | None = None
    opening_objections: tuple[OpeningObjection, ...] = ()
    passings: tuple[PassingLine, ...] = ()
    reexamining: bool = False
    retendered_as: str = ""
    written_report: ReportLine | None = None
    phase: str = ""
    prequalification: PrequalificationLine | None = None
    changes: tuple[ChangedTerm, ...] = ()

    @property
    def result(self) -> OpeningRow | None:
        return self.winner

    @property
    def waits_for_answer(self) -> bool:
        """Whether an objection suspends it, whatever the supervisor ordered besides."""
        return self.suspended_at is not None and (
            self.stopped_at is None or any(each.answered_at is None for each in self.objections)
        )


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A project as the public may see it; ``tenderee`` and ``agency`` are names, codes beside them."""

    code: str
    name: str
    region: str
    tenderee: str
    tenderee_code: str
    agency: str
    agency_code: str
    funds: str
    approval: str
    registered_at: datetime
    lots: tuple[LotPage, ...]


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that a person may or must do: which, about what, until when and by which article.

    ``step`` names the form of the hall; ``clock`` explains the due instant where the law sets one;
    ``matter`` is the code of the objection that it is about, ``waiting`` marks what only becomes possible later, with the reason,
    ``beside`` says whose order stood beside a period that ran on, with its days (招标条例 62).
    """

    step: str
    words: Words
    lot: str
    lot_name: str
    project: str
    due_at: datetime | None
    clock: Clock | None
    notice: str = ""
    waiting: Words | None = None
    matter: str = ""
    beside: Words | None = None
