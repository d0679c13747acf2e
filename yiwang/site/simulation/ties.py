"""Who heads and controls the bidders of the city: declared and verified, two of them with the same head, one not decided yet."""

from __future__ import annotations

from datetime import timedelta

from yiwang.common.identity import api as identity
from yiwang.site.simulation.script import World

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HEADS = ("王建国", "王建国", "李海涛", "赵国栋", "孙立新")


def identity_number(serial: int) -> str:
    """An invented identity number with its check digit; the region 620599 is nobody's."""
    body = f"62059919700101{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def settle_ties(world: World) -> None:
    """The first two bidders have one head, the fourth controls the third, and the fifth waits to be verified."""
    fourth = world.bidders[3].organisation
    for number, (who, head) in enumerate(zip(world.bidders, HEADS, strict=False)):
        facts = identity.TiesFacts(
            head=head,
            number=identity_number(max(1, number)),
            controllers=((fourth, world.names[fourth]),) if number == 2 else (),
        )
        identity.declare_ties(who, facts, at=world.now)
        if number < len(HEADS) - 1:
            at = world.now + timedelta(minutes=30)
            identity.verify_ties(world.centre[0], who.organisation, at=at)
