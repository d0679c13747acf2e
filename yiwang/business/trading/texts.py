"""What the notices and letters of a lot say, filled from the record so that nobody types it twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django.conf import settings

from yiwang.business.trading.method_texts import method_values
from yiwang.business.trading.models import Award, Bid, Contract, Lot, Prequalification
from yiwang.business.trading.parties import bid_names
from yiwang.business.trading.parties import party as party_of
from yiwang.business.trading.rules.methods import shown_points, terms_from_json
from yiwang.common.notices.api import Notice
from yiwang.law import api as law
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import end_of, iso, local_day
from yiwang.pure.kernel.money import shown_yuan

TOO_FEW = "截止时投标人不足三个，依法不得开标。"
TOO_FEW_APPLICANTS = "申请截止时资格预审申请人不足三个，依法重新招标。"
TOO_FEW_QUALIFIED = "通过资格预审的申请人少于三个，依法重新招标。"
ALL_REJECTED = "评标委员会依法否决全部投标。"
UNLAWFUL = "招标文件的内容违反法律、行政法规的强制性规定或者公开、公平、公正和诚实信用原则，影响投标，修改后重新招标。"
ORDERED = "行政监督部门对投诉作出处理决定，责令依法重新招标。"
UPHELD = "对评标结果的异议成立，依法重新招标。"


def _head(lot: Lot) -> dict[str, Any]:
    return {"project_name": lot.project.name, "lot_name": lot.name, "lot_code": lot.code}


def _party(prefix: str, code: str) -> dict[str, Any]:
    party = party_of(code) if code else None
    if party is None:
        return {}
    return {
        f"{prefix}_name": party.name,
        f"{prefix}_address": party.address,
        f"{prefix}_contact": party.contact_name,
        f"{prefix}_phone": party.contact_phone,
    }


def tender_values(lot: Lot) -> dict[str, Any]:
    """The fields of the tender notice (form ``tender-notice``) from a lot whose terms are set."""
    if lot.documents_from_at is None or lot.documents_until_on is None or lot.deadline_at is None:
        raise ValueError(f"{lot.code} has no timetable")
    values = _head(lot) | _party("tenderee", lot.project.tenderee) | _party("agency", lot.project.agency)
    values |= {
        "content": lot.content,
        "scope": lot.content,
        "scale": f"估算价 {shown_yuan(lot.estimate_fen)} 元",
        "funds_source": lot.project.funds,
        "place": REGIONS[lot.project.region][0],
        "duration_days": lot.period_days,
        "qualification": lot.qualification,
        "consortium": "accepted" if lot.consortium_allowed else "not-accepted",
        "documents_from_at": iso(lot.documents_from_at),
        "documents_until_at": iso(end_of(lot.documents_until_on)),
        "documents_way": "登录本平台服务大厅免费下载",
        "bid_deadline_at": iso(lot.deadline_at),
        "bid_way": "在本平台服务大厅在线递交",
        "opening_place": lot.opening_place,
        "deposit_fen": lot.deposit_fen,
        "platform_url": settings.ORIGIN,
        "platform_way": "注册并经核验后，在服务大厅办理。",
    }
    on = local_day(lot.publish_at or lot.documents_from_at)
    values |= method_values(terms_from_json(lot.method), lot.draw_commitment, on)
    if lot.ceiling_fen is not None:
        values["ceiling_price_fen"] = lot.ceiling_fen
    return values


def prequalification_values(lot: Lot, row: Prequalification) -> dict[str, Any]:
    """The fields of the prequalification notice (form ``prequalification-notice``) from a lot whose terms are set."""
    values = _head(lot) | _party("tenderee", lot.project.tenderee) | _party("agency", lot.project.agency)
    values |= {
        "content": lot.content,
        "scope": lot.content,
        "scale": f"估算价 {shown_yuan(lot.estimate_fen)} 元",
        "funds_source": lot.project.funds,
        "place": REGIONS[lot.project.region][0],
        "duration_days": lot.period_days,
        "qualification": lot.qualification,
        "consortium": "accepted" if lot.consortium_allowed else "not-accepted",
        "review_method": row.method,
        "criteria": row.criteria,
        "documents_from_at": iso(row.documents_from_at),
        "documents_until_at": iso(end_of(row.documents_until_on)),
        "documents_way": "登录本平台服务大厅免费下载",
        "application_deadline_at": iso(row.deadline_at),
        "application_way": "在本平台服务大厅在线递交",
        "platform_url": settings.ORIGIN,
        "platform_way": "注册并经核验后，在服务大厅办理。",
    }
    return values | ({"most_qualified": row.most} if row.most else {})


class Clarified(Protocol):
    """What a clarification says, as typed."""

    @property
    def content(self) -> str: ...
    @property
    def affects_bids(self) -> bool: ...
    @property
    def new_deadline_at(self) -> datetime | None: ...


def clarification_values(
    lot: Lot, original: str, new: Clarified, papers: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """The fields of a clarification or amendment of the ``original`` notice; ``papers`` are (sha256, name)."""
    if lot.deadline_at is None:
        raise ValueError(f"{lot.code} has no deadline")
    return _head(lot) | {
        "original_code": original,
        "content": new.content.strip(),
        "affects_bids": "yes" if new.affects_bids else "no",
        "deadline_before_at": iso(lot.deadline_at),
        "bid_deadline_at": iso(new.new_deadline_at or lot.deadline_at),
        "documents": [{"name": name, "sha256": sha256} for sha256, name in papers],
    }


def correction_values(
    lot: Lot, original: Notice, matter: str, content: str, at: datetime, opening_place: str = ""
) -> dict[str, Any]:
    """The fields of a correction (form ``correction``) of the published notice ``original``; with the new place, if any."""
    if original.published_at is None:
        raise ValueError(f"{original.code} is not published")
    place = {"opening_place": opening_place} if opening_place else {}
    return (
        _head(lot)
        | place
        | {
            "original_code": original.code,
            "original_published_on": local_day(original.published_at).isoformat(),
            "matter": matter,
            "content": content.strip(),
            "corrected_on": local_day(at).isoformat(),
        }
    )


def postponement_values(lot: Lot, original: str, reason: str, new_deadline_at: datetime) -> dict[str, Any]:
    """The fields of a postponement of what the ``original`` notice announced."""
    if lot.deadline_at is None:
        raise ValueError(f"{lot.code} has no deadline")
    return _head(lot) | {
        "original_code": original,
        "reason": reason.strip(),
        "deadline_before_at": iso(lot.deadline_at),
        "bid_deadline_at": iso(new_deadline_at),
    }


def candidate_values(lot: Lot, publish_at: datetime, until_on: date, contact: str) -> dict[str, Any]:
    """The fields of the publicity of the shortlisted bidders (form ``candidates-publicity``)."""
    ranked = lot.bids.filter(rank__isnull=False).order_by("rank")
    return _head(lot) | {
        "candidates": [_candidate(each) for each in ranked],
        "publicity_starts_on": local_day(publish_at).isoformat(),
        "publicity_ends_on": until_on.isoformat(),
        "objection_channel": contact.strip(),
    }


def bid_name(bid: Bid) -> str:
    """What a bid is called: the name of who bids, or of all members of a consortium, which bind themselves together."""
    return bid_names([bid])[bid.bidder]


def _candidate(bid: Bid) -> dict[str, Any]:
    return {
        "rank": bid.rank,
        "name": bid_name(bid),
        "bid_price_fen": bid.price_fen,
        "quality": bid.quality,
        "duration_days": bid.period_days,
        "evaluation": _evaluation(bid),
        "manager_name": bid.manager,
        "manager_certificate": bid.manager_certificate,
        "qualification": "满足招标文件载明的资格条件",
    }


def _evaluation(bid: Bid) -> str:
    price = f"经评审的投标价 {shown_yuan(bid.evaluated_fen or 0)} 元"
    return price if bid.points is None else f"总分 {shown_points(bid.points, bid.lot.method)} 分；{price}"


def result_values(lot: Lot) -> dict[str, Any]:
    """The fields of the result notice (form ``result-notice``)."""
    decided = Award.objects.select_related("bid").get(lot=lot, withdrawn_at=None)
    return _head(lot) | {
        "winner_name": bid_name(decided.bid),
        "award_price_fen": decided.bid.price_fen,
        "decided_on": local_day(decided.sent_at).isoformat(),
        "other": passed_over(lot),
    }


def passed_over(lot: Lot) -> str:
    """Why those ranked before the winner were not awarded (招标条例 55, 56); "" where nobody was passed over."""
    rule = law.rule("W22", on=lot.law_on or local_day(lot.stage_since_at))
    known = {each.id: each.words.zh for each in rule.choices}
    lines = []
    for each in lot.passings.select_related("bid"):
        ground = known.get(each.ground, "经原评标委员会审查，不符合中标条件")
        name = bid_name(each.bid)
        lines.append(f"第{each.bid.rank}中标候选人{name}不符合中标条件：{ground}。{each.reason}")
    return "\n".join(lines)


def failure_values(lot: Lot) -> dict[str, Any]:
    """The fields of the notice of a failed or terminated tender (form ``failed-tender``)."""
    reasons = {
        "too-few-bidders": TOO_FEW,
        "too-few-applicants": TOO_FEW_APPLICANTS,
        "too-few-qualified": TOO_FEW_QUALIFIED,
        "all-rejected": ALL_REJECTED,
        "objection-upheld": UPHELD,
        "by-order": ORDERED,
        "unlawful-documents": f"{UNLAWFUL}{lot.ending}",
        "not-tendered": f"重新招标再次失败，不再招标。{lot.ending}",
        "no-winner": f"{passed_over(lot)}\n{lot.ending}".strip(),
    }
    return _head(lot) | {
        "outcome": lot.outcome or "terminated",
        "reason": reasons.get(lot.outcome, lot.ending or "招标人决定终止招标。"),
        "refund": refund_words(lot),
        "next_step": "本标段不再招标。"
        if lot.outcome == "not-tendered"
        else "招标人依法重新招标或者另行公告。",
    }


def contract_values(lot: Lot) -> dict[str, Any]:
    """The fields of the contract notice (form ``contract-notice``)."""
    contract = Contract.objects.get(lot=lot)
    decided = Award.objects.select_related("bid").get(lot=lot, withdrawn_at=None)
    tenderee = party_of(lot.project.tenderee)
    return _head(lot) | {
        "contract_code": contract.number,
        "tenderee_name": tenderee.name if tenderee else lot.project.tenderee,
        "contractor_name": bid_name(decided.bid),
        "contract_price_fen": contract.amount_fen,
        "duration_days": decided.bid.period_days,
        "manager_name": decided.bid.manager,
        "signed_on": contract.signed_on.isoformat(),
    }


def written_report(lot: Lot, decided: Award, at: datetime) -> dict[str, Any]:
    """The written report on the tender (招标投标法 47) as canonical facts, from the record."""
    bids = list(lot.bids.order_by("place"))
    known = bid_names(bids)
    contract = Contract.objects.filter(lot=lot).first()

    return {
        "v": 1,
        "report": "招标投标情况书面报告",
        "project": lot.project.name,
        "project_code": lot.project.code,
        "lot": lot.code,
        "lot_name": lot.name,
        "scope": lot.content,
        "estimate_fen": lot.estimate_fen,
        "way": "公开招标（资格预审）" if lot.prequalifies else "公开招标（资格后审）",
        "notice": lot.tender_notice,
        "announced_on": lot.law_on.isoformat() if lot.law_on else "",
        "deadline": iso(lot.deadline_at) if lot.deadline_at else "",
        "attempt": lot.attempt,
        "clarifications": lot.clarifications.exclude(published_at=None).count(),
        "objections": lot.objections.count(),
        "bidders": [
            {
                "name": known[each.bidder],
                "price_fen": each.price_fen,
                "status": each.status,
                "rank": each.rank or 0,
            }
            for each in bids
        ],
        "committee": lot.committee.filter(replaced_at=None).count(),
        "report_received_at": iso(lot.report_received_at) if lot.report_received_at else "",
        "publicity": lot.publicity_notice,
        "passed_over": passed_over(lot),
        "winner": known[decided.bid.bidder],
        "award_price_fen": decided.bid.price_fen,
        "letter": decided.letter_number,
        "decided_at": iso(decided.sent_at),
        "contract": contract.number if contract else "",
        "drawn_up_at": iso(at),
    }


def refund_words(lot: Lot) -> str:
    """What becomes of fees and deposits when a tender ends without a contract (招标条例 31)."""
    free = "招标文件免费获取，没有需要退还的费用。"
    if not lot.deposit_fen:
        return f"本标段未收取投标保证金；{free}"
    interest = "及银行同期存款利息" if lot.outcome == "terminated" else ""
    return f"已收取的投标保证金{interest}由招标人及时退还；{free}"


def award_letter(lot: Lot, bid: Bid, at: datetime) -> dict[str, Any]:
    """The award letter (中标通知书) as canonical facts."""
    tenderee = party_of(lot.project.tenderee)
    return {
        "v": 1,
        "letter": "中标通知书",
        "project": lot.project.name,
        "lot": lot.code,
        "lot_name": lot.name,
        "tenderee": tenderee.name if tenderee else lot.project.tenderee,
        "winner": bid_name(bid),
        "winner_code": bid.bidder,
        "price_fen": bid.price_fen,
        "period_days": bid.period_days,
        "sent_at": iso(at),
    }
