"""What the lot's side sends to /api/v1 and gets from it, field by field. Amounts in fen; instants carry a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from yiwang.business.trading import api as trading
from yiwang.business.trading.rest_edge import EMPTY_OR_WRITTEN, PRINTABLE, WRITTEN, Tokens, papers_of
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso

FIRST, LAST = 2020, 2100  # years for which there are rows of the law


def _within(at: datetime) -> datetime:
    if not datetime(FIRST, 1, 2, tzinfo=UTC) <= at < datetime(LAST, 1, 1, tzinfo=UTC):
        raise ValueError(f"between {FIRST} and {LAST}")
    return at


Fen = Annotated[int, Field(ge=0, lt=2**53)]
Days = Annotated[int, Field(ge=1, le=36_500)]
Instant = Annotated[AwareDatetime, AfterValidator(_within)]
Day = Annotated[date, Field(ge=date(FIRST, 1, 2), lt=date(LAST, 1, 1))]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=WRITTEN)]
Organisation = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


Points = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]
Places = Annotated[int, Field(ge=0, le=trading.DECIMALS_AT_MOST)]
Options = Annotated[list[Points], Field(max_length=30)]
Others = Annotated[list[Reference], Field(max_length=19)]


class LotIn(Schema):
    """A lot of a new project."""

    name: Name
    content: Text
    estimate_fen: Fen
    period_days: Days


class NewProjectIn(Schema):
    """A project as registered; ``agency`` "" where none runs it."""

    name: Name
    tenderee: Organisation
    agency: Annotated[str, StringConstraints(pattern=r"^([0-9A-Z]{18})?$")] = ""
    region: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    funds: Short
    approval: Short
    state_funded: bool
    lots: Annotated[list[LotIn], Field(min_length=1, max_length=20)]

    def facts(self) -> trading.NewProject:
        """What the verb takes."""
        lots = [trading.NewLot(**each.model_dump()) for each in self.lots]
        return trading.NewProject(**self.model_dump(exclude={"lots"}), lots=lots)


class CriterionIn(Schema):
    """What the experts score, from ``least`` to ``full`` points; ``objective``: what papers alone say, the same from all."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]
    part: Literal["technical", "commercial"]
    objective: bool
    full: Points
    least: Points = Decimal(0)


class MethodIn(Schema):
    """How bids are ranked (综合评估法): F ``price_full``, E1 ``above``, E2 ``below``; shares as 0.03 for 3%.

    Of several options of a coefficient (``down``, ``k``, ``q``) one is drawn at the opening. ``tie``: what decides where
    totals and prices are equal; no lots are drawn.
    """

    id: Literal[
        "lowest-evaluated-price",
        "comprehensive-mean",
        "comprehensive-trimmed-mean",
        "comprehensive-floating",
        "comprehensive-ceiling-mix",
        "comprehensive-second-lowest",
    ]
    price_full: Points = Decimal(0)
    above: Points = Decimal(0)
    below: Points = Decimal(0)
    trim_from: Annotated[int, Field(ge=1, le=99)] = 5
    trim_each: Annotated[int, Field(ge=0, le=20)] = 1
    down: Options = []
    k: Options = []
    q: Options = []
    criteria: Annotated[list[CriterionIn], Field(max_length=30)] = []
    deviation_decimals: Places = 2
    score_decimals: Places = 2
    tie: Annotated[str, StringConstraints(max_length=500, pattern=EMPTY_OR_WRITTEN)] = ""

    def facts(self) -> trading.MethodTerms:
        """What the verb takes; criteria are c1, c2 … in the order given, as on a page."""
        if self.id == trading.LOWEST_PRICE.id:
            return trading.LOWEST_PRICE
        criteria = [
            trading.CriterionTerms(id=f"c{number}", **each.model_dump())
            for number, each in enumerate(self.criteria, 1)
        ]
        said: dict[str, Any] = self.model_dump(exclude={"criteria"})
        said |= {name: tuple(said[name]) for name in ("down", "k", "q")}
        return trading.MethodTerms(**said, criteria=tuple(criteria))


class TermsIn(Schema):
    """Timetable and terms of a tender; without ``method`` the lowest evaluated price is first."""

    publish_at: Instant
    documents_from_at: Instant
    documents_until_on: Day
    deadline_at: Instant
    opening_place: Name
    qualification: Text
    consortium_allowed: bool = False
    ceiling_fen: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    deposit_fen: Fen = 0
    validity_days: Days
    period_days: Days
    method: MethodIn | None = None
    kept: Tokens = []

    def terms(self, actor: Actor) -> trading.Terms:
        """What the verb takes. Raises Refused with every token that is not good."""
        return trading.Terms(
            **self.model_dump(exclude={"kept", "lot", "method"}),
            papers=papers_of(actor, [], self.kept),
            method=self.method.facts() if self.method else trading.LOWEST_PRICE,
        )


class ClarificationIn(Schema):
    """A clarification; ``answers`` are codes of questions; ``others`` are lots of the same tender notice that share it."""

    content: Text
    affects_bids: bool
    publish_at: Instant
    new_deadline_at: Instant | None = None
    answers: Annotated[list[Reference], Field(max_length=100)] = []
    others: Others = []
    kept: Tokens = []

    def facts(self, actor: Actor) -> trading.NewClarification:
        """What the verb takes. Raises Refused with every token that is not good."""
        return trading.NewClarification(
            **self.model_dump(exclude={"kept", "others"}), papers=papers_of(actor, [], self.kept)
        )


class CorrectionIn(Schema):
    """A correction of the published notice ``original``; ``others`` are lots of the same notice that share it."""

    original: Reference
    content: Text
    affects_bids: bool = False
    opening_place: Annotated[
        str, Field(max_length=200, description="The place of opening that counts instead; empty: unchanged.")
    ] = ""
    others: Others = []


class PostponementIn(Schema):
    """A later deadline, and why; ``others`` are lots of the same tender notice that share it."""

    reason: Text
    new_deadline_at: Instant
    publish_at: Instant
    others: Others = []


class PublicityIn(Schema):
    """From when to the end of which day, and where objections go."""

    publish_at: Instant
    until_on: Day
    contact: Text


class FromRecordIn(Schema):
    """Which notice is drafted from the record."""

    form: Literal["result-notice", "failed-tender", "contract-notice"]


class ConfirmationIn(Schema):
    """When the notice is to appear."""

    publish_at: Instant


class AwardIn(Schema):
    """To whom."""

    bidder: Organisation


class ContractIn(Schema):
    """The written contract."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]
    amount_fen: Fen
    bond_fen: Fen = 0
    signed_on: Day


class RemarksIn(Schema):
    """What else the supervisor should know; "" for nothing."""

    remarks: Annotated[str, StringConstraints(max_length=2000, pattern=EMPTY_OR_WRITTEN)] = ""


class ReasonIn(Schema):
    """Why; public."""

    reason: Text


class Registered(Schema):
    project: str
    lots: list[str]


class NoticeInWork(Schema):
    code: str
    form: str
    lot: str
    lots: list[str]
    status: str
    publish_at: datetime | None


def notice_json(notice: notices.Notice, lot: str) -> dict[str, Any]:
    """A notice in work as one of its lots sees it; ``lots`` are all that share it."""
    publish_at = notice.publish_at
    return {
        "code": notice.code,
        "form": notice.form,
        "lot": lot,
        "lots": [each.code for each in notice.matters],
        "status": notice.status,
        "publish_at": iso(publish_at) if publish_at else None,
    }


class NoticesInWork(Schema):
    notices: list[NoticeInWork]


class Stepped(Schema):
    lot: str
    stage: str
    at: datetime
    warnings: list[dict[str, Any]]


class Retendered(Schema):
    lot: str
    attempt: int
    of: str
