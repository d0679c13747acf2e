"""The method of evaluation that a notice states, and the recorded draw of its coefficients."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.methods import CRITERIA, FLOATING, MIXED, SCORED
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.drawing import Draw, commitment_of, draw_findings, drawn, drawn_place
from yiwang.business.trading.rules.methods import (
    coefficient_options,
    method_findings,
    scheme_of,
    terms_as_json,
    terms_from_json,
)
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.canonical import dumps, loads
from yiwang.pure.kernel.findings import Refused
from yiwang.record.files import api as files
from yiwang.record.journal.api import timeline

RULES_TESTED = ("W32", "W-best", "W-tie")
ON = date(2026, 3, 4)
PRICES = [500_000_000, 490_000_000, 510_000_000]
shares = st.decimals(D("0"), D("0.5"), places=3)


def rules(terms: trading.MethodTerms, ceiling: int | None = 600_000_000) -> list[str]:
    return [each.rule for each in method_findings(terms, ceiling, ON)]


@pytest.mark.parametrize("terms", [trading.MethodTerms(), SCORED, FLOATING, MIXED])
def test_a_complete_method_has_no_objection_and_survives_being_written_down(terms):
    assert rules(terms) == []
    assert terms_from_json(loads(dumps(terms_as_json(terms)))) == terms


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (replace(SCORED, id="by-mood"), ["benchmark-unknown"]),
        (replace(SCORED, above=D(1), below=D(1)), ["scheme-rates"]),
        (replace(SCORED, price_full=D("59.99")), ["scheme-not-hundred"]),
        (replace(SCORED, price_full=D(100), criteria=()), ["criteria-missing"]),
        (replace(SCORED, tie=" "), ["tie-rule-missing"]),
        (replace(SCORED, score_decimals=5), ["decimals-range"]),
        (replace(SCORED, deviation_decimals=5, score_decimals=-1), ["decimals-range", "decimals-range"]),
        (replace(SCORED, criteria=(*CRITERIA[:2], replace(CRITERIA[2], least=D("5.01")))), ["criterion-range"]),
        (replace(SCORED, criteria=(*CRITERIA[:2], replace(CRITERIA[2], title=""))), ["criterion-title"]),
        (replace(SCORED, criteria=(*CRITERIA[:2], replace(CRITERIA[2], id="c1"))), ["scheme-criterion-twice"]),
        (replace(SCORED, id="comprehensive-trimmed-mean", trim_from=2), ["benchmark-trim"]),
        (replace(FLOATING, down=()), ["coefficient-options"]),
        (replace(FLOATING, down=(D("0.01"), D("0.010"))), ["coefficient-options"]),
        (replace(FLOATING, down=(D("0.01"), D(1))), ["benchmark-down"]),
        (replace(MIXED, q=(D("0.3"), D("1.01"))), ["benchmark-mix"]),
    ],
)  # fmt: skip
def test_an_incomplete_method_is_refused_with_its_reason(terms, found):
    assert rules(terms) == found


@pytest.mark.parametrize("field", ["deviation_decimals", "score_decimals"])
def test_decimals_beyond_the_limit_are_refused_at_the_field_that_has_them(field):
    assert rules(replace(SCORED, **{field: 4})) == []
    (found,) = method_findings(replace(SCORED, **{field: 5}), 600_000_000, ON)
    assert (found.rule, found.field, found.params) == ("decimals-range", field, {"at_most": 4})


def test_the_mix_needs_a_ceiling():
    assert rules(MIXED, None) == ["benchmark-ceiling"]


@pytest.mark.parametrize(
    "words", ["现场抽签确定", "摇号", "由招标人抓阄", "随机抽取", "by drawing lots", "a lottery"]
)
def test_w32_no_lots_between_equal_bids(words):
    assert rules(replace(SCORED, tie=words)) == ["W32"]


@given(st.lists(shares, min_size=1, max_size=6), st.lists(shares, min_size=1, max_size=6))
def test_every_option_that_is_accepted_gives_a_benchmark(downs, qs):
    terms = replace(FLOATING, down=tuple(downs))
    assert (rules(terms) == []) == (len(set(downs)) == len(downs))
    for value in downs:
        assert scheme_of(terms, {"down": value}, None).benchmark.down == value
    assert (rules(replace(MIXED, q=tuple(qs))) == []) == (len(set(qs)) == len(qs))


@given(
    st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20), st.integers(1, 3) | st.integers(1, 30)
)
def test_a_draw_takes_one_of_its_options_and_the_same_again_from_the_same_texts(secret, closing, count):
    options = {"down": tuple(D(each) for each in range(count))}
    made = drawn("LOT", secret, closing, options)
    assert made.values["down"] in options["down"]
    assert made == drawn("LOT", secret, closing, options)
    assert list(draw_findings("LOT", made, commitment_of("LOT", secret), closing, options)) == []
    assert Draw.from_json(loads(dumps(made.as_json()))) == made


@given(st.sampled_from(["secret", "commitment", "closing", "values"]))
def test_whatever_is_changed_in_a_draw_is_found_out(part):
    options = {"down": tuple(D(each) for each in range(30))}
    made = drawn("LOT", "S", "C", options)
    other = (made.values["down"] + 1) % 30
    changed = replace(made, **{part: {"down": other} if part == "values" else "X"})
    found = {each.rule for each in draw_findings("LOT", changed, commitment_of("LOT", "S"), "C", options)}
    expected = {"secret": "draw-secret", "commitment": "draw-secret", "closing": "draw-closing",
                "values": "draw-value"}  # fmt: skip
    assert expected[part] in found


def test_the_places_of_a_draw_are_even():
    counts = [0] * 5
    for number in range(2000):
        counts[drawn_place("LOT", "S", str(number), "down", 5)] += 1
    assert min(counts) > 320
    assert max(counts) < 480


def test_the_example_beside_the_format_is_right_and_the_code_agrees_with_it():
    path = Path(__file__).parents[2] / "docs" / "formats" / "draws.md"
    assert doctest.testfile(str(path), module_relative=False).failed == 0
    lot, closing = "C6205000001260001001001", "00" * 32
    assert commitment_of(lot, "D-EXAMPLE")[:16] in path.read_text("utf-8")
    options = {"down": tuple(D(each) for each in ("0.01", "0.02", "0.03", "0.04", "0.05"))}
    made = drawn(lot, "D-EXAMPLE", closing, options).values["down"]
    assert f"'{made}'" in path.read_text("utf-8").partition("% len(options)]")[2]


# --- from the notice to the opening -----------------------------------------------------------------------


@pytest.fixture
def town(db) -> Market:
    return market()


def announced(town: Market, method: trading.MethodTerms) -> notices.Notice:
    town.register()
    terms = town.terms(method=method)
    notice = trading.draft_tender_notice(town.hosts[0], town.lot, terms, town.now)
    town.publish(notice.code, terms.publish_at)
    return notices.notice(notice.code)


def opened(town: Market, method: trading.MethodTerms) -> None:
    announced(town, method)
    town.bid(PRICES)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)


def entry(town: Market, kind: str):
    return next(each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == kind)


def document(sha256: str) -> dict:
    with files.open_document(sha256) as stream:
        return loads(stream.read())


def test_the_notice_states_the_method_and_the_record_fixes_it(town):
    notice = announced(town, SCORED)
    assert notice.values["evaluation_method"] == "comprehensive-mean"
    assert "报价满分 60 分" in notice.values["price_scoring"]
    assert [each["title"] for each in notice.values["criteria"]] == [
        "施工组织设计",
        "项目管理机构",
        "企业业绩",
    ]
    assert "技术得分高者优先" in notice.values["tie_rule"]
    assert "coefficient_draw" not in notice.values
    announcement = entry(town, "lot-announced")
    assert announcement.facts["method"] == "comprehensive-mean"
    assert terms_from_json(document(announcement.documents[0])["method"]) == SCORED


def test_a_notice_with_a_bad_method_is_refused_with_every_reason(town):
    town.register()
    bad = replace(SCORED, price_full=D(50), tie="抽签")
    with pytest.raises(Refused) as caught:
        trading.draft_tender_notice(town.hosts[0], town.lot, town.terms(method=bad), town.now)
    assert {"scheme-not-hundred", "W32"} <= {each.rule for each in caught.value.findings}


@pytest.mark.parametrize("method", [FLOATING, MIXED])
def test_what_is_drawn_at_the_opening_follows_from_what_was_published_before_and_the_closing_list(
    town, method
):
    notice = announced(town, method)
    secret = Lot.objects.get(code=town.lot).draw_secret
    commitment = commitment_of(town.lot, secret)
    assert commitment in notice.values["coefficient_draw"]
    assert entry(town, "lot-announced").facts["draw_commitment"] == commitment
    before = trading.lot_page(trading.find_lot(town.lot)).draw
    assert (before.commitment, before.secret, before.lines) == (commitment, "", ())
    town.bid(PRICES)
    town.close()
    assert secret not in str([each.facts for each in timeline(trading.find_lot(town.lot).ref)])
    trading.open_bids(town.staff.opener, town.lot, town.now)
    made = Draw.from_json(document(entry(town, "bids-opened").documents[0])["draw"])
    closing = entry(town, "deadline-reached").documents[0]
    assert list(draw_findings(town.lot, made, commitment, closing, coefficient_options(method))) == []
    shown = trading.lot_page(trading.find_lot(town.lot)).draw
    assert (shown.secret, shown.closing) == (secret, closing)
    assert [each.value for each in shown.lines] == [str(each) for each in made.values.values()]


def test_without_options_nothing_is_drawn(town):
    opened(town, replace(FLOATING, down=(D("0.03"),)))
    assert "draw" not in document(entry(town, "bids-opened").documents[0])
    assert trading.lot_page(trading.find_lot(town.lot)).draw is None
