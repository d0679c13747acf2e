"""``yiwang award recompute``: the calculation on the terminal, and an exit status that a script can trust."""

from __future__ import annotations

import argparse
import json

import pytest

from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.rules.guards import GUARDS
from yiwang.business.trading.services import evaluating
from yiwang.common.notices import api as notices
from yiwang.record.files import api as files
from yiwang.record.files.shelves import shelf
from yiwang.record.journal.api import found, sequence, timeline
from yiwang.record.journal.models import Opening
from yiwang.site.cli import main, parser
from yiwang.site.commands.award import recompute
from yiwang.site.simulation.running import FOUNDED_AT, build

PRICES = [500_000_000, 490_000_000, 510_000_000]


@pytest.fixture
def town(db) -> Market:
    return market()


def awarded(town: Market) -> None:
    ranking = town.to_award(PRICES)
    trading.award(town.hosts[0], town.lot, ranking[0], town.now)


def run(*words: str) -> int:
    return recompute(parser("award").parse_args(["award", "recompute", *words]))


def test_an_award_that_equals_its_record_is_printed_in_both_languages_and_exits_0(town, capsys):
    awarded(town)
    assert run(town.lot) == 0
    printed = capsys.readouterr().out
    for words in (
        "经评审的最低投标价法 / Lowest evaluated price",
        "第 1 名，评审价格 / no. 1, evaluated price",
        "4,900,000.00 元",
        "CNY 4,900,000.00",
        "与记录的定标结果一致 / equal to the recorded award",
    ):
        assert words in printed


def test_a_project_is_asked_for_by_its_code_and_printed_as_json(town, capsys):
    awarded(town)
    assert run(town.lot[:17], "--json") == 0
    (made,) = json.loads(capsys.readouterr().out)
    assert (made["lot"], made["verdict"], made["differences"]) == (town.lot, "equal", [])
    assert [each["value"] for each in made["order"]] == [str(each) for each in sorted(PRICES)]
    assert made["recorded"]["awarded"] == made["order"][0]["bidder"] == made["awardable"][0]


def test_on_postgres_the_committees_entries_are_read_even_before_the_sequencer_has_made_them_public(
    town, capsys
):
    awarded(town)
    assert run(town.lot) == 0
    sequence()
    first = capsys.readouterr().out
    assert run(town.lot) == 0
    assert capsys.readouterr().out == first


def test_an_award_to_another_than_the_calculation_gives_exits_1_and_says_which(town, capsys, monkeypatch):
    """A program with a fault: it let a ranking pass that does not follow the prices."""
    monkeypatch.setattr("yiwang.business.trading.rules.guards.GUARDS", _lax_guards())
    town.to_evaluating(PRICES)
    codes = [each.organisation for each in town.bidders[:3]]
    for bidder, price in zip(codes, PRICES, strict=True):
        trading.evaluate_bid(town.staff.opener, town.lot, bidder, price, "", town.now)
    monkeypatch.setattr(town, "to_report", lambda prices: _reported(town, codes))
    ranking = town.to_award(PRICES)
    trading.award(town.hosts[0], town.lot, ranking[0], town.now)
    assert run(town.lot) == 1
    printed = capsys.readouterr().out
    assert "与记录的定标结果不同 / differs from the recorded award" in printed
    assert "The report ranks 第1建筑工程有限公司、第2建筑工程有限公司、第3建筑工程有限公司" in printed
    assert "the recorded inputs give 第2建筑工程有限公司、第1建筑工程有限公司、第3建筑工程有限公司" in printed
    assert run(town.lot[:17]) == 1


def _lax_guards() -> dict[str, object]:
    return {**GUARDS, "ranking-is-lowest": lambda facts: iter(())}


def _reported(town: Market, ranking: list[str]) -> list[str]:
    evaluating.receive_report(town.staff.opener, town.lot, ranking, "", town.now)
    return ranking


def test_before_the_award_there_is_nothing_to_compare_and_it_exits_2(town, capsys):
    town.to_award(PRICES)
    assert run(town.lot) == 2
    assert "has not been awarded" in capsys.readouterr().out


def test_a_lost_or_changed_opening_record_exits_2_and_says_which_document(town, capsys):
    awarded(town)
    lot = trading.find_lot(town.lot).ref
    (sha256,) = next(each for each in timeline(lot) if each.kind == "bids-opened").documents
    path = shelf()._path(sha256)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content.replace(b"490000000", b"590000000"))
    assert run(town.lot) == 2
    assert f"The content of the document {sha256} has not the recorded digest" in capsys.readouterr().out
    path.unlink()
    assert run(town.lot) == 2
    assert f"The document {sha256} that the record names is not there" in capsys.readouterr().out
    assert not files.exists(sha256)


def test_an_erased_evaluation_exits_2(town, capsys):
    awarded(town)
    sequence()
    lot = trading.find_lot(town.lot).ref
    entry = next(each for each in timeline(lot) if each.kind == "bid-evaluated")
    Opening.objects.filter(pk=entry.id).delete()
    assert run(town.lot) == 2
    assert f"journal entry {entry.id} (bid-evaluated) was erased" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["A6205020001260001", "?", "", "A" * 23, "中文", "x" * 5000])
def test_a_code_that_is_none_exits_2_with_a_sentence_in_both_languages(town, capsys, code):
    assert main(["award", "recompute", code]) == 2
    said = capsys.readouterr().err
    assert "没有编号为" in said
    assert "There is no project or lot" in said
    assert "Traceback" not in said


def test_the_command_has_its_words():
    asked = parser("award").parse_args(["award", "recompute", "X", "--json"])
    assert isinstance(asked, argparse.Namespace)
    assert (asked.code, asked.json) == ("X", True)


def test_every_award_of_a_simulated_city_is_calculated_again_and_equals_its_record(transactional_db):
    found("rehearsal", FOUNDED_AT)
    duties = {**notices.DUTIES, **trading.DUTIES}
    city = build(5, (trading.READER,), duties, limit=23, watched=False)  # test_simulation watches
    made = [trading.recomputed(code, public_only=False) for code in city.lots]
    verdicts = [each.verdict for each in made if each is not None]
    assert verdicts
    assert set(verdicts) == {"equal"}
    sequence()
    assert [trading.calculation_of(code) for code in city.lots] == made
