"""Sessions end when idle and in any case; what was typed comes back with its author, and with nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.people import COMPANY, PASSWORD, House, admitted, house, registered
from tests.identity.test_login import enrolled, give_password, later_code
from tests.identity.test_pages import entered
from yiwang.common.identity import api as identity
from yiwang.common.identity import sessions as room
from yiwang.common.identity.keeping import COOKIE
from yiwang.common.identity.rules.sessions import SessionFacts, is_fresh, seconds_left
from yiwang.pure.kernel.actors import TENDEREE
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import real_now

RULES_TESTED = (seconds_left, is_fresh)
PAGE = "/account/organisation/"
TYPED = {
    "name": "天水建投有限公司",
    "region": "620502",
    "address": "秦州区解放路88号，二层（新址）",
    "contact_name": "王秀英",
    "contact_phone": "0938-8210000",
    "roles": ["tenderee", "bidder"],
}


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


@pytest.fixture
def boss(made: House, at: datetime) -> Client:
    return entered(admitted(made, at))


def after(client: Client, idle: timedelta, since: timedelta | None = None) -> None:
    """Lets the session's last request lie ``idle`` back, and its login ``since``."""
    session = client.session
    now = real_now()
    session["identity.seen"] = iso(now - idle)
    session["identity.since"] = iso(now - (since or idle))
    session.save()


IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
MOST = timedelta(seconds=settings.SESSION_MOST_SECONDS)
MINUTE = timedelta(minutes=1)


class TestTheirEnd:
    @pytest.mark.parametrize(
        ("idle", "since", "inside"),
        [
            (IDLE - MINUTE, IDLE, True),
            (IDLE + MINUTE, IDLE + MINUTE, False),
            (MINUTE, MOST - MINUTE, True),
            (MINUTE, MOST + MINUTE, False),
        ],
    )
    def test_a_session_ends_when_idle_and_in_any_case(
        self, boss: Client, idle: timedelta, since: timedelta, inside: bool
    ) -> None:
        after(boss, idle, since)
        answer = boss.get(PAGE)
        assert (answer.status_code == 200) is inside
        if not inside:
            assert answer["Location"] == f"/account/login/?next={PAGE}"
            assert "登录已超时" in boss.get(answer["Location"]).content.decode()
            assert "_auth_user_id" not in boss.session

    def test_requests_keep_it_alive_but_the_look_of_the_page_at_the_clock_does_not(
        self, boss: Client
    ) -> None:
        after(boss, IDLE - MINUTE)
        assert boss.get("/account/session/").json()["left"] <= 60
        assert boss.get(PAGE).status_code == 200
        assert boss.get("/account/session/").json()["left"] > IDLE.total_seconds() - 60
        after(boss, IDLE - MINUTE)
        assert boss.post("/account/session/").json()["left"] > IDLE.total_seconds() - 60
        assert Client().get("/account/session/").json()["left"] == 0

    def test_the_page_tells_its_script_how_long_it_lasts(self, boss: Client) -> None:
        after(boss, IDLE - 10 * MINUTE)
        page = boss.get(PAGE).content.decode()
        left = int(page.partition('data-session-left="')[2].partition('"')[0])
        assert IDLE.total_seconds() - 5 <= left <= IDLE.total_seconds()
        assert 'data-session="/account/session/"' in page

    @given(
        st.integers(-3, 3) | st.integers(-5000, 5000),
        st.integers(-3, 3) | st.integers(-5000, 5000),
        st.integers(60, 90),
    )
    def test_the_earlier_limit_counts_to_the_second(self, idle_off: int, most_off: int, idle: int) -> None:
        now = datetime.fromisoformat("2026-03-02T02:00:00+00:00")
        most = 28_800
        seen = now - timedelta(seconds=idle + idle_off)
        since = now - timedelta(seconds=most + most_off)
        left = seconds_left(SessionFacts(since, seen), now, idle_seconds=idle, most_seconds=most)
        assert left == max(0, min(-idle_off, -most_off))

    @given(st.integers(-2, 2) | st.integers(-900, 5000))
    def test_a_login_is_fresh_for_its_time_and_no_longer(self, off: int) -> None:
        now = datetime.fromisoformat("2026-03-02T02:00:00+00:00")
        since = now - timedelta(seconds=900 + off)
        assert is_fresh(SessionFacts(since, now), now, 900) == (off < 0)

    def test_changing_how_one_logs_in_wants_a_fresh_login(self, boss: Client) -> None:
        assert boss.get("/account/passkeys/").status_code == 200
        after(boss, MINUTE, 16 * MINUTE)
        assert boss.get("/account/passkeys/")["Location"] == "/account/login/?next=/account/passkeys/"


class TestWhatWasTyped:
    def ended(self, client: Client, **more: object):
        after(client, IDLE + MINUTE)
        return client.post(PAGE, {**TYPED, **more})

    def back(self, client: Client, made: House, at: datetime, person: str | None = None):
        who = made.reviewer if person else None
        if who:
            chosen = f"{who.person}:{who.organisation}:{who.role}"
        else:
            chosen = f"{made.applicant.person}:{COMPANY}:{TENDEREE}"
        return client.post("/account/enter-as/", {"as": chosen, "next": PAGE})

    def test_it_comes_back_filled_and_is_not_sent_by_itself(
        self, made: House, boss: Client, at: datetime
    ) -> None:
        answer = self.ended(boss, save="yes")
        assert answer["Location"] == f"/account/login/?next={PAGE}"
        assert self.back(boss, made, at)["Location"] == PAGE
        page = boss.get(PAGE).content.decode()
        assert "秦州区解放路88号，二层（新址）" in page
        assert "您填写的内容已恢复" in page
        assert identity.organisation(COMPANY).address == "秦州区民主西路1号"
        assert boss.post(PAGE, {**TYPED, "save": "yes"}).status_code == 302
        assert identity.organisation(COMPANY).address == TYPED["address"]
        assert "您填写的内容已恢复" not in boss.get(PAGE).content.decode()

    def test_a_second_look_still_shows_it(self, made: House, boss: Client, at: datetime) -> None:
        self.ended(boss)
        self.back(boss, made, at)
        for _ in range(2):
            assert TYPED["address"] in boss.get(PAGE).content.decode()

    def test_it_survives_password_and_one_time_code(self, made: House, at: datetime) -> None:
        identity.submit_registration(registered(made, at), COMPANY, at=at)
        client = Client()
        secret = enrolled(client, "reviewer")
        path = f"/account/review/{COMPANY}/"
        after(client, IDLE + MINUTE)
        login = client.post(path, {"verdict": "return", "reasons": "地址与执照不一致，请更正"})["Location"]
        client.post(login, {"username": "reviewer", "password": PASSWORD, "next": path})
        done = client.post("/account/one-time-code/", {"code": later_code(secret)})
        assert done["Location"] == path
        assert "地址与执照不一致，请更正" in client.get(path).content.decode()
        assert identity.organisation(COMPANY).status == "submitted"

    def test_passwords_are_not_kept(self, made: House, boss: Client, at: datetime) -> None:
        path = "/account/organisation/people/"
        after(boss, IDLE + MINUTE)
        boss.post(
            path, {"person_name": "新来的同事", "password": "do not keep", "password_again": "do not keep"}
        )
        self.back(boss, made, at)
        page = boss.get(path)
        assert "新来的同事" in page.content.decode()
        assert "password" not in page.wsgi_request.kept

    def test_files_are_not_kept_and_the_page_says_so(self, made: House, boss: Client, at: datetime) -> None:
        self.ended(boss, paper=SimpleUploadedFile("a.pdf", b"%PDF-"))
        self.back(boss, made, at)
        assert "请重新选择附件" in boss.get(PAGE).content.decode()

    def test_nobody_else_sees_it(self, made: House, boss: Client, at: datetime) -> None:
        self.ended(boss)
        boss.get("/account/login/")
        self.back(boss, made, at, "other")
        assert "identity.kept" not in boss.session

    def test_the_house_cannot_read_it(self, made: House, boss: Client, at: datetime) -> None:
        answer = self.ended(boss)
        row = Session.objects.get(session_key=boss.session.session_key)
        assert "解放路" not in str(row.get_decoded())
        assert answer.cookies[COOKIE]["httponly"]
        assert answer.cookies[COOKIE].value not in str(row.get_decoded())
        del boss.cookies[COOKIE]
        self.back(boss, made, at)
        assert TYPED["address"] not in boss.get(PAGE).content.decode()

    def test_what_a_stranger_sends_is_not_kept(self, made: House) -> None:
        stranger = Client()
        answer = stranger.post(PAGE, TYPED)
        assert answer.status_code == 302
        assert COOKIE not in answer.cookies
        assert not Session.objects.exists()

    def test_the_login_goes_on_in_the_same_role_but_only_for_the_same_person(
        self, made: House, boss: Client, at: datetime
    ) -> None:
        client = Client()
        enrolled(client, "applicant")
        client.post("/account/choose/", {"as": f"{COMPANY}:{TENDEREE}"})
        secret_step = client.get(PAGE).wsgi_request.actor
        assert secret_step.role == TENDEREE
        after(client, IDLE + MINUTE)
        client.get(PAGE)
        give_password(client, "reviewer2")
        assert "identity.timed-out" in client.session
        request = client.get("/account/login/").wsgi_request
        room.enter(request, made.reviewer.person, real_now())
        assert not room.goes_on(request)


def test_logging_out_forgets_what_was_kept(made: House, boss: Client, at: datetime) -> None:
    case = TestWhatWasTyped()
    case.ended(boss)
    case.back(boss, made, at)
    boss.post("/account/logout/")
    case.back(boss, made, at)
    assert TYPED["address"] not in boss.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "cookie",
    ['"\\000aaaaaaaaaaaa"', "a'b--aaaaaaaaaaaa", "x" * 4000, '"\\351\\201\\223\\350\\267\\257aaaaaa"'],
)
def test_a_cookie_that_no_session_can_have_is_a_visitors(rehearsal: object, cookie: str) -> None:
    """PostgreSQL refuses a zero byte in a text: it never gets there."""
    answer = Client(headers={"cookie": f"sessionid={cookie}"}).get("/account/organisation/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")
