"""The written report and the contract notice by the pages; the supervisor's list."""

from __future__ import annotations

from tests.hall import story
from tests.hall.world import City, plain


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
    assert path in city.supervisor.get("/hall/written-reports/")
    city.bidders[0].get(path, 404)
    assert "Written report on the tender" in plain(city.supervisor.get(f"/en{path}"))
