"""A consortium in the simulated city: refused without its agreement, then handed in with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from yiwang.pure.kernel.actors import Actor
from yiwang.site.simulation.papers import stored_pdf

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
    from yiwang.site.simulation.script import Tender
else:
    from yiwang.site.simulation.line import trading  # the same verbs, over a line that may be troubled


def submit(
    tender: Tender,
    leader: Actor,
    code: str,
    sheet: trading.SheetFacts,
    papers: Sequence[tuple[str, str]],
    kinds: Mapping[str, str],
    takers: Sequence[Actor],
) -> None:
    """Hands in the bid of a consortium; its partner is one that takes no part in the lot otherwise, or prequalified with it."""
    world = tender.world
    others = trading.prequalified_members(trading.find_lot(code), leader.organisation)
    if others:
        with world.refused("consortium-member-left"):
            trading.submit_bid(leader, code, sheet, papers, world.now, paper_kinds=kinds)
    partner = next(each for each in world.bidders if each not in takers).organisation
    organisation, name = others[0] if others else (partner, world.names[partner])
    members = (
        _partner(leader.organisation, world.names[leader.organisation], "主体结构及总包管理", 70),
        _partner(organisation, name, "给排水、电气及室外附属工程", 30),
    )
    joint = replace(sheet, consortium=members)
    with world.refused("W-consortium-agreement"):
        trading.submit_bid(leader, code, joint, papers, world.now, paper_kinds=kinds)
    if not others and (
        member := next((each for each in world.bidders if each.organisation == organisation), None)
    ):
        trading.consent(member, code, leader.organisation, world.now)
    agreement = stored_pdf("共同投标协议")
    trading.submit_bid(
        leader, code, joint, [*papers, agreement], world.now,
        paper_kinds={**kinds, agreement[0]: trading.AGREEMENT},
    )  # fmt: skip


def _partner(code: str, name: str, work: str, percent: int) -> trading.PartnerFacts:
    return trading.PartnerFacts(code=code, name=name, work=work, percent=percent)
