"""What the rules about choosing experts are given. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """So many experts (``count``) of a kind, technical or economic, and of a specialty by its name in the pool."""

    kind: str
    specialty: str
    count: int

    def as_json(self) -> list[object]:
        return [self.kind, self.specialty, self.count]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnElsewhere:
    """The experts were drawn in another pool that the law provides: its name, and the number of its record."""

    pool: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelFacts:
    """How the experts of a lot are chosen so far, and what is about to be done.

    ``planned``: a draw waits to be held; ``held``: one was held; ``direct``: a special tender names them. ``accepted``
    are the persons who said yes and may sit, ``seated`` how many of the committee are filled already, ``missing`` how
    many seats nobody has accepted; ``goes_on``: somebody can still be called for them, or was and has not answered.
    ``fitting`` says for each thing ``wanted`` how many fit. ``stood_down`` are the names of those about to sit who were
    stood down by order, ``returning`` of those about to follow a member who were replaced themselves.
    """

    planned: bool = False
    held: bool = False
    direct: bool = False
    accepted: frozenset[str] = frozenset()
    seated: int = 0
    missing: int = 0
    goes_on: bool = False
    wanted: tuple[Wanted, ...] = ()
    fitting: tuple[int, ...] = ()
    representatives: int = 0
    strange_representatives: bool = False
    elsewhere: DrawnElsewhere | None = None
    stood_down: tuple[str, ...] = ()
    returning: tuple[str, ...] = ()
