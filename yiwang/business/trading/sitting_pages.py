"""What members and the centre see of a sitting committee: nobody more than their part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yiwang.business.trading.models import CommitteeMember, Inquiry, Lot, Motion
from yiwang.business.trading.parties import bid_names
from yiwang.business.trading.queries import find_lot
from yiwang.business.trading.reports import calculation_now, law_day
from yiwang.business.trading.rules.calculation import Calculation
from yiwang.business.trading.rules.complaining import ORDER
from yiwang.business.trading.rules.method_terms import CriterionTerms
from yiwang.business.trading.rules.methods import terms_from_json
from yiwang.business.trading.rules.sitting import REPLACED_FOR, extension_due
from yiwang.business.trading.services.panel import counting
from yiwang.business.trading.services.reexamining import open_reexamination
from yiwang.business.trading.services.scoring import to_score, uneven_items
from yiwang.business.trading.services.sitting import motions_of, seated
from yiwang.business.trading.sheets import ScoreTables, SheetShown, score_tables
from yiwang.law import api as law
from yiwang.pure.kernel.actors import BIDDER, CENTRE, EXPERT, SUPERVISOR, Actor
from yiwang.pure.kernel.words import Words

CORRECTION_WORDS = {
    "words-over-figures": Words("大写与小写不一致，以大写为准", "words go before figures"),
    "unit-price": Words("总价与单价不一致，以单价为准", "the unit price goes before the total"),
    "decimal-point": Words(
        "单价小数点明显错误，以总价为准", "a plainly misplaced decimal point: the total counts"
    ),
    "sum": Words("汇总错误", "wrong sum"),
}
MATTER_WORDS = {
    "reject-all": Words("否决全部投标", "all bids are rejected"),
    "stands": Words("审查确认：符合中标条件", "re-examined: the candidate stands"),
    "falls": Words("审查结论：不符合中标条件", "re-examined: the candidate falls"),
}
UNCLEAR_WORDS = {
    "unclear-meaning": Words("含义不明确", "unclear meaning"),
    "obvious-slip": Words("明显文字错误", "plain slip of the pen"),
    "arithmetic": Words(
        "计算错误（是否接受修正后的价格）", "arithmetic (whether the corrected price is accepted)"
    ),
}
REPLACED_WORDS = {
    "conflict": Words("有回避事由", "conflict of interest"),
    "absent": Words("擅离职守", "left the evaluation"),
    "health": Words("因健康等原因不能继续", "health or the like"),
    "order": Words("按投诉处理决定退出", "stood down by a decision on a complaint"),
}
# For which a member is replaced; an order is none of them.
CAUSE_WORDS = {each: REPLACED_WORDS[each] for each in REPLACED_FOR}
KIND_WORDS = {
    "technical": Words("技术专家", "technical expert"),
    "economic": Words("经济专家", "economic expert"),
    "representative": Words("招标人代表", "tenderee's representative"),
}
HOW_WORDS = {
    "signed": Words("已签字", "signed"),
    "dissent": Words("书面说明不同意见", "dissents in writing"),
    "deemed": Words("拒绝签字又不说明，视为同意", "neither signed nor explained: taken to agree"),
    "paper": Words("纸质签字", "signed on paper"),
    "": Words("尚未签字", "not yet"),
}


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A member that sits now, with what they have done; ``name`` and ``told_apart`` are filled for the centre and the supervisor."""

    number: int
    name: str
    kind: Words
    handed_in: bool
    asked_time: bool
    how: Words
    signed: bool
    told_apart: str


@dataclass(frozen=True, slots=True)
class MotionLine:
    """A motion as the members see it; ``mine`` is how the reader voted (None: not yet)."""

    code: str
    bidder: str
    name: str
    matter: str
    what: Words
    evaluated_fen: int | None
    reason: str
    proposer: int
    in_favour: tuple[int, ...]
    against: tuple[tuple[int, str], ...]
    carried: bool | None
    mine: bool | None

    @property
    def rejects(self) -> bool:
        return self.matter == Motion.REJECT

    @property
    def open(self) -> bool:
        return self.carried is None


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """What a bidder was asked and answered. ``ended``: asked by a committee that was stood down."""

    code: str
    lot: str
    bidder: str
    name: str
    unclear: str
    about: Words
    text: str
    asked_at: datetime
    answer: str
    accepted: bool | None
    answered_at: datetime | None
    ended: bool


@dataclass(frozen=True, slots=True)
class UnevenLine:
    """An objective item on which the members differ, with what each gave."""

    name: str
    title: str
    given: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingPage:
    """The evaluation as its reader may see it, in its present ``round``; ``ordered``: the supervisor ordered that one.

    ``mine`` is the reader's own seat (0: none), ``sheet`` their own sheet; ``sheets`` and ``calculation`` are there
    when all have handed in, not before, for nobody. ``reexamining`` names the candidate that the committee is asked
    about ("": none).
    """

    online: bool
    scores: bool
    review_ended: bool
    until_at: datetime | None
    extension_due: bool
    seats: tuple[SeatLine, ...]
    mine: int
    handed_in: bool
    judged: bool
    asked_time: bool
    signed: bool
    criteria: tuple[CriterionTerms, ...]
    to_score: tuple[tuple[str, str], ...]
    sheet: Mapping[str, Mapping[str, str]]
    sheets: tuple[SheetShown, ...]
    uneven: tuple[UnevenLine, ...]
    motions: tuple[MotionLine, ...]
    inquiries: tuple[InquiryLine, ...]
    calculation: Calculation | None
    version: int
    ranking: tuple[str, ...]
    round: int
    ordered: bool
    reexamining: str

    @property
    def score_tables(self) -> ScoreTables:
        """One table a bidder of what every member gave."""
        return score_tables(self.to_score, self.criteria, self.sheets)

    @property
    def all_in(self) -> bool:
        return bool(self.seats) and all(each.handed_in for each in self.seats)

    @property
    def open_motions(self) -> tuple[MotionLine, ...]:
        return tuple(each for each in self.motions if each.open)

    @property
    def all_signed(self) -> bool:
        return bool(self.version) and all(each.signed for each in self.seats)


def _seat(each: CommitteeMember, hows: Mapping[int, str], names_told: bool) -> SeatLine:
    return SeatLine(
        number=each.number,
        name=each.name if names_told else "",
        kind=KIND_WORDS[each.kind],
        handed_in=each.handed_in_at is not None,
        asked_time=each.asked_time_at is not None and names_told,
        how=HOW_WORDS[hows.get(each.pk, "")],
        signed=each.pk in hows,
        told_apart=each.told_apart if names_told else "",
    )


def _motion(lot: Lot, each: Motion, name: str, mine: CommitteeMember | None) -> MotionLine:
    votes = [vote for vote in each.votes.all() if not vote.void]
    own = next((vote.in_favour for vote in votes if mine is not None and vote.member_id == mine.pk), None)
    if each.matter == Motion.REJECT:
        what = law.rule("W30", on=law_day(lot)).choice(each.ground).words
    elif each.matter == Motion.CORRECT:
        what = CORRECTION_WORDS[each.basis]
    else:
        what = MATTER_WORDS[each.matter if each.matter == Motion.REJECT_ALL else each.basis]
    return MotionLine(
        code=each.code,
        bidder=each.bidder,
        name=name,
        matter=each.matter,
        what=what,
        evaluated_fen=each.evaluated_fen,
        reason=each.reason,
        proposer=each.proposer.number,
        in_favour=tuple(vote.member.number for vote in votes if vote.in_favour),
        against=tuple((vote.member.number, vote.reason) for vote in votes if not vote.in_favour),
        carried=each.carried,
        mine=own,
    )


def _inquiry(each: Inquiry, name: str, ended: bool) -> InquiryLine:
    return InquiryLine(
        code=each.code,
        lot=each.bid.lot.code,
        bidder=each.bid.bidder,
        name=name,
        unclear=each.unclear,
        about=UNCLEAR_WORDS[each.unclear],
        text=each.text,
        asked_at=each.asked_at,
        answer=each.answer,
        accepted=each.accepted,
        answered_at=each.answered_at,
        ended=ended,
    )


def _inquiries(rows: QuerySet[Inquiry], known: Mapping[str, str]) -> tuple[InquiryLine, ...]:
    """Inquiries as pages show them, oldest first; the bidder's name is that of ``known``."""
    counted = set(counting(rows).values_list("pk", flat=True))
    return tuple(
        _inquiry(each, known.get(each.bid.bidder, ""), each.pk not in counted)
        for each in rows.select_related("bid__lot")
    )


def inquiries_to(actor: Actor, lot: Lot | None = None) -> tuple[InquiryLine, ...]:
    """What the committee asked the actor's organisation (in ``lot``), oldest first."""
    if actor.role != BIDDER:
        return ()
    rows = Inquiry.objects.filter(bid__bidder=actor.organisation)
    if lot is not None:
        rows = rows.filter(bid__lot=lot)
    return _inquiries(rows, {})


def _uneven(lot: Lot, seats: list[CommitteeMember], known: Mapping[str, str]) -> tuple[UnevenLine, ...]:
    if not all(each.judged for each in seats) or all(each.handed_in_at for each in seats):
        return ()
    titles = {each.id: each.title for each in terms_from_json(lot.method).criteria}
    return tuple(
        UnevenLine(
            known[bidder],
            titles[criterion],
            tuple((each.number, each.sheet.get(bidder, {}).get(criterion, "")) for each in seats),
        )
        for bidder, criterion in uneven_items(lot, seats)
    )


def _asked_about(lot: Lot, told: bool, sits: bool) -> QuerySet[Inquiry]:
    """What centre and supervisor (``told``) read of what was asked; members read what their own committee asked."""
    rows = Inquiry.objects.filter(bid__lot=lot)
    if told:
        return rows
    return counting(rows) if sits else rows.none()


def sitting_page(actor: Actor, code: str) -> SittingPage:
    """The evaluation of a lot as ``actor`` may see it: a member, the centre, the supervisor."""
    lot = find_lot(code)
    terms, seats = terms_from_json(lot.method), seated(lot)
    mine = next((each for each in seats if actor.role == EXPERT and each.person == actor.person), None)
    told = actor.role in (CENTRE, SUPERVISOR)
    report = getattr(lot, "report", None)
    hows = dict(report.signatures.values_list("member_id", "how")) if report else {}
    all_in = bool(seats) and all(each.handed_in_at for each in seats)
    bids = list(lot.bids.all())
    known = bid_names(bids)
    asked = open_reexamination(lot)
    motions = motions_of(lot)
    shown: dict[str, Any] = {
        "sheets": tuple(SheetShown(each.number, each.sheet) for each in seats) if all_in else (),
        "calculation": calculation_now(lot) if all_in else None,
    }
    if mine is None and not told:
        shown = {"sheets": (), "calculation": None}
        motions = motions.none()
    return SittingPage(
        online=any(each.person for each in seats),
        scores=terms.scores,
        review_ended=lot.review_ended_at is not None,
        until_at=lot.evaluation_until_at,
        extension_due=extension_due(
            len(seats), sum(each.asked_time_at is not None for each in seats), law_day(lot)
        ),
        seats=tuple(_seat(each, hows, told) for each in seats),
        mine=mine.number if mine else 0,
        handed_in=bool(mine and mine.handed_in_at),
        judged=bool(mine and mine.judged),
        asked_time=bool(mine and mine.asked_time_at),
        signed=bool(mine and mine.pk in hows),
        criteria=terms.criteria,
        to_score=tuple((each, known[each]) for each in to_score(lot)),
        sheet=mine.sheet if mine else {},
        uneven=_uneven(lot, seats, known) if mine else (),
        motions=tuple(
            _motion(lot, each, known.get(each.bidder, ""), mine)
            for each in motions.prefetch_related("votes__member")
        ),
        inquiries=_inquiries(_asked_about(lot, told, mine is not None), known),
        version=report.version if report else 0,
        ranking=tuple(report.ranking) if report else (),
        round=lot.round,
        ordered=lot.round > 1 and not lot.rounds.filter(number=lot.round - 1).exclude(why=ORDER).exists(),
        reexamining=known[asked.bid.bidder] if asked else "",
        **shown,
    )
