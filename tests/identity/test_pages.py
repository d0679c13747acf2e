"""The pages of identity: both languages, typed input kept, every refusal at its field, the whole way in a browser's steps."""

from __future__ import annotations

from datetime import datetime

import pyotp
import pytest
from django.test import Client
from django.urls import get_resolver

from tests.identity.people import COMPANY, COMPANY_SAYS, PASSWORD, House, admitted, house, registered
from tests.identity.test_login import enrolled
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Organisation, Person
from yiwang.common.identity.throttle import REGISTRATION
from yiwang.common.identity.urls import urlpatterns
from yiwang.pure.kernel.actors import BIDDER, TENDEREE, Permission
from yiwang.record.journal.api import real_now

LANGUAGES = [("", "zh-Hans"), ("/en", "en")]
REGISTRATION_FORM = {
    "code": COMPANY,
    "name": COMPANY_SAYS["name"],
    "region": "620502",
    "address": COMPANY_SAYS["address"],
    "roles": [TENDEREE, BIDDER],
    "contact_name": "王秀英",
    "contact_phone": "0938-8210000",
    "person_name": "王秀英",
    "person_phone": "13893800001",
    "username": "wangxiuying",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


@pytest.fixture
def reviewer(made: House) -> Client:
    return entered(made.reviewer)


def entered(actor) -> Client:
    client = Client()
    client.post("/account/enter-as/", {"as": f"{actor.person}:{actor.organisation}:{actor.role}"})
    return client


def test_every_route_declares_its_permission() -> None:
    for each in urlpatterns:
        assert isinstance(each.callback.permission, Permission), each.name
    assert get_resolver()


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
class TestBothLanguages:
    @pytest.mark.parametrize("page", ["login", "register", "enter-as"])
    def test_pages_for_visitors(self, made: House, prefix: str, language: str, page: str) -> None:
        answer = Client().get(f"{prefix}/account/{page}/")
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.content.decode()

    def test_pages_of_the_second_step(self, made: House, prefix: str, language: str) -> None:
        client = Client()
        form = {"username": "reviewer", "password": PASSWORD}
        assert client.post(f"{prefix}/account/login/", form)["Location"] == f"{prefix}/account/enrol/"
        page = client.get(f"{prefix}/account/enrol/")
        assert f'<html lang="{language}"' in page.content.decode()
        assert 'src="data:image/svg+xml' in page.content.decode()
        client.post(f"{prefix}/account/enrol/", {"code": pyotp.TOTP(page.context["secret"]).at(real_now())})
        again = Client()
        again.post(f"{prefix}/account/login/", form)
        page = again.get(f"{prefix}/account/one-time-code/")
        assert f'<html lang="{language}"' in page.content.decode()
        assert 'inputmode="numeric"' in page.content.decode()

    def test_pages_of_the_centre(self, made: House, at: datetime, prefix: str, language: str) -> None:
        identity.submit_registration(registered(made, at), COMPANY, at=at)
        client = entered(made.reviewer)
        for path in ("review/", f"review/{COMPANY}/", "organisation/people/", "choose/"):
            answer = client.get(f"{prefix}/account/{path}")
            assert answer.status_code == 200, path
            assert f'<html lang="{language}"' in answer.content.decode()

    def test_pages_of_an_organisation_in_every_state(
        self, made: House, at: datetime, prefix: str, language: str
    ) -> None:
        actor = registered(made, at)
        client = entered(actor)

        def shown() -> str:
            answer = client.get(f"{prefix}/account/organisation/")
            assert answer.status_code == 200
            return answer.content.decode()

        assert "<form" in shown()
        identity.submit_registration(actor, COMPANY, at=at)
        assert 'name="contact_phone"' not in shown()
        identity.return_registration(made.reviewer, COMPANY, ["地址与执照不一致"], at=at)
        assert "地址与执照不一致" in shown()
        identity.submit_registration(actor, COMPANY, at=at)
        identity.admit_organisation(made.reviewer, COMPANY, at=at)
        client.post("/account/choose/", {"as": f"{COMPANY}:{TENDEREE}"})
        assert 'name="contact_phone"' in shown()


class TestRegistering:
    def test_from_the_form_to_the_review(self, made: House, at: datetime) -> None:
        client = Client()
        answer = client.post("/account/register/", REGISTRATION_FORM)
        assert answer.status_code == 302, answer.context["form"].errors
        secret = client.get(answer["Location"]).context["secret"]
        answer = client.post("/account/enrol/", {"code": pyotp.TOTP(secret).at(real_now())})
        assert answer.context["next"] == "/account/organisation/"
        given = {key: REGISTRATION_FORM[key] for key in COMPANY_SAYS}
        client.post("/account/organisation/", {**given, "address": "秦州区解放路88号", "submit": "yes"})
        party = identity.organisation(COMPANY)
        assert (party.status, party.address) == ("submitted", "秦州区解放路88号")

    def test_all_objections_at_their_fields_and_nothing_typed_is_lost(self, made: House) -> None:
        wrong = {
            **REGISTRATION_FORM,
            "code": "91620500MA0000000",
            "contact_phone": "12",
            "username": "reviewer",
            "password": "password12",
            "password_again": "password12",
        }
        answer = Client().post("/account/register/", wrong)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"code", "contact_phone", "username", "password"}
        page = answer.content.decode()
        for typed in ("91620500MA0000000", "秦州区民主西路1号", "13893800001"):
            assert f'value="{typed}"' in page
        assert "password12" not in page
        assert '<a href="#id_code">' in page
        assert not Person.objects.filter(username="wangxiuying").exists()

    def test_two_different_passwords_are_noticed(self, made: House) -> None:
        answer = Client().post("/account/register/", {**REGISTRATION_FORM, "password_again": "x"})
        assert set(answer.context["form"].errors) == {"password_again"}
        assert not Organisation.objects.filter(code=COMPANY).exists()

    def test_one_address_registers_only_so_often(self, made: House) -> None:
        for _ in range(REGISTRATION.most):
            assert Client().post("/account/register/", {}).status_code == 422
        answer = Client().post("/account/register/", REGISTRATION_FORM)
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        elsewhere = Client(REMOTE_ADDR="203.0.113.9")
        assert elsewhere.post("/account/register/", REGISTRATION_FORM).status_code == 302

    def test_an_admitted_organisation_cannot_rename_itself(self, made: House, at: datetime) -> None:
        client = entered(admitted(made, at))
        given = {**{key: REGISTRATION_FORM[key] for key in COMPANY_SAYS}, "name": "另一家公司"}
        answer = client.post("/account/organisation/", {**given, "save": "yes"})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"name"}
        assert 'value="另一家公司"' in answer.content.decode()

    def test_an_administrator_adds_a_colleague_on_the_page(self, made: House, at: datetime) -> None:
        client = entered(admitted(made, at))
        colleague = {
            "person_name": "李伟",
            "person_phone": "13893800002",
            "username": "ｌｉｗｅｉ",
            "password": PASSWORD,
            "password_again": PASSWORD,
            "roles": [TENDEREE],
        }
        assert client.post("/account/organisation/people/", colleague).status_code == 302
        assert {each.name for each in identity.people_of(COMPANY)} == {"王秀英", "李伟"}
        answer = client.post("/account/organisation/people/", colleague)
        assert set(answer.context["form"].errors) == {"username"}


class TestReviewing:
    def test_a_return_with_reasons_then_an_admission(self, made: House, at: datetime) -> None:
        actor = registered(made, at)
        identity.submit_registration(actor, COMPANY, at=at)
        client = entered(made.reviewer)
        page = f"/account/review/{COMPANY}/"
        assert client.post(page, {"verdict": "return", "reasons": ""}).status_code == 422
        typed = {"verdict": "return", "reasons": "短\n地址与执照不一致"}
        refused = client.post(page, typed)
        assert refused.status_code == 422
        assert "短\n地址与执照不一致" in refused.content.decode()
        reasons = "地址与执照不一致\n\n联系电话无法接通"
        assert client.post(page, {"verdict": "return", "reasons": reasons}).status_code == 302
        assert Organisation.objects.get(code=COMPANY).reasons == ["地址与执照不一致", "联系电话无法接通"]
        identity.submit_registration(actor, COMPANY, at=at)
        assert client.post(page, {"verdict": "admit"}).status_code == 302
        assert identity.organisation(COMPANY).admitted

    def test_the_supervision_reads_but_does_not_decide(self, made: House, at: datetime) -> None:
        identity.submit_registration(registered(made, at), COMPANY, at=at)
        client = entered(made.supervisor)
        page = client.get(f"/account/review/{COMPANY}/")
        assert page.status_code == 200
        assert 'name="verdict"' not in page.content.decode()
        assert client.post(f"/account/review/{COMPANY}/", {"verdict": "admit"}).status_code == 422
        assert identity.organisation(COMPANY).status == "submitted"

    def test_a_party_sees_no_review(self, made: House, at: datetime) -> None:
        client = entered(admitted(made, at))
        assert client.get("/account/review/").status_code == 403
        assert client.get(f"/account/review/{COMPANY}/").status_code == 403

    def test_the_list_filters_and_goes_to_excel(self, reviewer: Client, made: House, at: datetime) -> None:
        identity.submit_registration(registered(made, at), COMPANY, at=at)
        waiting = reviewer.get("/account/review/", {"status": "submitted"})
        assert [row.code for row in waiting.context["listing"].found] == [COMPANY]
        assert reviewer.get("/account/review/", {"q": "交易中心"}).context["listing"].count == 1
        excel = reviewer.get("/account/review/", {"format": "excel"})
        assert excel["Content-Type"].startswith("application/vnd.openxmlformats")

    def test_an_unknown_code_is_not_found(self, reviewer: Client) -> None:
        assert reviewer.get("/account/review/NOBODY/").status_code == 404


def test_a_person_without_organisation_has_no_organisation_page(made: House) -> None:
    client = Client()
    enrolled(client, "applicant")
    assert client.get("/account/organisation/").status_code == 404
    assert client.get("/account/choose/").status_code == 200
