"""Committees that sit online: registered experts review, vote, score and sign, each in their own name."""

from __future__ import annotations

import random
from collections.abc import Generator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import EXPERT, SYSTEM_ACTOR, Actor
from yiwang.site.simulation import choosing, plans

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
    from yiwang.site.simulation.script import Tender
else:
    from yiwang.site.simulation.line import trading  # the same verbs, over a line that may be troubled

SEATS = ("technical", "technical", "economic", "technical", "representative")
RESERVE = (
    "technical",
    "economic",
    "technical",
    "technical",
    "economic",
    "technical",
    "technical",
    "economic",
)
EMPLOYERS = ("陇东设计研究院", "西北工程咨询有限公司", "甘肃某大学土木工程学院")
CITIES = ("天水市", "兰州市", "宝鸡市", "平凉市", "定西市")
TITLES = {"technical": "高级工程师", "economic": "高级经济师", "representative": ""}
FIELDS = {"technical": "房屋建筑", "economic": "工程造价", "representative": "项目管理"}
DISSENT = "第一中标候选人的施工组织设计未充分考虑雨季施工，不同意其技术得分。"

_CRITERIA = (
    trading.CriterionTerms(
        id="c1", title="施工组织设计", part="technical", objective=False, full=Decimal(25), least=Decimal(10)
    ),
    trading.CriterionTerms(
        id="c2", title="项目管理机构", part="commercial", objective=True, full=Decimal(10)
    ),
    trading.CriterionTerms(id="c3", title="企业业绩", part="commercial", objective=True, full=Decimal(5)),
)


def _method(variant: str, **more: tuple[Decimal, ...]) -> trading.MethodTerms:
    return trading.MethodTerms(
        id=variant,
        price_full=Decimal(60),
        above=Decimal(2),
        below=Decimal(1),
        criteria=_CRITERIA,
        tie="施工组织设计得分高者优先；仍相同的，工期短者优先。",
        **more,  # type: ignore[arg-type]
    )


def _shares(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(each) for each in texts)


METHODS: Mapping[str, trading.MethodTerms] = {
    "": trading.MethodTerms(),
    "mean": _method("comprehensive-mean"),
    "trimmed": _method("comprehensive-trimmed-mean"),
    "floating": _method("comprehensive-floating", down=_shares("0.01", "0.015", "0.02", "0.025", "0.03")),
    "mix": _method(
        "comprehensive-ceiling-mix", k=_shares("0.95", "0.96", "0.97"), q=_shares("0.3", "0.4", "0.5")
    ),
    "second": _method("comprehensive-second-lowest"),
}


def register_judges(names: list[str], at: datetime) -> list[Actor]:
    """The pool of experts with one representative of tenderees among them, as actors; some have further fields."""
    found = []
    for number, (name, kind) in enumerate(zip(names, (*SEATS, *RESERVE), strict=False), 1):
        facts = identity.ExpertFacts(
            name=name, kind=kind, specialty=FIELDS[kind], title=TITLES[kind],
            years=0 if kind == "representative" else 9 + number, employer=EMPLOYERS[number % 3], employer_code="",
            also=("市政工程",) if kind == "technical" and number % 3 == 0 else (), city=CITIES[number % len(CITIES)],
        )  # fmt: skip
        person = identity.register_expert(SYSTEM_ACTOR, f"judge{number}", None, facts, at=at)
        found.append(Actor(person, "", EXPERT))
    return found


def seated(tender: Tender) -> list[Actor]:
    """Who sits on the committee now, by number."""
    rows = trading.find_lot(tender.code).committee.filter(replaced_at=None).order_by("number")
    return [Actor(each.person, "", EXPERT) for each in rows]


def sit(tender: Tender) -> Generator[datetime, None, list[str] | None]:
    """From the committee to the report handed in; gives the ranking, None where the plan stops before."""
    world, code, centre = tender.world, tender.code, tender.world.centre[1]
    yield from choosing.choose(tender)
    if tender.plan.stop in (plans.DRAW_PLANNED, plans.DRAWN):
        return None
    judges = seated(tender)
    yield world.now + timedelta(minutes=30)
    yield from _review(tender, judges)
    if tender.plan.stop == plans.VOTING:
        return None
    trading.end_review(centre, code, world.now)
    yield world.now + timedelta(minutes=40)
    for number, each in enumerate(judges):
        if tender.plan.stop == plans.SCORING and number >= 2:
            return None
        trading.hand_in_sheet(each, code, _sheet(tender, number), world.now)
        yield world.now + timedelta(minutes=6)
    return (yield from _conclude(tender, judges))


def _conclude(tender: Tender, judges: list[Actor]) -> Generator[datetime, None, list[str] | None]:
    """The report is drawn up, signed by all but one who dissents, and handed in."""
    world, code = tender.world, tender.code
    ranking = _draw_up(tender)
    yield world.now + timedelta(minutes=20)
    for number, each in enumerate(judges):
        if tender.plan.stop == plans.SIGNING and number >= 3:
            return None
        if number == 2:
            with world.refused("dissent-reasons"):
                trading.dissent(each, code, "", world.now)
            trading.dissent(each, code, DISSENT, world.now)
        else:
            trading.sign_report(each, code, world.now)
    trading.receive_report(world.centre[1], code, [], "", world.now)
    return ranking


def sit_again(tender: Tender) -> Generator[datetime, None, None]:
    """After an upheld objection the same committee reviews, scores and signs again; what was rejected stands now."""
    world, code = tender.world, tender.code
    judges = seated(tender)
    with world.refused("review-first"):
        trading.hand_in_sheet(judges[0], code, _sheet(tender, 0), world.now)
    trading.end_review(world.centre[1], code, world.now)
    yield world.now + timedelta(minutes=30)
    for number, each in enumerate(judges):
        trading.hand_in_sheet(each, code, _sheet(tender, number), world.now)
        yield world.now + timedelta(minutes=5)
    yield from _conclude(tender, judges)


def _review(tender: Tender, judges: list[Actor]) -> Generator[datetime, None, None]:
    """Where the plan says so, a bid is voted on: rejected by four to one, or left open for the visitor to vote."""
    world, code = tender.world, tender.code
    voting = tender.plan.stop == plans.VOTING
    rows = trading.opening_rows(trading.find_lot(code), everything=True)
    if not (tender.plan.rejects or voting):
        return
    bidder = rows[-1].bidder
    with world.refused("committee-decides"):
        trading.reject_bid(world.centre[1], code, bidder, "not-responsive", "工期不符。", world.now)
    asked = trading.ask_bidder(
        judges[1],
        code,
        bidder,
        "unclear-meaning",
        "请说明投标函与进度计划中的工期不一致处以哪一份为准。",
        world.now,
    )
    yield world.now + timedelta(minutes=20)
    answering = next(each for each in world.bidders if each.organisation == bidder)
    trading.answer_committee(answering, asked.code, "以进度计划为准。", None, world.now)
    motion = trading.propose_rejection(
        judges[0],
        code,
        bidder,
        "not-responsive",
        "进度计划的工期超出招标文件要求，未作实质性响应。",
        world.now,
    )
    for number, each in enumerate(judges[:2] if voting else judges):
        in_favour = number != 4
        if trading.sitting_page(each, code).open_motions:
            trading.cast_vote(each, motion.code, in_favour, "" if in_favour else "可以再澄清。", world.now)
    yield world.now + timedelta(minutes=10)


def _sheet(tender: Tender, number: int) -> dict[str, dict[str, str]]:
    """A member's sheet: judgements differ, objective items do not."""
    page = trading.sitting_page(seated(tender)[number], tender.code)
    sheet = {}
    for place, (bidder, _) in enumerate(page.to_score):
        seed = random.Random(f"{tender.code}:{bidder}")  # noqa: S311 - the same for every member
        points = Decimal(tender.rng.randrange(340, 480)) / 20
        sheet[bidder] = {
            "c1": f"{points:.2f}",
            "c2": str(seed.randrange(6, 11)),
            "c3": str(max(1, 5 - place % 3)),
        }
    return sheet


def _draw_up(tender: Tender) -> list[str]:
    """The report is drawn up in the order of the calculation; another order is refused."""
    world, code = tender.world, tender.code
    made = trading.calculation_now(trading.find_lot(code))
    if made is None or made.findings:
        raise ValueError(f"{code}: {made}")
    ranking = [each.bidder for each in made.order[:3]]
    if len({each.value for each in made.order}) == len(made.order):
        with world.refused("ranking-not-by-score"):
            trading.draw_up_report(world.centre[1], code, ranking[::-1], "", world.now)
    trading.draw_up_report(world.centre[1], code, ranking, "", world.now)
    return ranking
