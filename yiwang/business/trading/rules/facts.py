"""What the rules are given: frozen facts, no models, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from yiwang.business.trading.rules.complaint_facts import ComplaintFacts
from yiwang.business.trading.rules.method_terms import LOWEST_PRICE, MethodTerms
from yiwang.business.trading.rules.panel_facts import PanelFacts
from yiwang.business.trading.rules.review_facts import ReviewFacts
from yiwang.business.trading.rules.sitting_facts import SittingFacts
from yiwang.business.trading.rules.standing import Standstill
from yiwang.pure.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """A lot as the rules see it. Amounts in fen, instants with a zone, days of Asia/Shanghai.

    ``suspended``: an objection waits for its answer; ``stopped``: the supervisor ordered a suspension (招标条例 62);
    ``standstills``: the days of such orders, where a period runs on beside them (see rules.standing). ``panel``: which
    committee it has or is to have, from 1; another where one was stood down by order.
    """

    code: str
    stage: str
    procedure: str
    law_on: date
    tenderee: str
    agency: str
    estimate_fen: int
    ceiling_fen: int | None = None
    deposit_fen: int = 0
    validity_days: int = 0
    period_days: int = 0
    state_funded: bool = True
    documents: int = 0
    publish_at: datetime | None = None
    documents_from_at: datetime | None = None
    documents_until_on: date | None = None
    deadline_at: datetime | None = None
    report_received_at: datetime | None = None
    publicity_from_at: datetime | None = None
    publicity_until_at: datetime | None = None
    suspended: bool = False
    stopped: bool = False
    standstills: tuple[Standstill, ...] = ()
    postponed: bool = False
    attempt: int = 1
    panel: int = 1
    outcome: str = ""
    method: MethodTerms = LOWEST_PRICE
    consortium_allowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFacts:
    """A member of a consortium: its credit code and name, what it takes over, and its share of the work in percent."""

    code: str
    name: str
    work: str
    percent: int

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "name": self.name.strip(),
            "work": self.work.strip(),
            "percent": self.percent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """The opening sheet as the bidder typed it: price in fen, period in days, deposit in fen.

    ``quality`` is the promised quality, ``manager`` the project manager with ``manager_certificate``: what the
    publicity of shortlisted bidders has to name. ``consortium`` are its members, the leader, which hands in, in front
    (empty: the bidder bids alone).
    """

    price_fen: int
    period_days: int
    deposit_fen: int
    quality: str
    manager: str
    manager_certificate: str
    consortium: tuple[PartnerFacts, ...] = ()

    def as_json(self) -> dict[str, object]:
        members = [each.as_json() for each in self.consortium]
        return ({"consortium": members} if members else {}) | {
            "price_fen": self.price_fen,
            "period_days": self.period_days,
            "deposit_fen": self.deposit_fen,
            "quality": self.quality.strip(),
            "manager": self.manager.strip(),
            "manager_certificate": self.manager_certificate.strip(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFacts:
    """An opened bid: ``status`` is open, valid or rejected; ``evaluated_fen`` is set when valid."""

    bidder: str
    price_fen: int
    status: str
    evaluated_fen: int | None = None
    rank: int | None = None
    passed: bool = False
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """A committee member: ``kind`` is technical, economic or representative.

    ``person`` is who logs in as this member ("" on paper), ``registered`` whether the register lists them, ``years``
    how long they have worked in their field. ``supervises``: the employer is a supervisory body. ``told_apart``: on
    paper, by what they are known to be another person than who left with the same name.
    """

    name: str
    kind: str
    employer: str = ""
    employer_code: str = ""
    person: str = ""
    registered: bool = False
    years: int = 0
    supervises: bool = False
    told_apart: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """Everything a guard may ask about a step that ``by`` wants to take at ``at``; ``stage`` is that of what runs it.

    ``ordered``: what a decision orders the actor to do and was not done yet (W28-correction).
    ``committee_due``: one orders a newly formed committee on this lot, and the old one still sits (招标条例 70).
    """

    at: datetime
    by: Actor
    lot: LotFacts
    received_at: datetime | None = None
    envelopes: int = 0
    own_envelopes: int = 0
    sheet: SheetFacts | None = None
    papers: int = 0
    agreement: bool = False
    taken: bool = False
    text: str = ""
    affects_bids: bool = False
    new_deadline_at: datetime | None = None
    amendment_due: bool = False
    interest: str = ""
    reexamining: bool = False
    retendered: bool = False
    reported: bool = False
    remedy: str = ""
    ordered: str = ""
    committee_due: bool = False
    bids: tuple[BidFacts, ...] = ()
    bidders: tuple[str, ...] = ()
    committee: tuple[MemberFacts, ...] = ()
    sitting: SittingFacts | None = None
    panel: PanelFacts | None = None
    review: ReviewFacts | None = None
    complaint: ComplaintFacts | None = None
    ranking: tuple[str, ...] = ()
    tie_break: str = ""
    subject: str = ""
    ground: str = ""
    reason: str = ""
    notice_status: str = ""
    publish_at: datetime | None = None
    publicity_until_at: datetime | None = None
    amount_fen: int = 0
    bond_fen: int = 0
    signed_on: date | None = None

    @property
    def stage(self) -> str:
        return self.lot.stage if self.complaint is None else self.complaint.stage
