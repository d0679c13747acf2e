"""The steps of one tender as people click them, for the tests that need a lot at some stage."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.hall.world import City, hidden, shown, upload
from tests.kept import kept
from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.doors.hall.proposals import Timetable, next_office_hour, timetable_from
from yiwang.record.journal.api import business_now

ESTIMATE = "12000000.00"
SHEET: dict[str, object] = {
    "price": "11000000",
    "period_days": "290",
    "deposit": "100000",
    "quality": "合格",
    "manager": "郑永刚",
    "manager_certificate": "甘162000000001",
}


def project_fields() -> dict[str, object]:
    return {
        "name": "秦州区育才中学教学楼新建工程",
        "region": "620502",
        "funds": "市级财政资金",
        "state_funded": "yes",
        "approval": "天发改投〔2026〕12号",
        "agency": "",
        "lots-TOTAL_FORMS": "1",
        "lots-INITIAL_FORMS": "0",
        "lots-MIN_NUM_FORMS": "1",
        "lots-MAX_NUM_FORMS": "50",
        "lots-0-name": "施工一标段",
        "lots-0-content": "新建教学楼一栋，框架结构，建筑面积八千平方米。",
        "lots-0-estimate": ESTIMATE,
        "lots-0-period_days": "300",
    }


def register(city: City) -> str:
    """Registers a project; the code of its lot."""
    key = hidden(city.host.get("/hall/projects/new/"))["key"]
    place = city.host.step("/hall/projects/new/", {**project_fields(), "key": key})
    code = place.rstrip("/").split("/")[-1]
    return trading.project_page(code).lots[0].code


def timetable() -> Timetable:
    return timetable_from(next_office_hour(business_now()))


def terms_fields(times: Timetable) -> dict[str, object]:
    return {
        "publish_at": shown(times.publish_at),
        "documents_from_at": shown(times.documents_from_at),
        "documents_until_on": times.documents_until_on.isoformat(),
        "deadline_at": shown(times.deadline_at),
        "opening_place": "市公共资源交易中心第三开标室",
        "qualification": "建筑工程施工总承包二级及以上资质。",
        "ceiling_fen": ESTIMATE,
        "deposit_fen": "100000.00",
        "validity_days": "90",
        "period_days": "300",
        "papers": upload(),
    }


def draft(city: City, code: str) -> str:
    """Drafts the tender notice; its code."""
    place = city.host.step(f"/hall/lots/{code}/tender-notice/", terms_fields(timetable()))
    return place.rstrip("/").split("/")[-1]


def publish(city: City, notice: str) -> None:
    """The second person of the tenderee confirms, the centre passes, the instant comes."""
    publish_at = notices.notice(notice)
    page = city.second_host.get(f"/hall/notices/{notice}/confirm/")
    proposed = page.split('name="publish_at"')[1].split('value="')[1].split('"')[0]
    city.second_host.step(f"/hall/notices/{notice}/confirm/", {"publish_at": proposed})
    city.centre.send(f"/hall/notices/{notice}/check/", {"decision": "pass"})
    due = notices.notice(publish_at.code).publish_at
    assert due is not None
    city.until(due)


def announce(city: City) -> str:
    """A lot that is open for bids; its code. Clicked together once, where nothing has happened in the city before."""
    return kept("a lot open for bids", lambda: _announced(city))


def _announced(city: City) -> str:
    code = register(city)
    publish(city, draft(city, code))
    assert trading.find_lot(code).stage == "bidding"
    return code


def bid(city: City, code: str, number: int, price: str, files: int = 1) -> str:
    """A bidder takes the documents and hands in a bid; where that leads."""
    bidder = city.bidders[number]
    bidder.send(f"/hall/lots/{code}/documents/")
    key = hidden(bidder.get(f"/hall/lots/{code}/bid/"))["key"]
    fields = {**SHEET, "key": key, "price": price}
    if files:
        fields["papers"] = upload(f"投标文件{number}")
    return bidder.step(f"/hall/lots/{code}/bid/", fields)


def after_deadline(city: City, code: str) -> datetime:
    """The deadline has passed and the lot was closed."""
    deadline_at = trading.find_lot(code).deadline_at
    city.until(deadline_at + timedelta(minutes=1))
    return deadline_at


def opened(city: City, prices: tuple[str, ...] = ("11000000", "10500000.50", "11800000")) -> str:
    """A lot whose bids are opened; its code."""
    return kept(f"a lot opened with {prices}", lambda: _opened(city, prices))


def _opened(city: City, prices: tuple[str, ...]) -> str:
    code = announce(city)
    for number, price in enumerate(prices):
        bid(city, code, number, price)
    after_deadline(city, code)
    city.centre.once(f"/hall/lots/{code}/open/")
    return code


def committee_fields(size: int = 5) -> dict[str, object]:
    fields: dict[str, object] = {
        "pool": "甘肃省综合评标专家库",
        "record": "2026-0316",
        "members-TOTAL_FORMS": str(size),
        "members-INITIAL_FORMS": "0",
        "members-MIN_NUM_FORMS": "0",
        "members-MAX_NUM_FORMS": "15",
    }
    kinds = ("technical", "technical", "economic", "technical", "representative", "economic")
    for number in range(size):
        fields[f"members-{number}-name"] = f"专家{number + 1}"
        fields[f"members-{number}-kind"] = kinds[number]
        fields[f"members-{number}-employer"] = "甘肃某大学"
        fields[f"members-{number}-employer_code"] = ""
    return fields


def evaluated(city: City) -> str:
    """A lot whose bids are all decided: the last rejected, the others at their price; its code."""
    return kept("an evaluated lot", lambda: _evaluated(city))


def _evaluated(city: City) -> str:
    code = opened(city)
    city.centre.step(f"/hall/lots/{code}/committee/", committee_fields())
    rows = trading.opening_rows(trading.find_lot(code), everything=True)
    for row in rows[:-1]:
        fields = {"decision": "valid", "evaluated": f"{row.price_fen / 100:.2f}", "note": ""}
        city.centre.send(f"/hall/lots/{code}/evaluation/{row.bidder}/", fields)
    fields = {"decision": "rejected", "ground": "not-responsive", "reason": "工期承诺与招标文件不符。"}
    city.centre.send(f"/hall/lots/{code}/evaluation/{rows[-1].bidder}/", fields)
    return code


def reported(city: City) -> str:
    """A lot whose report is in; its code."""
    return kept("a lot with a report", lambda: _reported(city))


def _reported(city: City) -> str:
    code = evaluated(city)
    valid = [
        row for row in trading.opening_rows(trading.find_lot(code), everything=True) if row.status == "valid"
    ]
    ordered = sorted(valid, key=lambda row: row.evaluated_fen or 0)
    fields = {"first": ordered[0].bidder, "second": ordered[1].bidder, "third": "", "tie_break": ""}
    city.centre.step(f"/hall/lots/{code}/report/", fields)
    return code


def proposed(page: str, name: str) -> str:
    """The value that a form proposes for a field."""
    return page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


def publicity(city: City, code: str) -> str:
    """Drafts and publishes the publicity as proposed; the code of the notice."""
    path = f"/hall/lots/{code}/publicity/"
    page = city.host.get(path)
    fields = {name: proposed(page, name) for name in ("publish_at", "publicity_until_on", "contact")}
    notice = city.host.step(path, fields).rstrip("/").split("/")[-1]
    publish(city, notice)
    return notice


def awarded(city: City) -> str:
    """A lot that is awarded to the first in rank; its code."""
    return kept("an awarded lot", lambda: _awarded(city))


def _awarded(city: City) -> str:
    code = reported(city)
    publicity(city, code)
    until_at = trading.find_lot(code).publicity_until_at
    city.until(until_at)
    page = city.host.get(f"/hall/lots/{code}/award/")
    first = next(row for row in trading.opening_rows(trading.find_lot(code)) if row.rank == 1)
    city.host.step(f"/hall/lots/{code}/award/", {"key": hidden(page)["key"], "bidder": first.bidder})
    return code
