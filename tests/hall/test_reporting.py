"""The written report and the contract notice by the pages; the supervisor's list."""

from __future__ import annotations

import io

from docx import Document

from tests.hall import story
from tests.hall.world import City, plain
from tests.poppler import text_of
from yiwang.business.trading import api as trading


def test_the_written_report_is_handed_in_and_read_by_the_supervisor_alone(city: City) -> None:
    code = story.awarded(city)
    path = f"/hall/lots/{code}/written-report/"
    assert path in city.host.get("/hall/")
    assert "未到期" in plain(city.supervisor.get("/hall/written-reports/"))
    page = city.host.get(path)
    assert "中标人" in plain(page)
    city.host.send(path, {"remarks": "无其他事项。"})
    assert "已提交" in plain(city.host.get(path))
    assert "无其他事项。" in plain(city.supervisor.get(path))
    listed = "/hall/written-reports/"
    assert path not in city.supervisor.get(listed)
    assert path not in city.supervisor.get(f"{listed}?state=late")
    assert path not in city.supervisor.get(f"{listed}?state=overdue")
    for query in ("state=done", "state=any", f"state=any&q={code[-9:]}&order=-handed_in"):
        assert path in city.supervisor.get(f"{listed}?{query}"), query
    assert path in city.supervisor.get(f"/en{listed}?state=done&order=decided")
    city.bidders[0].get(path, 404)
    assert "Written report on the tender" in plain(city.supervisor.get(f"/en{path}"))


def test_the_written_report_is_an_official_paper_once_it_was_handed_in(city: City) -> None:
    code = story.awarded(city)
    pdf, docx = (f"/hall/lots/{code}/papers/written-report.{ending}" for ending in ("pdf", "docx"))
    assert city.host.client.get(pdf).status_code == 404
    city.host.send(f"/hall/lots/{code}/written-report/", {"remarks": "无其他事项。"})
    assert pdf in city.host.get(f"/hall/lots/{code}/written-report/")
    winner = trading.lot_page(trading.find_lot(code)).winner
    assert winner is not None
    for person in (city.host, city.supervisor):
        text = text_of(person.client.get(pdf).content)
        assert "招标投标情况书面报告" in text
        assert winner.name in text
        assert "无其他事项。" in text
        assert "第四十七条" in text
    words = Document(io.BytesIO(city.supervisor.client.get(docx).content))
    assert any("定标和合同情况" in each.text for each in words.paragraphs)
    assert "Writtenreportonthetender" in text_of(city.host.client.get("/en" + pdf).content)
    for person in (city.bidders[0], city.centre):
        assert person.client.get(pdf).status_code == 404
