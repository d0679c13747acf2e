"""Lots that share a notice are locked in one order, also where the notice comes while somebody looks for them."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from yiwang.business.trading import api as trading
from yiwang.business.trading.services import noticed
from yiwang.business.trading.services.noticed import locked_with_neighbours
from yiwang.business.trading.services.steps import locked_lot
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import act

from .test_notices_together import draft, registered, stages
from .world import Market, market

WHY = "资金调整，不再建设。"


@pytest.fixture
def town(db) -> Market:
    return market()


@pytest.fixture
def lots(town) -> list[str]:
    return registered(town)


@pytest.fixture
def locking(monkeypatch) -> list[str]:
    """The codes of the lots in the order in which they are locked."""
    codes: list[str] = []

    def note(code: str):
        codes.append(code)
        return locked_lot(code)

    monkeypatch.setattr(noticed, "locked_lot", note)
    return codes


def elsewhere(what) -> threading.Thread:
    """Somebody acts in a connection of their own."""

    def acting() -> None:
        try:
            what()
        finally:
            connection.close()

    thread = threading.Thread(target=acting)
    thread.start()
    return thread


def meanwhile(monkeypatch, what) -> None:
    """Somebody else acts after the first look for neighbours, before the first lock."""
    look, looks = noticed._neighbours, []

    def looked(code: str) -> set[str]:
        found = look(code)
        looks.append(code)
        if len(looks) == 1:
            what()
        return found

    monkeypatch.setattr(noticed, "_neighbours", looked)


def test_without_a_notice_a_lot_is_locked_alone_and_once(town, lots, locking):
    with act():
        assert locked_with_neighbours(lots[1]).code == lots[1]
    assert locking == [lots[1]]


def test_lots_that_share_a_notice_in_work_are_locked_in_the_order_of_their_codes(town, lots, locking):
    draft(town, lots)
    with act():
        assert locked_with_neighbours(lots[2]).code == lots[2]
    assert locking == lots


def test_a_notice_drafted_between_the_look_and_the_lock_is_given_up_with_its_lots_in_order(
    town,
    lots,
    locking,
    monkeypatch,
):
    drafted: list[notices.Notice] = []
    meanwhile(monkeypatch, lambda: drafted.append(draft(town, lots)))
    trading.terminate(town.hosts[0], lots[1], WHY, town.now)
    assert locking[: 1 + len(lots)] == [lots[1], *lots], "what was locked first is taken anew with the others"
    assert notices.notice(drafted[0].code).status == notices.DROPPED
    assert stages(lots) == ["registered", "terminated", "registered"]


def test_an_act_whose_lot_is_not_there_is_refused_as_before(town):
    with pytest.raises(Refused, match="no-such-lot"), act():
        locked_with_neighbours("C6205000001260009001001")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_found_a_neighbour_late_lets_go_of_its_lock_for_one_who_took_the_other_first(monkeypatch):
    """Without that, the two would wait for each other and PostgreSQL would end one of them."""
    town = market()
    codes = registered(town)
    meanwhile(monkeypatch, lambda: elsewhere(lambda: draft(town, codes)).join(20))
    has_first, both = threading.Event(), []

    def other() -> None:
        with act():
            locked_lot(codes[0])
            has_first.set()
            both.append(locked_lot(codes[1]).code)

    look, threads = noticed._neighbours, []

    def looked(code: str) -> set[str]:
        found = look(code)
        if len(found) > 1 and not threads:  # codes[1] is held, codes[0] is not
            threads.append(elsewhere(other))
            assert has_first.wait(20)
        return found

    monkeypatch.setattr(noticed, "_neighbours", looked)
    with act():
        assert locked_with_neighbours(codes[1]).code == codes[1]
    threads[0].join(20)
    assert both == [codes[1]]
