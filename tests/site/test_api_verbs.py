"""Keys and what is done with them: a bid from a program, twice the same request, and everything that is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.site.api_world import SHEET, V1, Program, Town, paper, town
from tests.site.test_api_reads import ANYBODY, problem_of, rules_of
from tests.trading.world import market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Envelope
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import ApiKey, Person
from yiwang.common.identity.throttle import KEY_VERBS, WRONG_KEY
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import timeline


@pytest.fixture
def built(db: None) -> Town:
    return town()


@pytest.fixture
def bidder(built: Town) -> Program:
    return built.program(built.market.bidders[0])


def bid_of(lot: str, program: Program, once: str = "", path: str = "bid", **change: object):
    return program.post(f"/lots/{lot}/{path}", {**SHEET, "papers": [paper()], **change}, once)


class TestKeys:
    def test_a_key_acts_as_who_made_it_and_is_stored_only_as_a_digest(self, built, bidder):
        shown = bidder.get("/me").json()
        actor = built.market.bidders[0]
        assert shown == {"person": actor.person, "organisation": actor.organisation, "role": "bidder"}
        stored = ApiKey.objects.get()
        assert bidder.key not in str(vars(stored).values())
        assert bidder.key.startswith(stored.beginning)
        kinds = [each.kind for each in timeline(identity.person_ref(actor.person), public_only=False)]
        assert kinds[-1] == "api-key-made"

    def test_without_a_key_nothing_of_an_organisation_is_told(self, built):
        response = ANYBODY.get("/me")
        assert rules_of(response, 401) == ["api-key-needed"]
        assert response["WWW-Authenticate"].startswith("Bearer")

    @pytest.mark.parametrize("key", ["yw_nobody", "é", "x" * 4000, "a b c"])
    def test_a_key_that_nobody_has_is_refused(self, built, key):
        client = Client(headers={"Authorization": f"Bearer {key}"})
        assert rules_of(client.get(V1 + "/me"), 401) == ["api-key-wrong"]

    @pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic eDp5", "yw_x"])
    def test_a_header_without_a_bearer_key_is_as_none(self, built, header):
        client = Client(headers={"Authorization": header})
        assert rules_of(client.get(V1 + "/me"), 401) == ["api-key-needed"]

    def test_a_session_is_no_key(self, built):
        client = Client()
        client.force_login(Person.objects.get(code=built.market.bidders[0].person))
        assert client.get("/hall/").status_code == 200
        assert rules_of(client.get(V1 + "/me"), 401) == ["api-key-needed"]

    def test_it_stops_when_it_is_revoked(self, built, bidder):
        actor = built.market.bidders[0]
        (line,) = identity.keys_of(actor.organisation)
        identity.revoke_key(actor, line.code, at=built.market.now)
        assert rules_of(bidder.get("/me"), 401) == ["api-key-wrong"]
        assert identity.keys_of(actor.organisation) == []
        with pytest.raises(Refused, match="key-unknown"):
            identity.revoke_key(actor, line.code, at=built.market.now)

    def test_it_stops_with_the_person(self, built, bidder):
        Person.objects.filter(code=built.market.bidders[0].person).update(is_active=False)
        assert rules_of(bidder.get("/me"), 401) == ["api-key-wrong"]

    def test_nobody_revokes_the_key_of_another_organisation(self, built, bidder):
        (line,) = identity.keys_of(built.market.bidders[0].organisation)
        with pytest.raises(Refused, match="key-unknown"):
            identity.revoke_key(built.market.bidders[1], line.code, at=built.market.now)
        assert bidder.get("/me").status_code == 200

    def test_only_an_administrator_makes_one_and_each_has_its_name(self, built, bidder):
        with pytest.raises(Refused, match="key-name-taken"):
            built.program(built.market.bidders[0])
        stranger = Actor(built.market.bidders[1].person, built.market.bidders[0].organisation, "bidder")
        with pytest.raises(Refused) as refused:
            built.program(stranger, "另一个")
        assert {each.rule for each in refused.value.findings} == {"not-administrator", "membership-unknown"}
        with pytest.raises(Refused, match="no-permission"):
            built.program(built.market.staff.checker)

    def test_guessing_is_slowed_down_as_at_login_and_a_good_key_waits_too(self, built, bidder):
        for n in range(WRONG_KEY.most):
            assert Program(f"yw_{n}").get("/me").status_code == 401
        response = bidder.get("/me")
        assert rules_of(response, 429) == ["api-too-many"]
        assert 0 < int(response["Retry-After"]) <= WRONG_KEY.lock_seconds + 1

    def test_verbs_have_a_measure_a_minute_and_then_the_key_waits(self, built, bidder, monkeypatch):
        monkeypatch.setattr(
            "yiwang.common.identity.key_tries.KEY_VERBS", type(KEY_VERBS)("key-verbs", 2, 60, 60)
        )
        path = f"/lots/{built.market.lot}/taking"
        assert [bidder.post(path).status_code for _ in range(3)] == [200, 200, 429]
        assert rules_of(bidder.get("/me"), 429) == ["api-too-many"]
        assert ANYBODY.get("/feed").status_code == 200


class TestPageOfKeys:
    def test_an_administrator_makes_a_key_sees_it_once_and_revokes_it(self, built):
        client = Client()
        actor = built.market.bidders[0]
        client.force_login(Person.objects.get(code=actor.person))
        answer = client.post("/account/organisation/keys/", {"name": "一号机"})
        key = answer.context["made"].key
        assert key in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert Program(key).get("/me").status_code == 200
        listed = client.get("/en/account/organisation/keys/").content.decode()
        assert key not in listed
        assert key[:9] in listed
        again = client.post("/account/organisation/keys/", {"name": "一号机"})
        assert again.status_code == 422
        (line,) = identity.keys_of(actor.organisation)
        asked = client.get(f"/account/organisation/keys/{line.code}/revoke/")
        assert "一号机" in asked.content.decode()
        assert client.post(f"/account/organisation/keys/{line.code}/revoke/").status_code == 302
        assert Program(key).get("/me").status_code == 401

    def test_another_organisation_does_not_find_it(self, built, bidder):
        (line,) = identity.keys_of(built.market.bidders[0].organisation)
        client = Client()
        client.force_login(Person.objects.get(code=built.market.bidders[1].person))
        assert client.post(f"/account/organisation/keys/{line.code}/revoke/").status_code == 404
        assert bidder.get("/me").status_code == 200


class TestBids:
    def test_a_program_takes_the_documents_and_hands_in_a_bid(self, built, bidder):
        lot = built.market.lot
        assert [each["step"] for each in bidder.get("/me/todos").json()["todos"]] == ["take-documents"]
        taken = bidder.post(f"/lots/{lot}/taking").json()
        (document,) = taken["documents"]
        content = b"".join(bidder.get(f"/lots/{lot}/documents/{document['sha256']}").streaming_content)
        assert len(content) == document["size"]
        receipt = bid_of(lot, bidder)
        assert receipt.status_code == 201
        assert bidder.get("/me/receipts").json()["receipts"] == [receipt.json()]
        assert [each["code"] for each in bidder.get("/me/lots").json()["lots"]] == [lot]
        assert receipt["Cache-Control"] == "private, no-store"
        assert Envelope.objects.get().leaf_hash == receipt.json()["leaf_hash"]

    def test_who_did_not_take_the_documents_reads_none(self, built, bidder):
        (document,) = bidder.post(f"/lots/{built.market.lot}/taking").json()["documents"]
        other = built.program(built.market.bidders[1])
        path = f"/lots/{built.market.lot}/documents/{document['sha256']}"
        assert rules_of(other.get(path), 404) == ["api-not-found"]
        assert rules_of(bidder.get(path[:-1] + ("0" if path[-1] != "0" else "1")), 404) == ["api-not-found"]

    def test_a_paper_stored_before_is_handed_in_by_its_token(self, built, bidder):
        bidder.post(f"/lots/{built.market.lot}/taking")
        kept = bidder.post("/documents", {"file": paper("商务标")})
        assert kept.status_code == 201
        receipt = bid_of(built.market.lot, bidder, papers=[], kept=[kept.json()["token"]])
        assert receipt.json()["papers"] == [{"sha256": kept.json()["sha256"], "name": "商务标.pdf"}]

    def test_a_token_of_another_organisation_is_refused_with_every_other_bad_file(self, built, bidder):
        token = built.program(built.market.bidders[1]).post("/documents", {"file": paper()}).json()["token"]
        bidder.post(f"/lots/{built.market.lot}/taking")
        wrong = SimpleUploadedFile("a.pdf", b"MZ not a pdf", content_type="application/pdf")
        refused = bid_of(built.market.lot, bidder, papers=[wrong], kept=[token, "x"])
        assert sorted(rules_of(refused, 422)) == ["api-token", "api-token", "file-type"]
        assert not Envelope.objects.exists()

    def test_the_same_request_twice_is_done_once(self, built, bidder):
        bidder.post(f"/lots/{built.market.lot}/taking")
        first = bid_of(built.market.lot, bidder, once="bid-1")
        second = bid_of(built.market.lot, bidder, once="bid-1")
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert Envelope.objects.count() == 1

    def test_a_key_used_again_for_something_else_is_refused(self, built, bidder):
        bidder.post(f"/lots/{built.market.lot}/taking")
        bid_of(built.market.lot, bidder, once="bid-1")
        other = bid_of(built.market.lot, bidder, once="bid-1", price_fen=1)
        assert rules_of(other, 422) == ["idempotency-key-reused"]
        elsewhere = bid_of(built.market.lot, bidder, once="bid-1", path="bid/replacement")
        assert rules_of(elsewhere, 422) == ["idempotency-key-reused"]
        assert Envelope.objects.count() == 1

    def test_the_keys_of_two_organisations_never_meet(self, built, bidder):
        other = built.program(built.market.bidders[1])
        for each in (bidder, other):
            each.post(f"/lots/{built.market.lot}/taking")
            assert bid_of(built.market.lot, each, once="same").status_code == 201
        assert Envelope.objects.count() == 2

    def test_a_refused_request_leaves_its_key_free(self, built, bidder):
        nothing_to_replace = bid_of(built.market.lot, bidder, once="bid-1", path="bid/replacement")
        problem_of(nothing_to_replace, 422)
        assert bid_of(built.market.lot, bidder, once="bid-1").status_code == 201

    @pytest.mark.parametrize("key", ["x" * 65, "a b", "ü"])
    def test_an_idempotency_key_of_another_form_is_refused(self, built, bidder, key):
        assert rules_of(bidder.post(f"/lots/{built.market.lot}/taking", {}, key), 422) == ["api-key-form"]

    def test_a_bid_is_replaced_and_withdrawn_until_the_deadline_and_not_after(self, built, bidder):
        lot = built.market.lot
        bidder.post(f"/lots/{lot}/taking")
        first = bid_of(lot, bidder).json()
        problem_of(bid_of(lot, bidder), 422)
        second = bid_of(lot, bidder, path="bid/replacement", price_fen=499_000_000).json()
        assert (first["number"], second["number"]) == (1, 2)
        assert bidder.post(f"/lots/{lot}/bid/withdrawal").json()["lot"] == lot
        assert bidder.get("/me/receipts").json()["receipts"] == []
        problem_of(bidder.post(f"/lots/{lot}/bid/withdrawal"), 422)
        assert bid_of(lot, bidder).status_code == 201
        built.until(built.market.deadline_at)
        late = problem_of(bid_of(lot, bidder, path="bid/replacement"), 422)
        assert any(
            "第二十八条" in each["source"] or "第二十九条" in each["source"] for each in late["findings"]
        )

    def test_a_refusal_names_every_reason_and_its_article(self, built, bidder):
        built.until(built.market.deadline_at + timedelta(hours=1))
        found = problem_of(bid_of(built.market.lot, bidder), 422)["findings"]
        assert any(each["source"] for each in found)

    @pytest.mark.parametrize(
        "change",
        [
            {"price_fen": "-1"},
            {"price_fen": "1.5"},
            {"price_fen": str(2**53)},
            {"price_fen": "NaN"},
            {"period_days": "0"},
            {"quality": ""},
            {"quality": "a\x00b"},
            {"manager": "x" * 61},
        ],
    )
    def test_a_sheet_that_does_not_fit_is_refused_at_its_field(self, built, bidder, change):
        bidder.post(f"/lots/{built.market.lot}/taking")
        found = problem_of(bid_of(built.market.lot, bidder, **change), 422)["findings"]
        assert [each["field"] for each in found] == list(change)

    def test_every_missing_field_is_named(self, built, bidder):
        found = problem_of(bidder.post(f"/lots/{built.market.lot}/bid"), 422)["findings"]
        assert {each["field"] for each in found} == set(SHEET)

    def test_a_body_that_is_none_is_a_problem(self, built, bidder):
        response = bidder.client.post(
            f"{V1}/lots/{built.market.lot}/bid", b"--x\r\n\r\n", content_type="multipart/form-data"
        )
        assert rules_of(response, 400) == ["api-body"]
        response = bidder.client.post(f"{V1}/documents", b"{", content_type="application/json")
        problem_of(response, 422)

    def test_a_request_larger_than_a_document_may_be_is_refused_before_it_is_read(
        self, built, bidder, settings
    ):
        settings.MAX_DOCUMENT_BYTES = 10
        settings.FILE_UPLOAD_HANDLERS = [
            "yiwang.record.files.upload.RefuseBySize",
            *settings.FILE_UPLOAD_HANDLERS[1:],
        ]
        big = {"file": paper("x"), "filler": "y" * (1 << 20)}
        assert rules_of(bidder.post("/documents", big), 413) == ["file-too-large"]
        assert rules_of(bidder.post("/documents", {"file": paper("x")}), 413) == ["file-too-large"]

    def test_what_nobody_has_is_not_found(self, built, bidder):
        assert rules_of(bidder.post("/lots/NOWHERE/taking"), 404) == ["no-such-lot"]
        assert rules_of(bidder.post("/lots/NOWHERE/bid/withdrawal"), 404) == ["no-such-lot"]


def test_a_tenderee_has_lots_and_to_dos_and_may_not_bid(built):
    host = built.program(built.market.hosts[0])
    assert [each["code"] for each in host.get("/me/lots").json()["lots"]] == [built.market.lot]
    assert host.get("/me/todos").status_code == 200
    assert rules_of(host.post(f"/lots/{built.market.lot}/bid"), 403) == ["no-permission"]
    assert rules_of(host.get("/me/receipts", {"x": 1}), 403) == ["no-permission", "api-unknown-parameter"]


def test_who_did_not_win_is_told(db):
    made = market()
    made.to_award([500_000_000, 510_000_000, 520_000_000])
    trading.award(made.hosts[0], made.lot, made.bidders[0].organisation, made.now)
    built = Town(made)
    told = [built.program(each).get("/me/messages").json()["messages"] for each in made.bidders[:2]]
    assert [messages[0]["matter"] for messages in told] == ["award-letter", "not-chosen"]
