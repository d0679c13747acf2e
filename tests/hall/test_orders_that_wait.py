"""What a decision orders is offered only while it can be done; until then its page says why not, as the refusal would."""

from __future__ import annotations

import pytest

from tests.hall.world import Person, plain
from tests.trading.test_complaints import accepted
from tests.trading.test_corrections import ordered_by_both
from tests.trading.test_expert_draw import refused
from tests.trading.test_objections_to_opening_and_result import publicised
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading

pytestmark = pytest.mark.django_db
NEW, AGAIN = "evaluate-new-committee", "evaluate-again"
DUE, DUE_EN = "由新的评标委员会评审", "what the old committee concluded is void"


def waiting(town: Market) -> dict[str, bool]:
    """The decisions that the tenderee is asked to carry out, and whether each has to wait."""
    found = trading.todos(town.hosts[0], town.now)
    return {each.matter: each.waiting is not None for each in found if each.step == "carry-out-decision"}


@pytest.mark.parametrize("first", [NEW, "other", "tender-again", AGAIN])
def test_an_evaluation_by_the_old_committee_is_offered_exactly_while_it_would_not_be_refused(
    first: str,
) -> None:
    town, (other, code), _ = ordered_by_both(first, AGAIN)
    host, page = Person(town.hosts[0]), f"/hall/complaints/{code}/"
    link, stands = f'href="{page}evaluate-again/"', first == NEW
    assert (link in host.get(page)) is not stands
    assert waiting(town) == {other: False, code: stands}
    assert "执行投诉处理决定：重新评标" in plain(host.get("/hall/todos/")), "which of them it is"
    assert "orders: evaluate again" in plain(host.get(f"/en/hall/lots/{town.lot}/"))
    asked = host.get(f"{page}evaluate-again/")
    assert ('value="confirm"' in asked) is not stands
    if stands:
        assert DUE in plain(host.get(page))
        assert DUE in plain(asked)
        assert DUE_EN in plain(host.get(f"/en{page}"))
        assert "第七十条" in plain(host.get("/hall/todos/"))
        assert DUE in plain(host.send(f"{page}evaluate-again/", {"stage": "confirm"}, 422))
        assert refused(lambda: trading.evaluate_again(town.hosts[0], code, town.now)) == {"new-committee-due"}
        assert f'href="/hall/complaints/{other}/evaluate-again/"' in host.get(f"/hall/complaints/{other}/")
    else:
        host.once(f"{page}evaluate-again/")


def test_what_became_moot_is_neither_offered_nor_confirmed_any_more() -> None:
    town, (first, own), _ = ordered_by_both("tender-again", AGAIN)
    host = Person(town.hosts[0])
    host.once(f"/hall/complaints/{first}/tender-again/")
    page = f"/hall/complaints/{own}/"
    assert waiting(town) == {}
    assert f"{page}evaluate-again/" not in host.get(page)
    for path in (f"{page}evaluate-again/", f"/hall/complaints/{first}/tender-again/"):
        asked = host.get(path)
        assert 'value="confirm"' not in asked
        assert "现在不能办理" in plain(asked)
        host.send(path, {"stage": "confirm"}, 422)


@pytest.mark.parametrize(
    ("answered", "says"), [(False, "对评标结果的异议尚未答复"), (True, "已答复异议成立并重新招标")]
)
def test_what_stands_in_the_way_of_a_new_committee_is_said_in_the_place_of_the_button(
    answered: bool, says: str
) -> None:
    """An objection that waits; or, while the supervisor keeps the tender suspended, a new tender that was promised."""
    town = market()
    publicised(town)
    body, host = town.supervisor, town.hosts[0]
    objection = trading.object_to_result(town.bidders[1], town.lot, "评分有误。", [], town.now)
    code = accepted(town, respondent=host.organisation, matter="other")
    trading.order_suspension(body, code, "先予核查。", town.now)
    if answered:
        trading.answer_objection(host, objection.code, "异议成立。", [], False, town.now, "retender")
    trading.decide_complaint(
        body, code, "upheld", "专家未经抽取。", [], town.now, keeps_suspension=True, correction=NEW
    )
    page = f"/hall/complaints/{code}/"
    assert f"{page}evaluate-again/" not in Person(host).get(page)
    assert says in plain(Person(host).get(page))
    assert says in plain(Person(host).send(f"{page}evaluate-again/", {"stage": "confirm"}, 422))
