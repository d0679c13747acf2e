"""What several lots of a project can do in one act or one notice now, with the page of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.words import Words

_NOTICES = {
    "tender-notice": (
        Words("一并编制招标公告（%s个标段）", "One tender notice for %s lots"),
        "hall:tender-notice-together",
    ),
    "candidates-publicity": (
        Words("一并编制中标候选人公示（%s个标段）", "One publicity for %s lots"),
        "hall:publicity-together",
    ),
    "result-notice": (
        Words("一并编制中标结果公告（%s个标段）", "One result notice for %s lots"),
        "hall:result-notice-together",
    ),
    "failed-tender": (
        Words("一并编制招标失败（终止）公告（%s个标段）", "One notice of the end of the tender for %s lots"),
        "hall:failure-notice-together",
    ),
    "contract-notice": (
        Words("一并编制合同订立公告（%s个标段）", "One contract notice for %s lots"),
        "hall:contract-notice-together",
    ),
}
_BIDS = Words("一并递交投标文件（%s个标段）", "Bid for %s lots in one go")


@dataclass(frozen=True, slots=True)
class Shared:
    """What can be done for several lots at once, and where."""

    words: Words
    url: str


def _shared(words: Words, count: int, name: str, project: str) -> Shared:
    return Shared(Words(words.zh % count, words.en % count), reverse(name, args=[project]))


def shared_notices(actor: Actor, project: str) -> list[Shared]:
    """The notices that at least two lots of a project can share now."""
    if not permissions.DRAFT_NOTICE.allows(actor) or _lots(actor, project) < 2:
        return []
    ready = trading.lots_ready(actor, project)
    return [
        _shared(words, len(ready[form]), name, project)
        for form, (words, name) in _NOTICES.items()
        if len(ready[form]) > 1
    ]


def _lots(actor: Actor, project: str) -> int:
    return trading.lots_for(actor).filter(project__code=project).order_by().count()


def shared_notice(actor: Actor, lot: Any, form: str) -> Shared | None:
    """The page of a notice that the lot can share with others; None where none of them is ready for it."""
    words, name = _NOTICES.get(form, (None, ""))
    if words is None or _lots(actor, lot.project.code) < 2:
        return None
    ready = [each.code for each in trading.lots_ready(actor, lot.project.code)[form]]
    if len(ready) < 2 or lot.code not in ready:
        return None
    return _shared(words, len(ready), name, lot.project.code)


def sharing_lots(actor: Actor, lot: Any, of_lot: Iterable[notices.Notice]) -> list[Any]:
    """The other lots of notices that this lot shares."""
    codes = {matter.code for each in of_lot for matter in each.matters} - {lot.code}
    return list(trading.lots_for(actor).filter(code__in=codes).order_by("code")) if codes else []


def announced_with(actor: Actor, lot: Any) -> list[Any]:
    """The other lots of its tender notice that are still open for bids."""
    tender = [each for each in notices.notices(about=lot.ref) if each.code == lot.tender_notice]
    return [each for each in sharing_lots(actor, lot, tender) if each.stage == "bidding"]


def to_bid_for(actor: Actor, lots: list[Any], at: datetime) -> tuple[list[Any], list[Any], list[Any]]:
    """The lots in which a bid can be handed in now, those in which one stands, and those whose documents were not taken."""
    may_bid, done, untaken = [], [], []
    for lot in lots:
        if trading.own_envelope(lot, actor.organisation) is not None:
            done.append(lot)
        elif lot.stage != "bidding" or lot.deadline_at is None or lot.deadline_at <= at:
            continue
        elif trading.has_taken(lot, actor.organisation):
            may_bid.append(lot)
        else:
            untaken.append(lot)
    return may_bid, done, untaken


def open_yet(lots: list[Any], at: datetime) -> list[Any]:
    """Those in which a bid that stands can still be replaced or withdrawn."""
    return [each for each in lots if each.stage == "bidding" and each.deadline_at and at < each.deadline_at]


def shared_bids(actor: Actor, project: str, at: datetime) -> Shared | None:
    """The page of bids for several lots of a project; None where there are not at least two to bid for."""
    if not permissions.BID.allows(actor):
        return None
    lots = list(trading.lots_for(actor).filter(project__code=project, stage="bidding"))
    count = len(to_bid_for(actor, lots, at)[0]) if len(lots) > 1 else 0
    return _shared(_BIDS, count, "hall:bids", project) if count > 1 else None
