"""Who paid the deposits: noted by those who received them, told to the committee, and lost by no wrong entry."""

from __future__ import annotations

from tests.hall import story
from tests.hall.world import City, plain

LENDER = "天水鼎信劳务有限公司"


def test_the_lots_side_notes_who_paid_and_the_committee_reads_what_two_have_in_common(city: City) -> None:
    code = story.announce(city)
    story.bid(city, code, 0, "11000000")
    path = f"/hall/lots/{code}/deposit-payers/"
    assert "开标之后、定标之前可以登记" in plain(city.host.get(path))
    assert path not in city.host.get(f"/hall/lots/{code}/"), "who paid tells who bids"
    code = story.opened(city)
    path = f"/hall/lots/{code}/deposit-payers/"
    assert path in city.host.get(f"/hall/lots/{code}/")
    assert city.bidders[0].client.get(path).status_code == 403
    first, second = (each.actor.organisation for each in city.bidders[:2])
    typed = {
        f"payer-{first}": LENDER,
        f"account-{first}": "12",
        f"payer-{second}": "",
        f"account-{second}": "6217000012345678",
    }
    refused = city.host.send(path, typed, 422)
    assert "账号应当为 8 至 34 位" in plain(refused)
    assert "请填写付款账户的户名" in plain(refused)
    assert LENDER in refused, "nothing typed is lost"
    city.host.send(
        path,
        {
            **typed,
            f"account-{first}": "6217 0000 1234 5678",
            f"payer-{second}": "天水鼎信",
            f"account-{second}": "",
        },
    )
    shown = city.host.get(path)
    assert "已登记，尾号 5678" in plain(shown)
    assert "62170000" not in shown.replace(" ", "")
    assert "Noted for 2 bids" in plain(city.host.get(f"/en{path}"))
    page = plain(city.centre.get(f"/hall/lots/{code}/evaluation/"))
    assert "投标保证金从同一单位、个人或者账户转出" not in page, "the two holders differ by their names"
    city.host.send(path, {f"payer-{first}": LENDER, f"payer-{second}": f"{LENDER} "})
    page = plain(city.centre.get(f"/hall/lots/{code}/evaluation/"))
    assert "投标保证金从同一单位、个人或者账户转出" in page
    assert "鼎信" not in plain(city.bidders[0].get(f"/hall/lots/{code}/"))
