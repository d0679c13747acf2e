"""The steps of a tender as people take them in the hall, in either language."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.journeys.visitor import Visitor
from yiwang.site.simulation.papers import pdf

NEXT_CHECK = ("下一步：核对", "Next: check")
ESTIMATE = "12000000.00"


def minute(instant: datetime) -> str:
    """An instant as a field of a form holds it (Beijing time)."""
    return instant.strftime("%Y-%m-%dT%H:%M")


def later(typed: str, **by: int) -> str:
    """``typed`` (2026-03-03T09:00) moved by days, hours, minutes."""
    return minute(datetime.fromisoformat(typed) + timedelta(**by))


def register(host: Visitor, name: str) -> str:
    """Registers a project of one lot; the code of the lot."""
    host.go("/hall/projects/new/")
    host.fill(name=name, region="620502", funds="市级财政资金", approval="天发改投〔2026〕12号")
    host.fill(state_funded="yes")
    host.fill(
        **{
            "lots-0-name": "施工一标段",
            "lots-0-content": "新建教学楼一栋，框架结构，建筑面积八千平方米。",
            "lots-0-estimate": ESTIMATE,
            "lots-0-period_days": "300",
        }
    )
    host.press(*NEXT_CHECK)
    host.press("确认登记", "Register")
    host.press("施工一标段", "施工一标段")
    return host.code()


DRAFT_NOTICE = ("编制招标公告", "Draft the tender notice")
DRAFT_INVITATION = ("编制投标邀请书", "Draft the invitation to bid")


def write_terms(host: Visitor, lot: str, begin: tuple[str, str] = DRAFT_NOTICE) -> None:
    """Fills in the tender notice, or the invitation to bid; the times stay as proposed."""
    host.go(f"/hall/lots/{lot}/")
    host.press(*begin)
    host.fill(
        opening_place="市公共资源交易中心第三开标室",
        qualification="建筑工程施工总承包二级及以上资质。",
        ceiling_fen=ESTIMATE,
        deposit_fen="100000",
        validity_days="90",
        period_days="300",
    )
    host.attach("papers", "招标文件.pdf", pdf("招标文件"))


def hand_in_draft(host: Visitor) -> str:
    """From the filled-in form through its preview to the draft; the code of the notice."""
    button = host.page.locator('main form.guided button[value="preview"]')
    host.press(button.inner_text(), button.inner_text())
    host.press("提交草稿", "Hand in the draft")
    return host.code()


def confirm(second: Visitor, notice: str) -> str:
    """The second person of the tenderee confirms; the instant of publication as confirmed."""
    second.go(f"/hall/notices/{notice}/")
    second.press("确认公告", "Confirm the notice")
    publish_at = second.value("publish_at")
    second.press("下一步：核对正文", "Next: check the text")
    second.press("代表招标人确认", "Confirm for the tenderee")
    return publish_at


def check(centre: Visitor, notice: str) -> None:
    """The centre looks at the form and passes it."""
    centre.go(f"/hall/notices/{notice}/check/")
    centre.press("核验通过", "Pass")


def move_clock(keeper: Visitor, to: str) -> None:
    """Moves the rehearsal clock to ``to``; what fell due is done when the page says so."""
    keeper.go("/hall/clock/")
    keeper.fill(to=to)
    keeper.press("前进到这一时刻", "Move to this instant")
    keeper.sees("到期事项已办理", "what fell due is done")


def publish(second: Visitor, centre: Visitor, notice: str) -> str:
    """Confirmed, checked, and the instant has come: the instant."""
    publish_at = confirm(second, notice)
    check(centre, notice)
    move_clock(centre, publish_at)
    return publish_at


def announce(host: Visitor, second: Visitor, centre: Visitor, name: str) -> tuple[str, str]:
    """A new lot that takes bids by the shortest lawful timetable; its code and its deadline."""
    lot = register(host, name)
    write_terms(host, lot)
    deadline = host.value("deadline_at")
    publish(second, centre, hand_in_draft(host))
    return lot, deadline


def take_documents(bidder: Visitor, lot: str) -> None:
    bidder.go(f"/hall/lots/{lot}/")
    bidder.press("获取招标文件", "Take the tender documents")
    bidder.press("获取招标文件", "Take the documents")


def fill_sheet(bidder: Visitor, price: str) -> None:
    """Fills in the opening sheet and adds a paper."""
    bidder.fill(
        price=price,
        period_days="290",
        deposit="100000",
        quality="合格",
        manager="郑永刚",
        manager_certificate="甘162000000001",
    )
    bidder.attach("papers", "投标文件.pdf", pdf("投标文件"))


def write_bid(bidder: Visitor, price: str) -> None:
    """Fills in the opening sheet, adds a paper, and goes on to the page that asks once."""
    fill_sheet(bidder, price)
    bidder.press(*NEXT_CHECK)


def bid(bidder: Visitor, lot: str, price: str) -> None:
    """Takes the documents and hands in a bid."""
    take_documents(bidder, lot)
    bidder.press("递交投标文件", "Hand in a bid")
    write_bid(bidder, price)
    bidder.press("确认递交", "Hand it in")
    bidder.sees("投标文件递交回执", "Receipt of a bid")
