"""Passkeys: the whole login or its second step; whatever is forged, replayed or from elsewhere is refused alike."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.authenticator import ORIGIN, PRESENT, Authenticator, asked
from tests.identity.people import PASSWORD, House, house, kinds_about
from tests.identity.test_login import enrolled, give_password, later_code
from tests.identity.test_recovery import reset
from yiwang.common.identity import api as identity
from yiwang.common.identity import ceremonies
from yiwang.common.identity.models import Passkey, Person
from yiwang.common.identity.rules.passkeys import PASSKEYS_AT_MOST, is_copied, passkey_findings
from yiwang.common.identity.throttle import ADDRESS, CHALLENGES, ONE_TIME_CODE

RULES_TESTED = (is_copied, passkey_findings)
HOST = {"Host": "localhost:8000"}
REVIEW = "/account/review/"


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


def add(client: Client, device: Authenticator, name: str = "办公电脑"):
    answer = device.made(asked(client, "make"))
    return client.post("/account/passkeys/", {"name": name, "credential": answer}, headers=HOST)


def log_in(client: Client, answer: str, **more: str):
    return client.post("/account/passkey/", {"credential": answer, **more}, headers=HOST)


def device_of(username: str = "reviewer") -> Authenticator:
    """A device with a passkey of ``username``, who logged in with a one-time code before."""
    client, device = Client(), Authenticator()
    enrolled(client, username)
    assert add(client, device).status_code == 302
    return device


def inside(client: Client) -> bool:
    return client.get(REVIEW).status_code == 200


class TestTheWayIn:
    def test_a_passkey_is_the_whole_login_and_leads_to_where_one_wanted(self, made: House) -> None:
        device = device_of()
        client = Client()
        answer = log_in(client, device.used(asked(client, "log-in")), next=REVIEW)
        assert answer["Location"] == REVIEW
        assert inside(client)
        assert kinds_about(identity.person_ref(made.reviewer.person))[-2:] == ["passkey-made", "logged-in"]
        assert Passkey.objects.get().used_at is not None

    def test_a_passkey_takes_the_place_of_the_one_time_code(self, made: House) -> None:
        device = device_of()
        client = Client()
        assert give_password(client, "reviewer", next=REVIEW)["Location"] == "/account/one-time-code/"
        assert "使用通行密钥登录" in client.get("/account/one-time-code/").content.decode()
        assert log_in(client, device.used(asked(client, "log-in")))["Location"] == REVIEW
        assert inside(client)

    def test_a_passkey_may_be_the_first_second_step_and_then_no_app_is_needed(self, made: House) -> None:
        client, device = Client(), Authenticator()
        give_password(client, "reviewer", next=REVIEW)
        answer = device.made(asked(client, "make"))
        done = client.post("/account/passkey/", {"name": "手机", "credential": answer}, headers=HOST)
        assert done.context["next"] == REVIEW
        assert done.context["made"]
        assert inside(client)
        again = Client()
        assert give_password(again, "reviewer")["Location"] == "/account/one-time-code/"
        assert not inside(again)
        page = again.get("/account/one-time-code/").content.decode()
        assert 'name="code"' not in page
        log_in(again, device.used(asked(again, "log-in")))
        assert inside(again)

    def test_the_password_alone_adds_no_passkey_where_a_second_step_is_tied(self, made: House) -> None:
        device_of()
        thief = Client()
        give_password(thief, "reviewer")
        assert thief.post("/account/passkey/question/", {"use": "make"}, headers=HOST).status_code == 403
        assert Passkey.objects.count() == 1

    def test_the_session_gets_a_new_key(self, made: House) -> None:
        device = device_of()
        client = Client()
        options = asked(client, "log-in")
        before = client.session.session_key
        log_in(client, device.used(options))
        assert client.session.session_key != before


class TestWhatIsNotGenuine:
    WRONG: tuple[tuple[str, dict[str, Any]], ...] = (
        ("another origin", {"origin": "https://evil.example"}),
        ("another site", {"site": "evil.example"}),
        ("a port that nobody asked at", {"origin": "http://localhost:9"}),
        ("nobody verified", {"flags": PRESENT}),
        ("nobody present", {"flags": 0x04}),
    )

    @pytest.mark.parametrize(("why", "wrong"), WRONG, ids=[each for each, _ in WRONG])
    def test_an_answer_from_elsewhere_is_refused(self, made: House, why: str, wrong: dict[str, Any]) -> None:
        device = device_of()
        for name, value in wrong.items():
            setattr(device, name, value)
        self.refused(device.used, Client())

    def refused(self, answered, client: Client) -> str:
        answer = log_in(client, answered(asked(client, "log-in")))
        assert answer.status_code == 422
        assert not inside(client)
        [said] = answer.context["form"].non_field_errors()
        return said

    def test_every_reason_gives_the_same_words(self, made: House, at: datetime) -> None:
        device, stranger = device_of(), Authenticator()
        other = Authenticator(credential=device.credential, count=9)  # the right name, another key
        said = {
            self.refused(stranger.used, Client()),
            self.refused(other.used, Client()),
            self.refused(lambda options: device.used({**options, "challenge": "AAAA"}), Client()),
            self.refused(
                lambda options: device.used(options, signature=b"\x30\x06\x02\x01\x01\x02\x01\x01"), Client()
            ),
            self.refused(lambda options: device.used(options, userHandle=b"P-SOMEBODYELS"), Client()),
            self.refused(lambda options: "{}", Client()),
            self.refused(lambda options: "[" * 10_000, Client()),
            self.refused(lambda options: '{"id": 1}', Client()),
            self.refused(lambda options: '{"id": "AA", "response": 7}', Client()),
            self.refused(lambda options: "", Client()),
        }
        identity.close_person(made.operator, made.reviewer.person, at=at)
        said.add(self.refused(device.used, Client()))
        assert len(said) == 1

    def test_an_answer_is_taken_once(self, made: House) -> None:
        device = device_of()
        client = Client()
        answer = device.used(asked(client, "log-in"))
        assert log_in(client, answer).status_code == 302
        client.post("/account/logout/")
        for replayer in (client, Client()):
            assert log_in(replayer, answer).status_code == 422
            assert not inside(replayer)

    def test_the_answer_to_another_session_is_refused(self, made: House) -> None:
        device = device_of()
        mine, thief = Client(), Client()
        asked(thief, "log-in")
        assert log_in(thief, device.used(asked(mine, "log-in"))).status_code == 422

    def test_a_question_is_old_after_five_minutes(self, made: House) -> None:
        device = device_of()
        client = Client()
        options = asked(client, "log-in")
        session = client.session
        session["identity.challenge"] = {
            **session["identity.challenge"],
            "since": "2020-01-01T00:00:00.000000Z",
        }
        session.save()
        assert log_in(client, device.used(options)).status_code == 422

    def test_the_second_step_takes_only_a_passkey_of_who_gave_the_password(self, made: House) -> None:
        device_of("reviewer")
        other = device_of("reviewer2")
        client = Client()
        give_password(client, "reviewer")
        assert log_in(client, other.used(asked(client, "log-in"))).status_code == 422
        assert not inside(client)

    def test_an_answer_to_the_other_ceremony_makes_no_passkey(self, made: House) -> None:
        client, device = Client(), Authenticator()
        enrolled(client, "reviewer")
        made_for_login = device.made({**asked(client, "log-in"), "user": {"id": "AAAA"}})
        answer = client.post("/account/passkeys/", {"name": "x", "credential": made_for_login}, headers=HOST)
        assert answer.status_code == 422
        assert not Passkey.objects.exists()

    @pytest.mark.parametrize(
        "wrong", [{"flags": PRESENT}, {"origin": "https://evil.example"}, {"site": "evil.example"}]
    )
    def test_a_passkey_made_elsewhere_or_without_verification_is_not_taken(
        self, made: House, wrong: dict[str, Any]
    ) -> None:
        client = Client()
        enrolled(client, "reviewer")
        assert add(client, Authenticator(**wrong)).status_code == 422
        assert not Passkey.objects.exists()

    @pytest.mark.parametrize("said", [1, True, {"usb": 1}, "usb", None, [1, "usb", "pigeon"]])
    def test_what_a_browser_says_of_the_ways_to_a_key_may_be_anything(self, said: Any) -> None:
        challenge, key = bytes(32), Authenticator()
        options = json.loads(ceremonies.making_options(challenge, "P-1", "u", "n", "h", []))
        answer = json.loads(key.made(options))
        answer["response"]["transports"] = said
        made = ceremonies.made(json.dumps(answer), challenge, ORIGIN)
        assert made.transports == (("usb",) if isinstance(said, list) else ())

    def test_with_https_only_the_public_origin_counts(self, made: House, settings) -> None:
        device = device_of()
        settings.ORIGIN = "https://localhost"
        self.refused(device.used, Client())
        device.origin = "https://localhost"
        client = Client()
        assert log_in(client, device.used(asked(client, "log-in"))).status_code == 302


class TestTheCounter:
    def test_a_counter_that_goes_back_is_refused_and_on_record(self, made: House) -> None:
        device = device_of()
        copy = Authenticator(device.key, device.credential, count=0, handle=device.handle)
        client = Client()
        log_in(client, device.used(asked(client, "log-in")))
        thief = Client()
        assert log_in(thief, copy.used(asked(thief, "log-in"))).status_code == 422
        assert not inside(thief)
        assert kinds_about(identity.person_ref(made.reviewer.person))[-1] == "passkey-copied"

    @given(st.integers(0, 3) | st.integers(0, 2**32), st.integers(0, 3) | st.integers(0, 2**32))
    def test_a_counter_must_rise_unless_there_is_none(self, known: int, shown: int) -> None:
        assert is_copied(known, shown) == (shown <= known and (known, shown) != (0, 0))


class TestTheOwnPasskeys:
    def test_several_named_and_revoked_by_their_owner_alone(self, made: House) -> None:
        client, first, second = Client(), Authenticator(), Authenticator()
        secret = enrolled(client, "reviewer")
        add(client, first, "办公电脑")
        assert add(client, second, "办公电脑").status_code == 422
        assert add(client, second, "蓝色安全密钥").status_code == 302
        page = client.get("/account/passkeys/").content.decode()
        assert "办公电脑" in page
        assert "蓝色安全密钥" in page
        code = Passkey.objects.get(name="办公电脑").code
        stranger = Client()
        enrolled(stranger, "reviewer2")
        assert stranger.post(f"/account/passkeys/{code}/revoke/").status_code == 404
        assert client.post(f"/account/passkeys/{code}/revoke/").status_code == 302
        TestWhatIsNotGenuine().refused(first.used, Client())
        again = Client()
        assert log_in(again, second.used(asked(again, "log-in"))).status_code == 302
        third = Client()
        give_password(third, "reviewer")
        assert third.post("/account/one-time-code/", {"code": later_code(secret)}).status_code == 302

    def test_the_last_second_step_is_not_revoked(self, made: House) -> None:
        client, device = Client(), Authenticator()
        give_password(client, "reviewer")
        answer = device.made(asked(client, "make"))
        client.post("/account/passkey/", {"name": "手机", "credential": answer}, headers=HOST)
        code = Passkey.objects.get().code
        assert client.post(f"/account/passkeys/{code}/revoke/").status_code == 422
        assert Passkey.objects.filter(revoked_at__isnull=True).count() == 1

    def test_a_reset_ends_all_of_them(self, made: House, at: datetime) -> None:
        device = device_of()
        reset(made, "reviewer", "another long secret", at)
        TestWhatIsNotGenuine().refused(device.used, Client())

    def test_one_credential_belongs_to_one_person(self, made: House) -> None:
        device = device_of("reviewer")
        client = Client()
        enrolled(client, "reviewer2")
        assert add(client, device, "借来的").status_code == 422

    @given(st.integers(0, PASSKEYS_AT_MOST + 2), st.integers(0, 2) | st.integers(59, 62))
    def test_names_and_numbers_are_bounded(self, number: int, length: int) -> None:
        found = {each.rule for each in passkey_findings("字" * length, [f"钥{n}" for n in range(number)])}
        assert ("passkeys-too-many" in found) == (number >= PASSKEYS_AT_MOST)
        assert ("text-length" in found) == (not 1 <= length <= 60)


class TestGuessing:
    def test_wrong_answers_lock_the_address(self, made: House) -> None:
        device = device_of()
        client = Client()
        for _ in range(ADDRESS.most):
            log_in(client, "{}")
        answer = log_in(client, device.used(asked(client, "log-in")))
        assert answer.status_code == 422
        assert "分钟" in answer.content.decode()

    def test_wrong_answers_as_the_second_step_lock_the_person_on_record(self, made: House) -> None:
        device_of()
        client = Client()
        give_password(client, "reviewer")
        for _ in range(ONE_TIME_CODE.most):
            assert log_in(client, "{}").status_code == 422
        assert kinds_about(identity.person_ref(made.reviewer.person))[-1] == "login-locked"

    def test_questions_are_counted_by_address(self, made: House) -> None:
        for _ in range(CHALLENGES.most):
            asked(Client(), "log-in")
        assert Client().post("/account/passkey/question/", {"use": "log-in"}, headers=HOST).status_code == 429

    def test_a_person_without_password_logs_in_with_nothing_but_their_passkey(self, made: House) -> None:
        device = device_of()
        Person.objects.filter(username="reviewer").update(password="!")
        client = Client()
        assert give_password(client, "reviewer", PASSWORD).status_code == 422
        assert log_in(client, device.used(asked(client, "log-in"))).status_code == 302
