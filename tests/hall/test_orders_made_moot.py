"""Who ends a tender reads before the click which orders of which body become moot by it; nobody else learns of them."""

from __future__ import annotations

import pytest

from tests.hall.world import Person, plain
from tests.trading.test_complaints import PRICES
from tests.trading.test_corrections import ordered_by_both, upheld
from tests.trading.test_objections_to_opening_and_result import publicised
from tests.trading.test_passing import passed
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity

pytestmark = pytest.mark.django_db
SAID, SAID_EN = "不再执行的责令改正", "Orders that become moot by it"
NEW = "evaluate-new-committee"


def preview(person: Person, path: str, fields: dict[str, object]) -> str:
    return person.send(path, {**fields, "stage": "preview"}, 200)


def test_who_tenders_again_as_ordered_reads_which_order_of_another_body_becomes_moot() -> None:
    town, (first, own), bodies = ordered_by_both("tender-again", NEW)
    host, path = Person(town.hosts[0]), f"/hall/complaints/{first}/tender-again/"
    page = host.get(path)
    body = identity.organisations({bodies[1].organisation})[bodies[1].organisation].name
    assert f"{body}责令：重新组建评标委员会，重新评标" in plain(page).replace(" ", "")
    assert f"/hall/complaints/{own}/" in page
    assert SAID_EN in plain(host.get(f"/en{path}"))
    host.once(path)
    assert trading.complaint_page(bodies[1], own)[1].corrected_moot


@pytest.mark.parametrize("second", ["", "tender-again", "amend-documents", "other"])
def test_what_stands_or_is_carried_out_too_is_not_called_moot(second: str) -> None:
    town, codes, _ = ordered_by_both("tender-again", second)
    page = plain(Person(town.hosts[0]).get(f"/hall/complaints/{codes[0]}/tender-again/"))
    assert "保证金应当退还" in page
    assert SAID not in page


@pytest.mark.parametrize("ending", ["terminated", "unlawful-documents"])
@pytest.mark.parametrize(("order", "moot"), [(NEW, True), ("award-from-others", True), ("other", False)])
def test_who_terminates_or_annuls_reads_it_before_the_click(ending: str, order: str, moot: bool) -> None:
    town, (code,), _ = ordered_by_both("", order)
    path = f"/hall/lots/{town.lot}/terminate/"
    page = preview(Person(town.hosts[0]), path, {"ending": ending, "reason": "项目资金计划调整。"})
    assert (SAID in plain(page), f"/hall/complaints/{code}/" in page) == (moot, moot)


@pytest.fixture
def town() -> Market:
    return market()


def test_who_awards_to_nobody_reads_it_and_the_agency_reads_of_no_complaint(town: Market) -> None:
    first, *_ = town.to_award(PRICES)
    passed(town, first)
    code = upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    path, reason = f"/hall/lots/{town.lot}/no-winner/", {"reason": "其余报价高于控制目标。"}
    page = preview(Person(town.hosts[0]), path, reason)
    assert SAID in plain(page)
    assert f"/hall/complaints/{code}/" in page
    page = preview(Person(town.agency), path, reason)
    assert [each for each in (SAID, code) if each in page] == []


@pytest.mark.parametrize(
    ("remedy", "moot", "waits"),
    [("retender", True, False), ("re-evaluation", False, True), ("dismissed", False, False)],
)
def test_who_answers_an_objection_reads_what_becomes_moot_or_waits(
    town: Market, remedy: str, moot: bool, waits: bool
) -> None:
    publicised(town)
    upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    objection = trading.object_to_result(town.bidders[1], town.lot, "评分有误。", [], town.now)
    path, given = f"/hall/objections/{objection.code}/answer/", {"text": "已核实。", "remedy": remedy}
    page = plain(preview(Person(town.hosts[0]), path, given))
    assert (SAID in page, "由新的评标委员会评审" in page) == (moot, waits)
    page = plain(preview(Person(town.agency), path, given))
    assert [each for each in (SAID, "新的评标委员会") if each in page] == []


PROMISED = {
    "": "此前答复其他异议时承诺、尚未执行的处理：异议成立，由原评标委员会重新评审",
    "/en": "still waiting to be done: Upheld: the same committee evaluates again",
}
DECIDES = {"": "以最重的一项为准：", "/en": "the heaviest of all decides: "}


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("remedy", "decides"),
    [
        ("dismissed", ("异议成立，由原评标委员会重新评审", "Upheld: the same committee evaluates again")),
        ("publicity", ("异议成立，由原评标委员会重新评审", "Upheld: the same committee evaluates again")),
        ("retender", ("异议成立，重新招标", "Upheld: the tender is held again")),
    ],
)
def test_who_answers_reads_what_was_promised_to_another_and_still_waits_for_a_new_committee(
    town: Market, remedy: str, decides: tuple[str, str], prefix: str
) -> None:
    publicised(town)
    upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    host = town.hosts[0]
    first, second = (
        trading.object_to_result(each, town.lot, "评分有误。", [], town.now) for each in town.bidders[1:3]
    )
    given = {"text": "已核实。", "remedy": remedy}
    paths = [f"{prefix}/hall/objections/{each.code}/answer/" for each in (first, second)]
    page = plain(preview(Person(host), paths[0], given))
    assert PROMISED[prefix] not in page, "nothing was promised yet"
    trading.answer_objection(host, first.code, "成立。", [], False, town.now, "re-evaluation")
    for actor in (host, town.agency):
        page = plain(preview(Person(actor), paths[1], given))
        assert PROMISED[prefix] in page
        assert DECIDES[prefix] + decides[prefix != ""] in page
        at_once = ("本答复送达后随即执行", "done as soon as this answer is delivered")[prefix != ""]
        assert (at_once in page) is (remedy == "retender")
        waits = ("由新的评标委员会评审", "the new one evaluates")[prefix != ""]
        assert (waits in page) is (remedy != "retender" and actor is host), "the agency learns of no order"
        later = ("本答复送达时尚不执行", "not done with this answer yet")[prefix != ""]
        assert (later in page) is (remedy != "retender" and actor is not host)
    trading.answer_objection(
        host, second.code, "已核实。", [], False, town.now, "" if remedy == "dismissed" else remedy
    )
    assert town.stage == ("failed" if remedy == "retender" else "publicity")


def test_an_evaluation_promised_to_another_begins_with_the_last_answer_where_nothing_holds_it_up(
    town: Market,
) -> None:
    publicised(town)
    host = town.hosts[0]
    one, two, three = (
        trading.object_to_result(each, town.lot, "评分有误。", [], town.now)
        for each in (*town.bidders[:2], town.bidders[2])
    )
    trading.answer_objection(host, one.code, "成立。", [], False, town.now, "re-evaluation")
    given = {"text": "已核实。", "remedy": "dismissed"}
    page = plain(preview(Person(host), f"/hall/objections/{two.code}/answer/", given))
    assert PROMISED[""] in page
    assert "本答复送达时尚不执行" in page, "another objection is open"
    trading.answer_objection(host, two.code, "不成立。", [], False, town.now)
    page = plain(preview(Person(host), f"/hall/objections/{three.code}/answer/", given))
    assert PROMISED[""] in page
    assert "本答复送达后随即执行" in page
    trading.answer_objection(host, three.code, "不成立。", [], False, town.now)
    assert (town.stage, trading.find_lot(town.lot).round) == ("evaluating", 2)
