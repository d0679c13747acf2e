"""Papers to take away: each to whom it is for, from when it exists, and nobody else learns that it does."""

from __future__ import annotations

import io

import openpyxl
import pytest
from docx import Document

from tests.hall import story
from tests.hall.world import City, Person
from tests.poppler import text_of
from yiwang.business.trading import api as trading
from yiwang.record.journal.api import timeline

ALL_FORMS = {
    "opening": ("pdf", "docx", "xlsx"),
    "report": ("pdf", "docx", "xlsx"),
    "letter": ("pdf", "docx"),
    "contract": ("pdf", "docx"),
}


def address(code: str, name: str, ending: str = "pdf") -> str:
    return f"/hall/lots/{code}/papers/{name}.{ending}"


def paper(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"
    return text_of(answer.content)


def test_each_paper_is_for_those_whom_it_concerns(city: City) -> None:
    code = story.awarded(city)
    page = trading.lot_page(trading.find_lot(code))
    assert page.winner is not None
    winner = next(each for each in city.bidders if each.actor.organisation == page.winner.bidder)
    loser = next(each for each in city.bidders if each.actor.organisation != page.winner.bidder)
    may = {
        "opening": {"host", "centre", "supervisor", "winner", "loser", "operator"},
        "report": {"host", "centre", "supervisor"},
        "letter": {"host", "centre", "supervisor", "winner"},
        "contract": {"host", "centre", "supervisor", "winner"},
    }
    people = {
        "host": city.host, "centre": city.centre, "supervisor": city.supervisor,
        "winner": winner, "loser": loser, "operator": city.operator,
    }  # fmt: skip
    for name, endings in ALL_FORMS.items():
        for role, person in people.items():
            shown = person.get(f"/hall/lots/{code}/")
            for ending in endings[:1]:
                status = person.client.get(address(code, name, ending)).status_code
                assert status == (200 if role in may[name] else 404), (name, role)
                assert (address(code, name, ending) in shown) is (role in may[name]), (name, role)
    assert city.stranger.client.get(address(code, "opening")).status_code == 404
    for wrong in ("opening.exe", "letter.xlsx", "other.pdf"):
        assert city.host.client.get(f"/hall/lots/{code}/papers/{wrong}").status_code == 404


def test_no_paper_exists_before_what_it_records(city: City) -> None:
    code = story.announce(city)
    for name in ALL_FORMS:
        assert city.centre.client.get(address(code, name)).status_code == 404


def test_the_papers_of_an_award_say_what_was_decided_and_the_contract_what_was_signed(city: City) -> None:
    code = story.awarded(city)
    winner = trading.lot_page(trading.find_lot(code)).winner
    assert winner is not None
    assert winner.name in paper(city.host, address(code, "letter"))
    assert "中标通知书" in paper(city.host, address(code, "letter"))
    assert "（待签署）" in paper(city.host, address(code, "contract"))
    opening = paper(city.host, address(code, "opening"))
    assert winner.leaf_hash in opening
    assert "演练环境生成，不具有法律效力" in opening
    report = paper(city.centre, address(code, "report"))
    assert "中标候选人排序" in report
    sheet = openpyxl.load_workbook(io.BytesIO(city.host.client.get(address(code, "opening", "xlsx")).content))
    assert winner.name in [row[1].value for row in sheet.active.rows]
    words = Document(io.BytesIO(city.host.client.get(address(code, "contract", "docx")).content))
    assert any("签约合同价" in each.text for each in words.paragraphs)


def test_names_of_the_committee_are_secret_in_the_report_until_the_award(city: City) -> None:
    code = story.reported(city)
    members = [each.name for each in trading.find_lot(code).committee.all()]
    report = paper(city.centre, address(code, "report"))
    assert "保密" in report
    assert not [each for each in members if each in report]
    done = story.awarded(city)
    told = paper(city.centre, address(done, "report"))
    assert all(each.name in told for each in trading.find_lot(done).committee.all())


def test_a_notice_comes_as_pdf_and_word_and_a_draft_says_that_it_is_one(city: City) -> None:
    notice = story.draft(city, story.register(city))
    assert "（未发布）" in paper(city.host, f"/hall/notices/{notice}.pdf")
    assert city.bidders[0].client.get(f"/hall/notices/{notice}.pdf").status_code == 404
    story.publish(city, notice)
    assert "未发布" not in paper(city.bidders[0], f"/hall/notices/{notice}.pdf")
    words = Document(io.BytesIO(city.host.client.get(f"/hall/notices/{notice}.docx").content))
    assert words.tables
    assert city.host.client.get(f"/hall/notices/{notice}.txt").status_code == 404


def test_a_bidder_gets_a_receipt_that_betrays_no_price(city: City) -> None:
    code = story.announce(city)
    story.bid(city, code, 0, "10987654.32")
    path = f"/hall/lots/{code}/receipt.pdf"
    receipt = paper(city.bidders[0], path)
    lot = trading.find_lot(code)
    envelope = trading.own_envelope(lot, city.bidders[0].actor.organisation)
    assert envelope is not None
    assert envelope.code in receipt
    assert trading.receipt_of(envelope).leaf_hash in receipt
    assert "10,987,654" not in receipt
    assert city.bidders[1].client.get(path).status_code == 404
    assert city.host.client.get(path).status_code == 403


@pytest.mark.parametrize("name", ["opening", "report"])
def test_what_a_supervisor_takes_away_is_on_record(city: City, name: str) -> None:
    code = story.reported(city)
    before = len(timeline(trading.find_lot(code).ref, public_only=False))
    paper(city.supervisor, address(code, name))
    traces = timeline(trading.find_lot(code).ref, public_only=False)[before:]
    assert [each.kind for each in traces] == ["supervisor-read"]
