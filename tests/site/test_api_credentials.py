"""Credentials for programs: states that anybody may read, submitting once, and nothing about persons for others."""

from __future__ import annotations

import pytest

from tests.site.api_world import Program, Town, paper, town
from tests.site.test_api_reads import rules_of
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Credential
from yiwang.record.journal.api import business_now

QUALIFICATION = {
    "kind": "qualification", "title": "建筑工程施工总承包", "level": "二级", "number": "D262000001",
    "issuer": "甘肃省住房和城乡建设厅", "valid_until": "2029-12-31",
}  # fmt: skip
PERSON = {
    "kind": "personnel", "person_name": "李雷", "title": "注册建造师", "number": "甘262000000001",
    "valid_until": "2029-12-31",
}  # fmt: skip


@pytest.fixture
def built(db: None) -> Town:
    return town()


@pytest.fixture
def bidder(built: Town) -> Program:
    return built.program(built.market.bidders[0])


def submitted(program: Program, fields: dict[str, object], once: str = "") -> str:
    response = program.post("/credentials", {**fields, "papers": [paper("证书")]}, once)
    assert response.status_code == 201, response.content
    return str(response.json()["code"])


def test_a_credential_is_submitted_verified_by_a_person_and_then_read_by_everybody(built, bidder):
    anybody, organisation = Program(), built.market.bidders[0].organisation
    code = submitted(bidder, QUALIFICATION)
    [line] = bidder.get("/me/credentials").json()["credentials"]
    assert (line["code"], line["verified"], line["versions"][0]["status"]) == (code, None, "submitted")
    assert anybody.get(f"/credentials/{code}").status_code == 404
    assert anybody.get(f"/suppliers/{organisation}/credentials").json() == {"credentials": []}
    identity.verify_credential(built.market.staff.checker, code, at=business_now())
    shown = anybody.get(f"/credentials/{code}").json()
    assert (shown["organisation"], shown["validity"], shown["valid_until"]) == (
        organisation, "valid", "2029-12-31",
    )  # fmt: skip
    [mine] = bidder.get("/me/credentials").json()["credentials"]
    assert mine["verified"] == 1
    assert shown["digest"] == mine["versions"][0]["digest"]
    assert [
        each["code"] for each in anybody.get(f"/suppliers/{organisation}/credentials").json()["credentials"]
    ] == [code]


def test_the_same_request_with_its_key_submits_once_and_another_one_is_refused(built, bidder):
    first, again = (submitted(bidder, QUALIFICATION, once="a") for _ in range(2))
    assert first == again
    assert Credential.objects.count() == 1
    other = bidder.post("/credentials", {**QUALIFICATION, "level": "一级", "papers": [paper("证书")]}, "a")
    assert rules_of(other, 422) == ["idempotency-key-reused"]


def test_what_is_about_a_person_only_its_organisation_reads(built, bidder):
    code = submitted(bidder, PERSON)
    identity.verify_credential(built.market.staff.checker, code, at=business_now())
    assert Program().get(f"/credentials/{code}").status_code == 404
    organisation = built.market.bidders[0].organisation
    assert "李雷" not in Program().get(f"/suppliers/{organisation}/credentials").content.decode()
    stranger = built.program(built.market.bidders[1])
    assert stranger.get("/me/credentials").json() == {"credentials": []}
    assert rules_of(stranger.post(f"/credentials/{code}/withdrawal"), 404) == ["api-not-found"]
    assert bidder.post(f"/credentials/{code}/withdrawal", once="w").json() == {"code": code}
    assert bidder.post(f"/credentials/{code}/withdrawal", once="w").json() == {"code": code}
    assert bidder.get("/me/credentials").json() == {"credentials": []}


def test_what_is_wrong_is_said_all_at_once_and_strange_parts_are_refused(built, bidder):
    empty = bidder.post("/credentials", {"kind": "qualification"})
    assert set(rules_of(empty, 422)) == {"credential-part", "credential-documents"}
    strange = bidder.post("/credentials", {**QUALIFICATION, "client": "某单位", "amount_fen": 5})
    assert rules_of(strange, 422) == ["api-unknown-parameter"] * 2
    text = bidder.post("/credentials", {**QUALIFICATION, "papers": [b"no file"]})
    assert text.status_code == 422
    assert Program().get("/suppliers/91620502MA00000000/credentials").status_code == 404
    assert Program().post("/credentials", QUALIFICATION).status_code == 401


def test_a_further_version_waits_beside_the_one_that_counts(built, bidder):
    code = submitted(bidder, QUALIFICATION)
    identity.verify_credential(built.market.staff.checker, code, at=business_now())
    assert submitted(bidder, {**QUALIFICATION, "of": code, "level": "一级"}) == code
    [line] = bidder.get("/me/credentials").json()["credentials"]
    assert [each["status"] for each in line["versions"]] == ["submitted", "verified"]
    assert Program().get(f"/credentials/{code}").json()["facts"]["level"] == "二级"
