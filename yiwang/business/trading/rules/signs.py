"""What recorded facts say about bids of one lot that may not stand beside each other; the committee decides. Pure.

招标条例 34: units with the same head, or of which one controls or manages the other. 37: who takes part alone and in a
consortium, or in two. 40 (3) and (4): the same person manages the project in two bids, the same file lies in two bids.
Nothing is guessed: names alone, prices and addresses say nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from yiwang.business.trading.rules.consortium import taken_part_twice
from yiwang.law import api as law
from yiwang.pure.kernel.words import Words

SAME_HEAD, CONTROLS, MANAGES = "same-head", "controls", "manages"
TWICE, SAME_MANAGER, SAME_FILE = "twice", "same-manager", "same-file"
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
}
# By which rule, and the ground (W30) on which a member would move to reject.
SIGN_RULES = {
    SAME_HEAD: ("W31", "not-qualified"),
    CONTROLS: ("W31", "not-qualified"),
    MANAGES: ("W31", "not-qualified"),
    TWICE: ("W-consortium", "not-qualified"),
    SAME_MANAGER: ("W-collusion", "collusion-fraud-bribery"),
    SAME_FILE: ("W-collusion", "collusion-fraud-bribery"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TiesOfParty:
    """What was verified of an organisation: a mark of its head ("" unknown), and by whom it is controlled or managed."""

    head_mark: str = ""
    controllers: frozenset[str] = frozenset()
    managers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BidSeen:
    """An opened bid: who takes part in it, its files by digest, and who is to manage the project."""

    bidder: str
    parties: tuple[str, ...]
    files: frozenset[str] = frozenset()
    manager: str = ""
    certificate: str = ""


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
    bids: Sequence[BidSeen], ties: Mapping[str, TiesOfParty], known_files: frozenset[str] = frozenset()
) -> tuple[Sign, ...]:
    """Every sign among the bids of a lot, each once; ``known_files`` are those that the lot itself handed out."""
    found = [
        Sign(TWICE, bidders, (party,))
        for party, bidders in taken_part_twice({each.bidder: each.parties for each in bids}).items()
    ]
    for one, other in combinations(sorted(bids, key=lambda each: each.bidder), 2):
        pair = (one.bidder, other.bidder)
        found += [Sign(what, pair, about) for what, about in _between(one, other, ties)]
        if one.certificate and _same_person(one, other):
            found.append(Sign(SAME_MANAGER, pair, pair))
        if (one.files & other.files) - known_files:
            found.append(Sign(SAME_FILE, pair, pair))
    return tuple(
        sorted(set(found), key=lambda each: (list(SIGN_WORDS).index(each.what), each.bidders, each.about))
    )


def _same_person(one: BidSeen, other: BidSeen) -> bool:
    """By name and certificate, spaces apart: a name alone is no person."""

    def key(bid: BidSeen) -> tuple[str, str]:
        return "".join(bid.manager.split()), "".join(bid.certificate.split()).upper()

    return key(one) == key(other)


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
