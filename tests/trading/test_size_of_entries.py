"""An entry of the journal has at most 4 KB: what people may hand in and say must fit, in the rarest characters too."""

import pytest

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules.asking import MAX_PAPERS
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

from .test_passing import PRICES, reasons
from .world import Market, market

RARE = "𠮷"  # four bytes of UTF-8, where most Chinese characters have three


@pytest.fixture
def town(db: None) -> Market:
    return market()


def papers(number: int) -> list[tuple[str, str]]:
    return [stored_pdf(f"证明{each}") for each in range(number)]


def entries(town: Market, kind: str) -> list[int]:
    """How many documents each entry of a kind has."""
    sequence()
    said = timeline(trading.find_lot(town.lot).ref, public_only=False)
    return [len(each.documents) for each in said if each.kind == kind]


def test_as_many_papers_as_may_be_prove_a_passing_and_one_more_is_refused_with_a_reason(town: Market) -> None:
    first, *_ = town.to_award(PRICES)

    def passed(number: int) -> None:
        reason = RARE * 500
        trading.pass_over(town.agency, town.lot, first, "gave-up", reason, papers(number), town.now)

    for number in (MAX_PAPERS + 1, 50):
        assert reasons(lambda number=number: passed(number)) == {"too-many-papers"}
    passed(MAX_PAPERS)
    assert entries(town, "candidate-passed") == [MAX_PAPERS]
    trading.declare_no_winner(town.agency, town.lot, RARE * 2000, town.now)
    assert entries(town, "lot-failed") == [0]


def test_a_reexamination_is_asked_for_and_concluded_with_few_papers(town: Market) -> None:
    first, *_ = town.to_award(PRICES)

    def ordered(number: int) -> None:
        trading.order_reexamination(town.agency, town.lot, first, RARE * 500, papers(number), town.now)

    def concluded(number: int) -> None:
        trading.conclude_reexamination(
            town.staff.opener, town.lot, False, RARE * 500, papers(number), town.now
        )

    assert reasons(lambda: ordered(50)) == {"too-many-papers"}
    ordered(MAX_PAPERS)
    assert reasons(lambda: concluded(50)) == {"too-many-papers"}
    concluded(MAX_PAPERS)
    assert entries(town, "reexamination-concluded") == [MAX_PAPERS]
