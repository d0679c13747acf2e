"""Questions about the tender documents: who may ask, until when, and that nobody learns who did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import asking
from yiwang.pure.kernel.days import on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import public_feed, sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import BIDDER, LOT, hours, minutes, refusals, step
from .world import Market, announced

RULES_TESTED = ("W-secret-takers",)

OPEN = replace(LOT, stage="bidding")


@pytest.fixture
def town(db) -> Market:
    return announced()


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@given(st.integers(-2, 2) | st.integers(-30, 30), hours, minutes, st.booleans())
def test_questions_end_with_the_deadline_and_with_no_article(days, hour, minute, postponed):
    at = on_day_at(date(2026, 3, 24) + timedelta(days=days), hour, minute)
    lot = replace(OPEN, postponed=postponed)
    found = asking.question_findings(step(lot, at=at, by=BIDDER, taken=True, text="工期如何计算？"))
    assert refusals(found) == ([] if at < LOT.deadline_at or postponed else ["questions-over"])
    assert [each.source for each in found] == [""] * len(found), "no law sets a last day for questions"


@given(st.text(alphabet="问 \n", max_size=6), st.integers(0, 12))
def test_an_empty_question_and_too_many_papers_are_refused_together(text, papers):
    facts = step(OPEN, by=BIDDER, taken=True, text=text, papers=papers)
    expected = [] if text.strip() else ["question-length"]
    expected += ["too-many-papers"] if papers > 10 else []
    assert refusals(asking.question_findings(facts)) == expected


def test_the_longest_question_is_accepted_and_one_letter_more_is_not():
    def found(length: int) -> list[str]:
        return refusals(asking.question_findings(step(OPEN, by=BIDDER, taken=True, text="问" * length)))

    assert found(asking.MAX_TEXT) == []
    assert found(asking.MAX_TEXT + 1) == ["question-length"]


def test_only_who_took_the_documents_asks_and_the_agency_never(town):
    asker = town.bidders[0]
    assert reasons(lambda: trading.ask(asker, town.lot, "第3页?", [], town.now)) == {"documents-not-taken"}
    disguised = replace(town.agency, role="bidder")
    assert "agency-bids" in reasons(lambda: trading.ask(disguised, town.lot, "第3页?", [], town.now))
    assert reasons(lambda: trading.ask(town.hosts[0], town.lot, "第3页?", [], town.now)) == {"no-permission"}
    trading.take_documents(asker, town.lot, town.now)
    assert reasons(lambda: trading.ask(asker, town.lot, " ", [], town.now)) == {"question-length"}
    trading.ask(asker, town.lot, "第3页的桩长以哪张图为准？", [], town.now)
    town.close()
    assert reasons(lambda: trading.ask(asker, town.lot, "还来得及吗？", [], town.now)) == {"questions-over"}


def test_nobody_learns_who_asked(town):
    sequence()
    before = [each.kind for each in public_feed(0, 1000)]
    asker, other = town.bidders[0], town.bidders[1]
    trading.take_documents(asker, town.lot, town.now)
    trading.take_documents(other, town.lot, town.now)
    sha256, name = stored_pdf("第1建筑工程有限公司的疑问")
    question = trading.ask(asker, town.lot, "第3页的桩长以哪张图为准？", [(sha256, name)], town.now)
    sequence()
    assert [each.kind for each in public_feed(0, 1000)] == before
    lot = trading.find_lot(town.lot)
    for entry in timeline(lot.ref, public_only=False):
        text = entry.leaf.decode()
        assert asker.organisation not in text
        assert "桩长" not in text
        assert sha256 not in text
    (seen,) = trading.questions_of(town.hosts[0], lot)
    assert not seen.mine
    assert seen.papers[0].name == f"{question.code}-1.pdf", "a file name would tell who sent it"
    assert asker.organisation not in repr(seen)
    assert trading.questions_of(asker, lot)[0].papers[0].name == name
    assert trading.question_paper(town.agency, question.code, sha256).name == f"{question.code}-1.pdf"
    for blind in (other, town.staff.opener):
        assert trading.questions_of(blind, lot) == ()
        with pytest.raises(trading.UnknownProject):
            trading.question_paper(blind, question.code, sha256)


def test_the_tenderee_is_told_of_a_question_and_has_it_to_do(town):
    trading.take_documents(town.bidders[0], town.lot, town.now)
    assert "answer-questions" not in [each.step for each in trading.todos(town.hosts[0], town.now)]
    trading.ask(town.bidders[0], town.lot, "第3页的桩长以哪张图为准？", [], town.now)
    for host in (town.hosts[0], town.agency):
        assert trading.messages_for(host).filter(matter="question-asked").count() == 1
        assert "answer-questions" in [each.step for each in trading.todos(host, town.now)]
