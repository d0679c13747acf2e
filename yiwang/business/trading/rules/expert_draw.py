"""The draw of evaluation experts (招标投标法 37, 招标条例 46): who is in it, in which order they come, who follows whom.

The tenderee fixes how many experts of which specialty; the house then throws a secret, of which it publishes the digest,
and gives everybody in the pool of those specialties a ticket. At the draw the secret is told: with the digest of the
opening record it gives each ticket its key, and the keys their order. A key depends on nothing but its own ticket, so
whoever is excluded or declines moves nobody else. Whoever has the texts can do it again. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yiwang.business.trading.rules.complaining import NEW_COMMITTEE
from yiwang.business.trading.rules.evaluation import EXPERT_KINDS
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.panel_facts import DrawnElsewhere, PanelFacts, Wanted
from yiwang.law import api as law
from yiwang.pure.kernel.canonical import digest
from yiwang.pure.kernel.findings import WARNING, Finding
from yiwang.pure.kernel.words import Words

WANTED_AT_MOST = 8
EXPERTS_AT_MOST = 30
TEXT_AT_MOST = 500
CALLED, ACCEPTED, DECLINED, UNREACHED, REPLACED = "called", "accepted", "declined", "unreached", "replaced"
ANSWER_WORDS = {
    "": Words("未通知", "not called"),
    CALLED: Words("已通知，等待答复", "called, no answer yet"),
    ACCEPTED: Words("接受", "accepted"),
    DECLINED: Words("不能参加", "declined"),
    UNREACHED: Words("联系不上", "could not be reached"),
    REPLACED: Words("评标中更换", "replaced during the evaluation"),
}
# Why somebody who was drawn does not come; who has an interest says so by law, the others are asked no more.
DECLINED_FOR = {
    "interest": Words("与投标人有利害关系，回避", "an interest in a bidder: stays away"),
    "time": Words("时间冲突", "not free at that time"),
    "health": Words("身体原因", "health"),
    "other": Words("其他原因", "another reason"),
}
EXCLUDED_FOR = {
    "off-list": Words("已移出专家库", "no longer in the pool"),
    "unqualified": Words("年限或者职称不符合条件", "lacks the years or the standing"),
    "works-for-bidder": Words("在投标人处工作", "works for a bidder"),
    "works-for-tenderee": Words("在招标人处工作", "works for the tenderee"),
    "works-for-agency": Words("在招标代理机构处工作", "works for the agency"),
    "supervises": Words("行政监督部门的工作人员", "on the staff of a supervisory body"),
    "avoids": Words("已申报对有关单位回避", "declared an interest in an organisation that takes part"),
    "away": Words("本人暂不参加评标", "away at the time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody in the pool as the draw asks about them; ``titled``: a senior title or its equal."""

    listed: bool = True
    years: int = 0
    titled: bool = True
    employer_code: str = ""
    supervises: bool = False
    avoids: frozenset[str] = frozenset()
    away_until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What stands for a person in a draw, and in all that is published of it; ``excluded`` is why they were not drawn."""

    code: str
    kind: str
    specialties: tuple[str, ...]
    excluded: str = ""

    def fits(self, wanted: Wanted) -> bool:
        """Whether it is of that kind and specialty."""
        return self.kind == wanted.kind and wanted.specialty in self.specialties


def excluded_for(who: Candidate, facts: StepFacts, today: date) -> str:
    """Why somebody is not drawn for a lot; "" where nothing is against it (招标投标法 37, 招标条例 46)."""
    lot = facts.lot
    parties = {*facts.bidders, lot.tenderee, *([lot.agency] if lot.agency else [])}
    if not who.listed:
        return "off-list"
    if who.years < law.limit("W17-years", on=lot.law_on).at_least or not who.titled:
        return "unqualified"
    if who.supervises:
        return "supervises"
    if who.employer_code and who.employer_code in facts.bidders:
        return "works-for-bidder"
    if who.employer_code and who.employer_code == lot.tenderee:
        return "works-for-tenderee"
    if who.employer_code and who.employer_code == lot.agency:
        return "works-for-agency"
    if who.avoids & parties:
        return "avoids"
    return "away" if who.away_until_on is not None and who.away_until_on >= today else ""


def commitment_of(lot: str, number: int, secret: str) -> str:
    """The digest by which the secret of a draw of experts is fixed before the opening."""
    return digest({"draw": number, "lot": lot, "secret": secret})


def key_of(lot: str, number: int, secret: str, opening: str, ticket: str) -> str:
    """The key of a ticket: 256 bits in lower-case hexadecimal, of its own text alone."""
    return digest({"draw": number, "lot": lot, "opening": opening, "secret": secret, "ticket": ticket})


def orders_of(
    lot: str, number: int, secret: str, opening: str, wanted: Sequence[Wanted], tickets: Sequence[Ticket]
) -> tuple[tuple[str, ...], ...]:
    """For each thing wanted the tickets that fit and are not excluded, in the order of their keys."""
    drawn = {
        each.code: key_of(lot, number, secret, opening, each.code) for each in tickets if not each.excluded
    }
    return tuple(
        tuple(
            sorted(
                (each.code for each in tickets if each.code in drawn and each.fits(want)),
                key=drawn.__getitem__,
            )
        )
        for want in wanted
    )


def next_in(order: Sequence[str], called: Collection[str]) -> str | None:
    """Who comes next in an order: the first that was not called yet, for whatever place."""
    return next((each for each in order if each not in called), None)


def first_calls(orders: Sequence[Sequence[str]], wanted: Sequence[Wanted]) -> list[tuple[int, str]]:
    """Whom the draw itself calls: (place of what is wanted, ticket), one thing wanted after the other."""
    called: dict[str, int] = {}
    for place, (order, want) in enumerate(zip(orders, wanted, strict=True)):
        for _ in range(want.count):
            ticket = next_in(order, called)
            if ticket is not None:
                called[ticket] = place
    return [(place, ticket) for ticket, place in called.items()]


def stood_down_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 70: who was determined unlawfully, and stood down by order, does not sit again."""
    panel = facts.panel
    if panel is not None and panel.stood_down:
        source = law.rule("W28-correction", on=facts.lot.law_on).choice(NEW_COMMITTEE).source
        yield Finding("member-stood-down", source, {"names": "、".join(panel.stood_down)}, field="members")


def call_findings(
    orders: Sequence[Sequence[str]], wanted: Sequence[Wanted], calls: Sequence[tuple[int, str]]
) -> Iterator[Finding]:
    """What is wrong with recorded calls: each was the turn of that ticket, as often as it was called at all."""
    if list(calls[: len(first_calls(orders, wanted))]) != first_calls(orders, wanted):
        yield Finding("expert-draw-calls", params={"ticket": calls[0][1] if calls else "—"})
        return
    called: set[str] = set()
    for place, ticket in calls:
        if not 0 <= place < len(orders) or next_in(orders[place], called) != ticket:
            yield Finding("expert-draw-calls", params={"ticket": ticket})
            return
        called.add(ticket)


def again_findings(
    lot: str,
    number: int,
    *,
    told: Mapping[str, str],
    wanted: Sequence[Wanted],
    tickets: Sequence[Ticket],
    orders: Sequence[Sequence[str]],
) -> Iterator[Finding]:
    """What is wrong with a recorded draw: ``told`` has its secret, the commitment before it, and both opening digests."""
    if commitment_of(lot, number, told["secret"]) != told["commitment"]:
        yield Finding("draw-secret", params={"published": told["commitment"][:16]})
    if told["opening"] != told["opened"]:
        yield Finding("expert-draw-opening", params={"opening": told["opened"][:16]})
    again = orders_of(lot, number, told["secret"], told["opened"], wanted, tickets)
    if tuple(tuple(each) for each in orders) != again:
        yield Finding("expert-draw-order")


def _panel(facts: StepFacts) -> PanelFacts:
    if facts.panel is None:
        raise ValueError("nobody looked at how the experts are chosen")
    return facts.panel


def plan_findings(facts: StepFacts) -> Iterator[Finding]:
    """W16, W17: what the tenderee wants drawn makes a lawful committee, and the pool has that many."""
    panel, on = _panel(facts), facts.lot.law_on
    yield from _wanted_findings(panel)
    experts = panel.seated + sum(each.count for each in panel.wanted)
    size, limit, share = (
        experts + panel.representatives,
        law.limit("W16", on=on),
        law.limit("W16-experts", on=on),
    )
    if size < limit.at_least or size % 2 == 0:
        yield Finding("W16", limit.source, {"size": size, "at_least": limit.at_least}, "wanted")
    if size and experts < size * share.share:
        yield Finding("W16-experts", share.source, {"experts": experts, "size": size}, "wanted")
    rule = law.rule("W-draw", on=on)
    for want, fitting in zip(panel.wanted, panel.fitting, strict=True):
        if fitting < want.count:
            params = {"specialty": want.specialty, "count": want.count, "fitting": fitting}
            yield Finding("expert-draw-pool", rule.source, params, "wanted")
    if panel.direct:
        yield Finding("experts-named", law.rule("W-special", on=on).source)
    if panel.held and panel.goes_on:
        yield Finding("expert-draw-goes-on", rule.source)
    if facts.lot.stage in ("opened", "evaluating"):
        yield Finding("expert-draw-late", rule.source, {}, "", WARNING)


def _wanted_findings(panel: PanelFacts) -> Iterator[Finding]:
    if not panel.wanted or len(panel.wanted) > WANTED_AT_MOST:
        yield Finding("expert-draw-wanted", params={"at_most": WANTED_AT_MOST}, field="wanted")
    for each in panel.wanted:
        if each.kind not in EXPERT_KINDS or not each.specialty or not 1 <= each.count <= EXPERTS_AT_MOST:
            yield Finding("expert-draw-line", params={"at_most": EXPERTS_AT_MOST}, field="wanted")
    if len({(each.kind, each.specialty) for each in panel.wanted}) < len(panel.wanted):
        yield Finding("expert-draw-twice", field="wanted")
    if panel.strange_representatives:
        yield Finding("representative-unknown", field="representatives")


def holding_findings(facts: StepFacts) -> Iterator[Finding]:
    """A draw is held once, after the opening, when it is known who bids; enough are left after the exclusions."""
    panel, rule = _panel(facts), law.rule("W-draw", on=facts.lot.law_on)
    if not panel.planned:
        yield Finding("expert-draw-not-planned", rule.source)
    for want, fitting in zip(panel.wanted, panel.fitting, strict=True):
        if fitting < want.count:
            params = {"specialty": want.specialty, "count": want.count, "fitting": fitting}
            yield Finding("expert-draw-left", rule.source, params)


def answer_findings(status: str, accepts: bool, why: str, note: str) -> Iterator[Finding]:
    """One answer to a call; who declines says why, an interest by law (招标条例 46)."""
    if status != CALLED:
        yield Finding("call-answered")
    if not accepts and why not in DECLINED_FOR:
        yield Finding("call-why", field="why")
    if not accepts and why == "other" and not note.strip():
        yield Finding("call-note", field="note")
    if len(note) > TEXT_AT_MOST:
        yield Finding("call-note-long", params={"at_most": TEXT_AT_MOST}, field="note")


def special_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 47: experts are named directly only for a special tender, for a cause of the law and with the reason."""
    panel, rule = _panel(facts), law.rule("W-special", on=facts.lot.law_on)
    if facts.ground not in {each.id for each in rule.choices}:
        yield Finding("W-special", rule.source, field="cause")
    if not 10 <= len(facts.reason.strip()) <= TEXT_AT_MOST:
        yield Finding("special-reason", rule.source, {"at_least": 10, "at_most": TEXT_AT_MOST}, "reason")
    if panel.planned or panel.held:
        yield Finding("expert-draw-begun", law.rule("W-draw", on=facts.lot.law_on).source)
    if panel.direct:
        yield Finding("experts-named", rule.source)


def drawn_findings(facts: StepFacts) -> Iterator[Finding]:
    """W17: the experts of a committee were drawn here, or in another pool of the law, or the tender is a special one."""
    experts = [each for each in facts.committee if each.kind in EXPERT_KINDS]
    if not experts or _panel(facts).direct:
        return
    panel, rule = _panel(facts), law.rule("W-draw", on=facts.lot.law_on)
    if panel.planned and not panel.held:
        yield Finding("expert-draw-first", rule.source, field="members")
    elif panel.held:
        for each in experts:
            if not each.person or each.person not in panel.accepted:
                yield Finding("expert-not-drawn", rule.source, {"name": each.name}, "members")
        if panel.missing:
            yield Finding("expert-draw-missing", rule.source, {"count": panel.missing}, "members")
    else:
        yield from _elsewhere_findings(panel.elsewhere, rule.source)


def _elsewhere_findings(elsewhere: DrawnElsewhere | None, source: str) -> Iterator[Finding]:
    if elsewhere is None or not elsewhere.pool.strip() or not elsewhere.record.strip():
        yield Finding("W-draw", source, field="pool")
    elif len(elsewhere.pool) > 100 or len(elsewhere.record) > 60:
        yield Finding("drawn-elsewhere-long", field="pool")
