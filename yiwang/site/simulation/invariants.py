"""What must be true in the city after every act. A broken invariant stops the simulation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.canonical import loads
from yiwang.pure.kernel.days import from_iso, local_day
from yiwang.pure.kernel.refs import Ref
from yiwang.record.files import api as files
from yiwang.record.journal.api import (
    EntryView,
    entry,
    leaf_hash,
    openings,
    opens,
    public_feed,
    recorded,
    revealed,
    timeline,
)

MOST = 10_000  # public entries that are looked at together
OPENING = {each.opens_with for each in trading.KINDS.values() if each.opens_with}
PREQUALIFYING = ("pq-announcing", "applying", "reviewing", "prequalified")
BEFORE_OPENING = ("registered", *PREQUALIFYING, "announcing", "bidding", "closed")
ANNULLED = "result-annulled"
OUTAGE = "bid-outage"  # recorded at the instant of receipt, which is past by then


class Broken(AssertionError):
    """An invariant does not hold; the message names it and the lot."""


class Watch:
    """Checks lots after acts: of what came since the last time everything, of what is known what it can have changed.

    :meth:`whole` asks for everything there is, which costs too much to be done after every act.
    """

    def __init__(self) -> None:
        self.public = 0
        self._last: tuple[int, tuple[str, ...]] = (0, ())
        self._known: dict[str, _Known] = {}

    def check(self, lots: Iterable[str]) -> None:
        """Raises Broken with everything that is wrong. Where nothing was recorded since, nothing is asked again."""
        now = (recorded(), tuple(lots))
        if now == self._last:
            return
        self._last, lots = now, now[1]
        objections = [each for code in lots for each in self._news_objections(code)]
        feed = public_feed(self.public, MOST)
        objections += entry_objections(feed, self.public)
        if objections:
            raise Broken("; ".join(objections))
        self.public = max((each.number or 0 for each in feed), default=self.public)

    def whole(self, lots: Iterable[str]) -> None:
        """Everything about these lots and the public feed, from the beginning. Raises Broken."""
        objections = [each for code in lots for each in lot_objections(code)]
        objections += feed_objections(0)
        if objections:
            raise Broken("; ".join(objections))

    def _news_objections(self, code: str) -> Iterator[str]:
        known = self._known.setdefault(code, _Known(Ref("trading", "lot", code)))
        news, shown = known.look()
        if not news:
            return
        lot, story = trading.find_lot(code), known.story
        facts = [each for each in news if each.about == lot.ref]
        kinds = {each.kind for each in news}
        yield from stage_objections(lot, story)
        yield from opening_objections(lot)
        yield from instant_objections(lot, story)
        if any("step" in facts_of(each) for each in facts):
            yield from closing_objections(lot, story)
        if any(kind.startswith("notice-") for kind in kinds):
            yield from notice_objections(lot, known.matter)
        if shown:
            yield from secret_objections(lot, shown)
        yield from chain_objections(lot.ref, facts, known.head)
        if facts:
            known.head = (facts[-1].leaf_hash, facts[-1].n + 1)


@dataclass
class _Known:
    """What a watch has seen of a lot: its entries, and what the next one about it has to follow."""

    ref: Ref
    matter: list[EntryView] = field(default_factory=list)
    head: tuple[str | None, int] = (None, 1)

    @property
    def story(self) -> list[EntryView]:
        return [each for each in self.matter if each.about == self.ref]

    def look(self) -> tuple[list[EntryView], list[EntryView]]:
        """What came since the last time, and what is public only since then."""
        seen = self.matter[-1].id if self.matter else 0
        hidden = {each.id for each in self.matter if not each.public}
        news = timeline(self.ref, public_only=False, after=seen)
        if OPENING & {each.kind for each in news}:
            self.matter = timeline(self.ref, public_only=False)
        else:
            self.matter += news
        shown = [each for each in self.matter if each.public and (each.id > seen or each.id in hidden)]
        return news, shown


def lot_objections(code: str) -> Iterator[str]:
    """What is wrong with one lot: stage, opening, ranks, winner, instants, closing list, notices, secrets, chain."""
    lot = trading.find_lot(code)
    matter = timeline(lot.ref, public_only=False)
    story = [each for each in matter if each.about == lot.ref]
    yield from stage_objections(lot, story)
    yield from opening_objections(lot)
    yield from instant_objections(lot, story)
    yield from closing_objections(lot, story)
    yield from notice_objections(lot, matter)
    yield from secret_objections(lot, matter)
    yield from chain_objections(lot.ref, story)


def facts_of(each: EntryView) -> Mapping[str, Any]:
    """The facts of an entry, public or not."""
    return each.facts or _hidden_facts(each.id, each.leaf_hash)


@lru_cache(maxsize=4096)
def _hidden_facts(entry_id: int, leaf: str) -> Mapping[str, Any]:
    """What an entry keeps back. Its leaf tells it from an entry of another database, and it never changes."""
    return {name: value for name, (value, _) in revealed(entry_id).items()}


@lru_cache(maxsize=4096)
def _hidden_prev(entry_id: int, leaf: str) -> str | None:
    return next((each.value for each in openings(entry_id) if each.name == "prev"), None)


def stage_objections(lot: Any, story: Iterable[EntryView]) -> Iterator[str]:
    """The stage is one of the procedure and what the steps on record lead to, one after the other."""
    procedure = law.procedure(lot.procedure, on=lot.law_on or local_day(lot.stage_since_at))
    if lot.stage not in {each.id for each in procedure.stages}:
        yield f"{lot.code}: no such stage {lot.stage}"
    stage = "registered"
    for each in story:
        facts = facts_of(each)
        if "step" not in facts:
            continue
        if facts["from"] != stage:
            yield f"{lot.code}: {facts['step']} from {facts['from']}, but the lot was {stage}"
        stage = str(facts["to"])
    if stage != lot.stage:
        yield f"{lot.code}: is {lot.stage}, but its entries lead to {stage}"


def opening_objections(lot: Any) -> Iterator[str]:
    """Nothing is opened before its time or with too few bidders; ranks and the winner are in order."""
    records = list(lot.bids.select_related("passing"))
    at_least = law.limit("W11", on=lot.law_on or local_day(lot.stage_since_at)).at_least
    if lot.stage in BEFORE_OPENING and records:
        yield f"{lot.code}: opened before the opening"
    if records and len(records) < at_least:
        yield f"{lot.code}: opened with {len(records)} bidders"
    ranks = sorted(each.rank for each in records if each.rank)
    if ranks != list(range(1, len(ranks) + 1)) or len(ranks) > 3:
        yield f"{lot.code}: ranks {ranks}"
    left = [each.rank for each in records if each.rank and not hasattr(each, "passing")]
    for award in lot.awards.filter(withdrawn_at=None).select_related("bid"):
        if award.bid.rank != min(left, default=None):
            yield f"{lot.code}: the winner is ranked {award.bid.rank}, left are {left}"


def instant_objections(lot: Any, story: Iterable[EntryView]) -> Iterator[str]:
    """Nothing is on record before its instant: deadline, end of publicity, receipt; and time never runs back."""
    before: datetime | None = None
    story = list(story)
    # what was annulled is publicised anew, and its own end stands no more
    annulled = max((each.n for each in story if each.kind == ANNULLED), default=0)
    for each in story:
        if each.kind == OUTAGE:
            continue
        if before is not None and each.at < before:
            yield f"{lot.code}: {each.kind} at {each.at}, after {before}"
        before = each.at
        if each.kind == "deadline-reached" and each.at < from_iso(str(facts_of(each)["deadline"])):
            yield f"{lot.code}: closed before its deadline"
        if each.kind == "publicity-ended" and each.n > annulled and each.at < lot.publicity_until_at:
            yield f"{lot.code}: publicity ended early"
        if each.kind == "applications-closed" and each.at < from_iso(str(facts_of(each)["deadline"])):
            yield f"{lot.code}: applications were closed before their deadline"
    for envelope in lot.envelopes.select_related("withdrawal"):
        if envelope.received_at >= lot.deadline_at:
            yield f"{lot.code}: {envelope.code} came after the deadline"
        if hasattr(envelope, "withdrawal") and envelope.withdrawal.withdrawn_at >= lot.deadline_at:
            yield f"{lot.code}: {envelope.code} was withdrawn after the deadline"


def closing_objections(lot: Any, story: Iterable[EntryView]) -> Iterator[str]:
    """The closing list names every envelope of a closed lot, and which of them stood."""
    reached = [each for each in story if each.kind == "deadline-reached"]
    open_yet = lot.stage in ("registered", *PREQUALIFYING, "announcing", "bidding", "terminated")
    over = not open_yet and not lot.phase  # one that failed in its prequalification was never open for bids
    if len(reached) > 1 or (over and not reached):
        yield f"{lot.code}: is {lot.stage}, the deadline was reached {len(reached)} times"
    if not reached:
        return
    with files.open_document(reached[0].documents[0]) as stored:
        listed = loads(stored.read())["envelopes"]
    every = list(lot.envelopes.select_related("withdrawal").order_by("id"))
    last = {each.bidder: each for each in sorted(every, key=lambda each: each.number)}
    due = [
        {
            "leaf": each.leaf_hash,
            "standing": last[each.bidder] is each and not hasattr(each, "withdrawal"),
        }
        for each in every
    ]
    if listed != due:
        yield f"{lot.code}: the closing list has {len(listed)} envelopes, {len(due)} were due"


def notice_objections(lot: Any, matter: Iterable[EntryView]) -> Iterator[str]:
    """A published notice is what was confirmed, says so in the journal, and did not appear early."""
    shared = timeline(lot.project.ref)  # a notice of several lots is on the record of their project
    said = {
        str(each.facts["notice"]): each.facts
        for each in (*matter, *shared)
        if each.kind == "notice-published"
    }
    for each in notices.notices(about=lot.ref):
        if each.status != notices.PUBLISHED:
            if each.code in said:
                yield f"{each.code}: on record as published, but {each.status}"
            continue
        if notices.body_sha256(each.body) != each.sha256:
            yield f"{each.code}: the body is not the one that was confirmed"
        if each.published_at is None or each.publish_at is None or each.published_at < each.publish_at:
            yield f"{each.code}: published before its instant"
        if said.get(each.code, {}).get("sha256") != each.sha256:
            yield f"{each.code}: the journal says otherwise"


def secret_objections(lot: Any, matter: Iterable[EntryView]) -> Iterator[str]:
    """No public entry names who takes documents, asks, objects or bids before the opening names the bidders, nor a complaint."""
    known = {lot.project.tenderee, lot.project.agency, *lot.bids.values_list("bidder", flat=True)}
    secret = {
        *lot.takings.values_list("organisation", flat=True),
        *lot.questions.values_list("asker", flat=True),
        *lot.objections.values_list("objector", flat=True),
        *lot.complaints.values_list("complainant", flat=True),
        *lot.complaints.values_list("code", flat=True),
        *lot.envelopes.values_list("bidder", flat=True),
        *lot.applications.values_list("applicant", flat=True),
    } - known
    for each in matter:
        if not each.public:
            continue
        text = f"{each.leaf.decode()}{json.dumps(dict(each.facts))}"
        for organisation in secret:
            if organisation in text:
                yield f"{lot.code}: {each.kind} names {organisation}"


def chain_objections(
    about: Ref, story: Iterable[EntryView], head: tuple[str | None, int] = (None, 1)
) -> Iterator[str]:
    """``n`` without gaps and ``prev`` of every entry about one thing; ``head`` is what the first of them follows."""
    previous, expected = head
    for each in story:
        if each.n != expected:
            yield f"{about}: entry {each.n} where {expected} was due"
        leaf = loads(each.leaf)
        prev = leaf["prev"] if "prev" in leaf else _hidden_prev(each.id, each.leaf_hash)
        if prev != previous:
            yield f"{about}: entry {each.n} does not follow the one before"
        if leaf_hash(each.leaf) != each.leaf_hash:
            yield f"{about}: entry {each.n} is not what was recorded"
        previous, expected = each.leaf_hash, expected + 1


def feed_objections(after: int) -> Iterator[str]:
    """The public feed has no gaps, and nothing in it that is secret or still waits for what opens it."""
    while feed := public_feed(after, MOST):
        yield from entry_objections(feed, after)
        after += len(feed)


def entry_objections(feed: Iterable[EntryView], after: int) -> Iterator[str]:
    """The same of the public entries that follow the number ``after``."""
    expected = after + 1
    openers: dict[Ref, list[EntryView]] = {}
    for each in feed:
        if each.number != expected:
            yield f"public number {each.number} where {expected} was due"
        declared = trading.KINDS.get(each.kind)
        if declared is not None and declared.public == "never":
            yield f"{each.kind} is in the public feed"
        if declared is not None and declared.opens_with:
            if each.within not in openers:
                openers[each.within] = timeline(each.within)
            opened = (other for other in openers[each.within] if other.kind == declared.opens_with)
            if not any((other.number or 0) < (each.number or 0) for other in opened):
                yield f"{each.kind} is public before {declared.opens_with}"
        expected += 1


def commitment_objections(entry_ids: Iterable[int]) -> Iterator[str]:
    """Every commitment of an entry opens with the salt that is kept for it."""
    for entry_id in entry_ids:
        leaf = entry(entry_id).leaf
        for opening in openings(entry_id):
            if not opens(leaf, opening):
                yield f"entry {entry_id}: {opening} does not open"
