"""What recorded facts say about bids of one lot that may not stand beside each other; the committee decides. Pure.

招标条例 34: units with the same head, or of which one controls or manages the other. 37: who takes part alone and in a
consortium, or in two. 40 (2) to (6): one person handed in two bids, the same person manages the project in two, the same
file lies in two, prices follow each other by rule, a paper of one bid names another bidder, deposits came from one
account. Nothing is guessed: what two
names have in common, and addresses, say nothing here; what a pattern of prices means the committee judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from yiwang.business.trading.rules.consortium import taken_part_twice
from yiwang.law import api as law
from yiwang.pure.kernel.bigrams import normalised
from yiwang.pure.kernel.sameness import key, same_certificate
from yiwang.pure.kernel.words import Words

SAME_HEAD, CONTROLS, MANAGES = "same-head", "controls", "manages"
TWICE, SAME_MANAGER, SAME_FILE = "twice", "same-manager", "same-file"
SAME_HAND, MIXED, EQUAL_STEPS, EQUAL_RATIOS = "same-hand", "mixed", "equal-steps", "equal-ratios"
SAME_PAYER, PAID_FOR = "same-payer", "paid-for"
SAME_SOURCE, SAME_AUTHOR = "same-source", "same-author"
FEWEST, FEWEST_ROUND = 3, 4  # bids that a pattern of prices takes; round steps come about by themselves
ROUND_FEN = 100_000  # 1,000 yuan
SIGN_WORDS = {
    SAME_HEAD: Words("单位负责人为同一人", "the same person heads both"),
    CONTROLS: Words("存在控股关系", "one controls the other"),
    MANAGES: Words("存在管理关系", "one manages the other"),
    TWICE: Words(
        "同一单位参加了不止一份投标（单独投标或者参加联合体）",
        "one organisation takes part in more than one bid",
    ),
    SAME_MANAGER: Words("载明的项目经理为同一人", "the same project manager in both"),
    SAME_FILE: Words("含有完全相同的文件", "the very same file in both"),
    SAME_HAND: Words("由同一人在平台递交", "handed in on the platform by the same person"),
    MIXED: Words(
        "一方投标文件的文件名载有另一方的名称或者代码",
        "a paper of one bid has the name or code of the other bidder in its file name",
    ),
    SAME_SOURCE: Words(
        "含有出自同一源文件的文件（文件内部编号相同）",
        "files that came from the same source, by the number inside them",
    ),
    SAME_AUTHOR: Words("含有作者属性相同的文件", "files that name the same author in their properties"),
    SAME_PAYER: Words(
        "投标保证金从同一单位、个人或者账户转出",
        "deposits that came from the same organisation, person or account",
    ),
    PAID_FOR: Words("一方的投标保证金由另一方转出", "the deposit of one was paid by the other"),
    EQUAL_STEPS: Words(
        "报价由低到高依次相差的金额完全相同", "prices follow each other by exactly the same amount"
    ),
    EQUAL_RATIOS: Words(
        "报价由低到高依次相差的比例完全相同", "prices follow each other by exactly the same ratio"
    ),
}
# By which rule, and the ground (W30) on which a member would move to reject.
SIGN_RULES = {
    SAME_HEAD: ("W31", "not-qualified"),
    CONTROLS: ("W31", "not-qualified"),
    MANAGES: ("W31", "not-qualified"),
    TWICE: ("W-consortium", "not-qualified"),
    SAME_MANAGER: ("W-collusion", "collusion-fraud-bribery"),
    SAME_FILE: ("W-collusion", "collusion-fraud-bribery"),
    SAME_HAND: ("W-collusion", "collusion-fraud-bribery"),
    MIXED: ("W-collusion", "collusion-fraud-bribery"),
    SAME_SOURCE: ("W-collusion", "collusion-fraud-bribery"),
    SAME_AUTHOR: ("W-collusion", "collusion-fraud-bribery"),
    SAME_PAYER: ("W-collusion", "collusion-fraud-bribery"),
    PAID_FOR: ("W-collusion", "collusion-fraud-bribery"),
    EQUAL_STEPS: ("W-collusion", "collusion-fraud-bribery"),
    EQUAL_RATIOS: ("W-collusion", "collusion-fraud-bribery"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TiesOfParty:
    """What was verified of an organisation: a mark of its head ("" unknown), and by whom it is controlled or managed."""

    head_mark: str = ""
    controllers: frozenset[str] = frozenset()
    managers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BidSeen:
    """An opened bid: who takes part in it, its files by digest, and who is to manage the project.

    ``price_fen`` None stands for a price that is not compared, ``hand`` for the person that handed it in ("" unknown),
    ``titles`` for the names of its files, ``names`` for what its parties are called, their codes among it; ``payer`` for
    the name of who paid its deposit and ``account`` for a mark of the account ("" not noted); ``authors`` and ``sources``
    for marks of who made its files, and from what.
    """

    bidder: str
    parties: tuple[str, ...]
    files: frozenset[str] = frozenset()
    manager: str = ""
    certificate: str = ""
    price_fen: int | None = None
    hand: str = ""
    titles: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    payer: str = ""
    account: str = ""
    authors: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    def apart(self, title: str) -> str:
        """The name of a file, folded, without the bid's own names: another one may be a part of them."""
        title = normalised(title)
        for name in sorted(map(normalised, self.names), key=lambda each: (-len(each), each)):
            title = title.replace(name, "")
        return title


@dataclass(frozen=True, slots=True)
class Sign:
    """Something about two or more bids: what (see SIGN_WORDS), which bids, and which organisations it is about."""

    what: str
    bidders: tuple[str, ...]
    about: tuple[str, ...]

    @property
    def ground(self) -> str:
        return SIGN_RULES[self.what][1]

    def source(self, on: date) -> str:
        """The article."""
        return law.rule(SIGN_RULES[self.what][0], on=on).source


def signs(
    bids: Sequence[BidSeen], ties: Mapping[str, TiesOfParty], known: frozenset[str] = frozenset()
) -> tuple[Sign, ...]:
    """Every sign among the bids of a lot, each once; ``known`` are files that the lot itself handed out, and their marks."""
    found = [
        Sign(TWICE, bidders, (party,))
        for party, bidders in taken_part_twice({each.bidder: each.parties for each in bids}).items()
    ]
    for one, other in combinations(sorted(bids, key=lambda each: each.bidder), 2):
        pair = (one.bidder, other.bidder)
        found += [Sign(what, pair, about) for what, about in _between(one, other, ties)]
        if _same_person(one, other):
            found.append(Sign(SAME_MANAGER, pair, pair))
        for what in (SAME_FILE, SAME_SOURCE, SAME_AUTHOR):
            if _in_both(what, one, other, known):
                found.append(Sign(what, pair, pair))
        if one.hand and one.hand == other.hand:
            found.append(Sign(SAME_HAND, pair, pair))
        if _names(one, other) or _names(other, one):
            found.append(Sign(MIXED, pair, pair))
        if _same_payer(one, other):
            found.append(Sign(SAME_PAYER, pair, pair))
        if _paid_for(one, other) or _paid_for(other, one):
            found.append(Sign(PAID_FOR, pair, pair))
    prices = {each.bidder: each.price_fen for each in bids if each.price_fen is not None}
    found += [Sign(what, bidders, bidders) for what, bidders in price_patterns(prices)]
    return tuple(
        sorted(set(found), key=lambda each: (list(SIGN_WORDS).index(each.what), each.bidders, each.about))
    )


def _names(bid: BidSeen, other: BidSeen) -> bool:
    """Whether a file of a bid is called by who takes part in the other one, and not in it itself (招标条例 40 (5))."""
    foreign = set(map(normalised, other.names)) - set(map(normalised, bid.names))
    return any(name in title for title in map(bid.apart, bid.titles) for name in foreign)


def _in_both(what: str, one: BidSeen, other: BidSeen, known: frozenset[str]) -> bool:
    """Whether both bids have a file of the same content, or different ones of the same source or author.

    The very same file has one source and one author: it says no more than that it is the same.
    """
    if what == SAME_FILE:
        return bool((one.files & other.files) - known)
    marks = (one.sources, other.sources) if what == SAME_SOURCE else (one.authors, other.authors)
    return bool((marks[0] & marks[1]) - known)


def _same_payer(one: BidSeen, other: BidSeen) -> bool:
    """Whether both deposits came from the same account, or from accounts of the same holder (招标条例 40 (6))."""
    if one.account and one.account == other.account:
        return True
    return bool(key(one.payer)) and key(one.payer) == key(other.payer)


def _paid_for(bid: BidSeen, other: BidSeen) -> bool:
    """Whether who takes part in the other bid, and not in this one, paid the deposit of this one."""
    foreign = set(map(key, other.names)) - set(map(key, bid.names))
    return bool(key(bid.payer)) and key(bid.payer) in foreign


def price_patterns(prices: Mapping[str, int]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Runs of prices, next to each other in order, that differ by exactly the same amount or ratio (招标条例 40 (4)).

    Three bids make a run; where the amount is a multiple of 1,000 yuan four that are more than half of all bids. Ratios are
    the same where the middle price is the mean of its neighbours to the fen. Fen; each run once, with its bidders by price.
    """
    ordered = sorted(prices, key=lambda each: (prices[each], each))
    for what, alike in ((EQUAL_STEPS, _same_step), (EQUAL_RATIOS, _same_ratio)):
        start = 0
        for place in range(2, len(ordered) + 1):
            if place < len(ordered) and alike(*(prices[each] for each in ordered[place - 2 : place + 1])):
                continue
            run = ordered[start:place]
            if len(run) >= FEWEST and (what == EQUAL_RATIOS or _is_odd(prices, run, len(ordered))):
                yield what, tuple(run)
            start = place - 1


def _same_step(low: int, middle: int, high: int) -> bool:
    return low < middle and middle - low == high - middle


def _same_ratio(low: int, middle: int, high: int) -> bool:
    """To the fen: a middle price that is off by less than one fen gives a square that is off by less than low + high.

    Prices so close that the middle one is the mean of any kind say nothing of a ratio.
    """
    return (
        0 < low < middle
        and (high - low) ** 2 > 16 * middle
        and not _same_step(low, middle, high)
        and abs(middle * middle - low * high) <= low + high
    )


def _is_odd(prices: Mapping[str, int], run: Sequence[str], bids: int) -> bool:
    """Whether a run of equal steps says anything: round steps of a few bids come about by themselves."""
    step = prices[run[1]] - prices[run[0]]
    return step % ROUND_FEN != 0 or (len(run) >= FEWEST_ROUND and 2 * len(run) > bids)


def _same_person(one: BidSeen, other: BidSeen) -> bool:
    """By name and number of the certificate, however they are written: a name alone is no person."""
    return key(one.manager) == key(other.manager) and same_certificate(one.certificate, other.certificate)


def _between(
    one: BidSeen, other: BidSeen, ties: Mapping[str, TiesOfParty]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ties between who takes part in one bid and who takes part in the other."""
    for first in one.parties:
        for second in other.parties:
            if first == second:
                continue
            a, b = ties.get(first, TiesOfParty()), ties.get(second, TiesOfParty())
            about = tuple(sorted((first, second)))
            if a.head_mark and a.head_mark == b.head_mark:
                yield SAME_HEAD, about
            if second in a.controllers or first in b.controllers:
                yield CONTROLS, about
            if second in a.managers or first in b.managers:
                yield MANAGES, about
