"""Names of parties as pages and notices show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yiwang.common.identity.api import Party, organisations


def party(code: str) -> Party | None:
    """The organisation with this code; None for "" and for codes that nobody has."""
    return organisations([code]).get(code) if code else None


def names(codes: Iterable[str]) -> dict[str, str]:
    """Names by code, in one query; a code that nobody has stands for itself."""
    wanted = set(codes) - {""}
    found = organisations(wanted)
    return {code: found[code].name if code in found else code for code in wanted}


def bid_names(bids: Iterable[Any]) -> dict[str, str]:
    """What the bids of a lot are called, by bidder: the name of who bids, or of all members of a consortium."""
    listed = list(bids)
    known = names(code for each in listed for code in each.parties)
    return {each.bidder: consortium_name(known[each.bidder], each.consortium) for each in listed}


def consortium_name(leader: str, members: Sequence[Mapping[str, Any]]) -> str:
    """The name under which a bid is read out: 牵头人 first, then the other members."""
    if not members:
        return leader
    others = "、".join(str(each["name"]) for each in members[1:])
    return f"{leader}（联合体牵头人）、{others}"
