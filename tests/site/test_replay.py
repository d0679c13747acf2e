"""Contracts through the real verbs: the same award, or a true reason."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.days import on_day_at
from yiwang.record.journal.api import found
from yiwang.site.replaying.records import SAMPLE, BadRecords, contracts
from yiwang.site.replaying.running import BEGINS_ON, Replay
from yiwang.site.simulation.people import Staff, establish_house


@pytest.fixture
def replayed(db):
    def run(path=SAMPLE):
        founded_at = on_day_at(BEGINS_ON.replace(day=1), 9)
        found("rehearsal", founded_at)
        house = establish_house(random.Random(2025), founded_at)
        duties = {**notices.DUTIES, **trading.DUTIES}
        cases = Replay(
            contracts(path, None, None), Staff(*house["centre"][:2]), duties, lambda title: None
        ).run()
        return {each.contract.code: each for each in cases}

    return run


def test_the_sample_is_awarded_as_recorded_or_says_why_not(replayed):
    cases = replayed()
    assert {code: each.outcome for code, each in cases.items()} == {
        "S001": "equal", "S002": "refused", "S003": "refused", "S004": "differs", "S005": "equal", "S006": "skipped",
    }  # fmt: skip
    assert "第二十八条" in cases["S002"].reason
    assert "相同" in cases["S003"].reason
    assert "other criteria" in cases["S004"].reason
    assert "no evaluated price" in cases["S006"].reason
    assert trading.lot_page(trading.find_lot(cases["S005"].lot)).winner.price_fen == 425_000_000


def test_a_rejected_bid_is_rejected_with_what_the_record_says(replayed):
    case = replayed()["S005"]
    rows = trading.opening_rows(trading.find_lot(case.lot), everything=True)
    assert [each.status for each in rows] == ["valid", "rejected", "valid"]


HEAD = SAMPLE.read_text("utf-8").splitlines()[0]


def test_amounts_with_three_decimals_stay_exact(replayed, tmp_path):
    path = tmp_path / "bids.csv"
    rows = ("A,Awarded,CNY,5.004,CNY,5.004", "B,Evaluated,CNY,5.005,CNY,5.005", "C,Evaluated,CNY,6,CNY,6")
    path.write_text(
        "\n".join([HEAD, *(f"X1,P1,Land,{each.split(',')[0]},L,{each.split(',', 1)[1]},," for each in rows)])
    )
    assert replayed(path)["X1"].outcome == "equal"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2", "columns missing"),
        (f"{HEAD}\nX,P,L,B,L,Won,,,,,,", "unknown status"),
        (f"{HEAD}\nX,P,L,B,L,Awarded,USD,12x,,,,", "not an amount"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(tmp_path, text, words):
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadRecords, match=words):
        contracts(path, None, None)


@pytest.mark.sqlite
def test_the_command_prints_json_and_says_what_is_wrong_with_a_file(tmp_path):
    command = [sys.executable, "-m", "yiwang.site.cli", "replay"]
    done = subprocess.run(
        [*command, "--json", "--limit", "2"], capture_output=True, text=True, timeout=200, check=True
    )
    printed = json.loads(done.stdout)
    assert printed["totals"] == {"equal": 1, "differs": 0, "refused": 1, "skipped": 0, "contracts": 2}
    assert set(printed["contracts"][0]) == {"contract", "outcome", "reason"}
    missing = subprocess.run(
        [*command, str(tmp_path / "no.csv")], capture_output=True, text=True, timeout=100, check=False
    )
    assert missing.returncode == 2
    assert missing.stderr.startswith("yiwang: ")
    assert "Traceback" not in missing.stderr
    assert os.environ["YIWANG_HOME"]
