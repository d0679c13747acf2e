"""The recorded draw of a coefficient: a secret fixed before the bids, a public number that nobody chose, one formula.

When the tender notice is drafted the house throws a secret and publishes only its digest. At the deadline the closing
list fixes the leaves of all envelopes, which nobody knew before. At the opening the secret is told, and secret and
closing list together give the place of each coefficient in its published list. Whoever has the three texts can do
it again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yiwang.pure.kernel.canonical import digest
from yiwang.pure.kernel.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What was drawn at an opening.

    ``secret`` was told then, ``closing`` is the SHA-256 of the closing list, ``commitment`` what was published
    before the deadline; ``values`` are the coefficients by name, as shares.
    """

    secret: str
    commitment: str
    closing: str
    values: Mapping[str, Decimal]

    def as_json(self) -> dict[str, object]:
        return {
            "secret": self.secret,
            "commitment": self.commitment,
            "closing": self.closing,
            "values": {name: str(value) for name, value in self.values.items()},
        }

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> Draw:
        """The draw that :meth:`as_json` wrote."""
        values: Mapping[str, str] = told["values"]  # type: ignore[assignment]
        return cls(
            secret=str(told["secret"]),
            commitment=str(told["commitment"]),
            closing=str(told["closing"]),
            values={name: Decimal(value) for name, value in values.items()},
        )


def commitment_of(lot: str, secret: str) -> str:
    """The digest by which the secret of a lot is fixed before anybody bids."""
    return digest({"lot": lot, "secret": secret})


def drawn_place(lot: str, secret: str, closing: str, coefficient: str, count: int) -> int:
    """The place (from 0) of a coefficient in its list of ``count``; 256 bits, so no place is favoured measurably."""
    said = {"lot": lot, "secret": secret, "closing": closing, "coefficient": coefficient}
    return int(digest(said), 16) % count


def drawn(lot: str, secret: str, closing: str, lists: Mapping[str, Sequence[Decimal]]) -> Draw:
    """Draws every coefficient from its list; a list of one gives that one."""
    values = {
        name: options[drawn_place(lot, secret, closing, name, len(options))]
        for name, options in lists.items()
    }
    return Draw(secret=secret, commitment=commitment_of(lot, secret), closing=closing, values=values)


def draw_findings(
    lot: str, draw: Draw, published: str, closing: str, lists: Mapping[str, Sequence[Decimal]]
) -> Iterator[Finding]:
    """What is wrong with a recorded draw, from what was published before: digest, closing list, lists."""
    if commitment_of(lot, draw.secret) != published or draw.commitment != published:
        yield Finding("draw-secret", params={"published": published[:16]})
    if draw.closing != closing:
        yield Finding("draw-closing", params={"closing": closing[:16]})
    again = drawn(lot, draw.secret, closing, lists).values
    if dict(draw.values) != dict(again):
        recorded, computed = (
            "、".join(f"{name} = {value}" for name, value in sorted(each.items()))
            for each in (draw.values, again)
        )
        yield Finding("draw-value", params={"recorded": recorded, "computed": computed})
