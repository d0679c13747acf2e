"""Public reads of /api/v1 and the feed: what they give, and every refusal as a problem with its sentences."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.site.api_world import Program, Town, town
from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.doors.website import rest
from yiwang.doors.website.models import SearchEntry, place_of
from yiwang.law import api as law
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import leaf_hash, public_feed
from yiwang.site.rest import openapi_document

ANYBODY = Program()


@pytest.fixture
def built(db: None) -> Town:
    return town()


def problem_of(response, status: int) -> dict:
    """The problem of a response that must be one, with sentences in both languages for every finding."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == status
    assert body["findings"]
    for each in body["findings"]:
        assert set(each) == {"rule", "source", "field", "level", "zh", "en"}
        assert each["zh"]
        assert each["en"]
    return body


def rules_of(response, status: int) -> list[str]:
    return [each["rule"] for each in problem_of(response, status)["findings"]]


class TestNotices:
    def test_a_published_notice_is_listed_and_its_body_has_the_digest_that_the_journal_holds(self, built):
        listed = ANYBODY.get("/notices").json()
        assert [each["lot"] for each in listed["notices"]] == [built.market.lot]
        assert listed["next"] is None
        one = ANYBODY.get(f"/notices/{listed['notices'][0]['code']}").json()
        assert hashlib.sha256(one["body"].encode()).hexdigest() == one["sha256"]
        recorded = [each for each in public_feed(0, 1000) if each.kind == "notice-published"]
        assert [each.facts["sha256"] for each in recorded] == [one["sha256"]]
        assert json.loads(one["body"])["values"] == one["values"]

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"category": "works"}, 1),
            ({"category": "land"}, 0),
            ({"region": "620503"}, 1),
            ({"region": "620502"}, 0),
            ({"stage": "bidding"}, 1),
            ({"stage": "closed"}, 0),
            ({"form": "tender-notice"}, 1),
            ({"first_on": "2026-03-03", "last_on": "2026-03-03"}, 1),
            ({"first_on": "2026-03-04"}, 0),
            ({"last_on": "2026-03-02"}, 0),
            ({"query": "教学楼"}, 1),
            ({"query": "垃圾处理"}, 0),
            ({"query": '" OR 1=1 --'}, 0),
        ],
    )
    def test_filters_leave_what_fits(self, built, asked, found):
        assert len(ANYBODY.get("/notices", asked).json()["notices"]) == found

    def test_a_draft_has_no_address(self, built):
        kept = built.market
        draft = kept.register()
        terms = kept.terms()
        code = trading.draft_tender_notice(kept.hosts[0], draft, terms, kept.now).code
        assert notices.notice(code).status == "draft"
        assert rules_of(ANYBODY.get(f"/notices/{code}"), 404) == ["api-not-found"]

    def test_pages_by_cursor_hold_every_lot_once_though_more_come_meanwhile(self, built):
        for _ in range(5):
            built.market.register()
        built.catch_up()
        seen, cursor = [], ""
        for turn in range(4):
            page = ANYBODY.get("/lots", {"limit": 2, "cursor": cursor}).json()
            seen += [each["code"] for each in page["lots"]]
            cursor = page["next"] or ""
            if turn == 0:
                later = built.market.register()
                built.catch_up()
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == 6
        assert later not in seen

    @pytest.mark.parametrize("year", [1949, 1999, 2026, 2100])
    def test_a_cursor_of_ours_is_read_whenever_its_entry_was_shown(self, year):
        shown_at = datetime(year, 10, 1, tzinfo=UTC)
        entry = SearchEntry(id=place_of(shown_at) + 3, shown_at=shown_at)
        assert rest._place(rest._cursor_of(entry)) == (shown_at, entry.pk)

    @pytest.mark.parametrize("cursor", ["x", "MQ==", "2026", "é", "MjAyNi0wMy0wM1QwMTowMDowMC4wMDAwMDBaIC0x"])
    def test_a_cursor_that_is_none_is_refused(self, built, cursor):
        assert rules_of(ANYBODY.get("/notices", {"cursor": cursor}), 422) == ["api-cursor"]


class TestProjects:
    def test_a_lot_shows_its_deadline_with_the_clock_of_the_law(self, built):
        lot = ANYBODY.get(f"/lots/{built.market.lot}").json()
        assert lot["stage"] == "bidding"
        assert lot["deadline_at"] == iso(built.market.deadline_at)
        assert {"W03"} <= {each["rule"] for each in lot["clocks"]}
        assert all(each["source"] for each in lot["clocks"])
        project = ANYBODY.get(f"/projects/{lot['project']}").json()
        assert project["lots"] == [lot]
        assert project["region"] == "620503"

    def test_before_the_opening_no_bidder_shows(self, built):
        built.market.bid([500_000_000, 510_000_000, 520_000_000])
        shown = ANYBODY.get(f"/lots/{built.market.lot}").content.decode()
        assert json.loads(shown)["records"] == []
        assert not any(each.organisation in shown for each in built.market.bidders)

    @pytest.mark.parametrize("path", ["/lots/NOWHERE", "/projects/NOWHERE", "/notices/NOWHERE"])
    def test_what_nobody_has_is_not_found(self, built, path):
        assert rules_of(ANYBODY.get(path), 404) == ["api-not-found"]


class TestLaw:
    def test_limits_stand_with_their_articles(self, rehearsal):
        found = ANYBODY.get("/law/limits", {"on": "2026-03-02"}).json()
        assert len(found["limits"]) == len(law.limits(date(2026, 3, 2)))
        one = ANYBODY.get("/law/limits/W03", {"on": "2026-03-02"}).json()
        assert (one["value"], one["unit"]) == (20, "calendar-day")
        assert "第二十四条" in one["source"]

    def test_a_period_over_a_holiday_names_every_day_left_out(self, rehearsal):
        asked = {"begins": "2023-04-28T09:00+08:00"}
        shown = ANYBODY.get("/law/limits/W21/explain", asked).json()
        assert shown["not_counted"]
        assert all(each["why"] and each["why_en"] for each in shown["not_counted"])
        assert shown == json.loads(json.dumps(shown))

    @pytest.mark.parametrize(
        ("path", "asked", "status", "rule"),
        [
            ("/law/limits/W99", {}, 404, "api-not-found"),
            ("/law/limits/W03/explain", {}, 422, "api-input"),
            ("/law/limits/W03/explain", {"begins": "yesterday"}, 422, "api-instant"),
            ("/law/limits/W03/explain", {"begins": "9999-12-31", "on": "2026-03-02"}, 422, "api-law-range"),
            ("/law/limits/W03", {"on": "2026-02-30"}, 422, "api-input"),
            ("/law/limits/W03", {"on": "0001-01-01"}, 404, "api-not-found"),
        ],
    )
    def test_what_cannot_be_counted_is_refused(self, rehearsal, path, asked, status, rule):
        assert rules_of(ANYBODY.get(path, asked), status) == [rule]

    def test_a_share_is_no_period(self, rehearsal):
        share = next(each for each in law.limits(date(2026, 3, 2)) if not each.is_time)
        asked = {"begins": "2026-03-02"}
        assert rules_of(ANYBODY.get(f"/law/limits/{share.id}/explain", asked), 422) == ["api-not-a-clock"]


class TestFeed:
    def test_it_has_no_gaps_and_every_leaf_proves_its_hash(self, built):
        built.market.bid([500_000_000, 510_000_000, 520_000_000])
        built.market.close()
        seen, after = [], 0
        for _ in range(1000):
            page = ANYBODY.get("/feed", {"after": after, "limit": 7}).json()
            seen += page["entries"]
            after = page["next"]
            if not page["entries"]:
                break
        assert [each["number"] for each in seen] == list(range(1, len(seen) + 1))
        assert len(seen) > 10
        for each in seen:
            assert leaf_hash(each["leaf"].encode()) == each["leaf_hash"]
            assert hashlib.sha256(b"\x00" + each["leaf"].encode()).hexdigest() == each["leaf_hash"]

    @pytest.mark.sqlite
    def test_what_was_recorded_is_there_at_once(self, built):
        before = ANYBODY.get("/feed", {"after": 0}).json()["next"]
        built.market.register()
        after = ANYBODY.get("/feed", {"after": before}).json()
        assert [each["number"] for each in after["entries"]] == [
            before + n + 1 for n in range(len(after["entries"]))
        ]
        assert "project-registered" in [each["kind"] for each in after["entries"]]

    def test_nobody_learns_from_it_who_bids_before_the_opening(self, built):
        built.market.bid([500_000_000, 510_000_000, 520_000_000])
        text = ANYBODY.get("/feed", {"after": 0}).content.decode()
        assert "bid-submitted" not in text
        admitted = text.count(built.market.bidders[0].organisation)
        assert admitted == text.count(built.market.bidders[4].organisation)  # who never bid

    @pytest.mark.parametrize(
        "asked", [{"after": -1}, {"after": "x"}, {"after": 2**70}, {"limit": 0}, {"limit": 101}]
    )
    def test_numbers_out_of_range_are_refused(self, rehearsal, asked):
        assert rules_of(ANYBODY.get("/feed", asked), 422) == ["api-input"]

    def test_behind_the_end_there_is_nothing_and_next_stays(self, built):
        assert ANYBODY.get("/feed", {"after": 10**9}).json() == {"entries": [], "next": 10**9}


class TestHostileInput:
    def test_an_unknown_parameter_is_refused_with_all_that_is_wrong_besides(self, rehearsal):
        found = rules_of(ANYBODY.get("/feed", {"after": 0, "befor": 3, "x": 4}), 422)
        assert found == ["api-unknown-parameter", "api-unknown-parameter"]

    @pytest.mark.parametrize(
        "query", ["query=a%00b", "query=%1b", "query=a&query=b", "%00=1", "query=" + "x" * 101]
    )
    def test_control_characters_and_repeated_parameters_are_refused(self, rehearsal, query):
        problem_of(ANYBODY.client.get(f"/api/v1/notices?{query}"), 422)

    @pytest.mark.parametrize("path", ["/api/v1/", "/api/v1", "/api/v1/nowhere", "/api/v2/notices", "/api/"])
    def test_other_addresses_are_problems_too(self, rehearsal, path):
        assert rules_of(ANYBODY.client.get(path), 404) == ["api-not-found"]

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "trace"])
    def test_another_method_is_refused_and_the_right_one_named(self, rehearsal, method):
        response = getattr(ANYBODY.client, method)("/api/v1/notices")
        assert rules_of(response, 405) == ["api-method"]
        assert response["Allow"] == "GET"

    def test_head_is_answered_as_get(self, rehearsal):
        assert ANYBODY.client.head("/api/v1/notices").status_code == 200

    def test_a_host_that_is_not_ours_gets_a_problem(self, rehearsal):
        assert rules_of(ANYBODY.client.get("/api/v1/feed", headers={"Host": "evil.example"}), 400) == [
            "api-body"
        ]

    def test_a_fault_of_ours_is_a_problem_without_a_traceback(self, rehearsal, monkeypatch):
        monkeypatch.setattr("yiwang.doors.website.rest.feed_lines", lambda after, limit: 1 // 0)
        response = Client(raise_request_exception=False).get("/api/v1/feed")
        assert rules_of(response, 500) == ["api-failed"]
        assert b"ZeroDivision" not in response.content

    @given(code=st.text(min_size=1, max_size=80))
    @hypothesis_settings(max_examples=60)
    def test_no_code_breaks_the_server(self, rehearsal, code):
        response = ANYBODY.client.get(f"/api/v1/lots/{quote(code, safe='')}")
        assert response.status_code in (404, 422)
        problem_of(response, response.status_code)


def test_the_document_names_every_error_and_every_permission_that_needs_a_key(rehearsal):
    document = ANYBODY.get("/openapi.json").json()
    assert document == json.loads(json.dumps(openapi_document()))
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            assert described["description"], path
            assert "422" in described["responses"]
            keyed = "security" in described
            assert keyed == ("401" in described["responses"])
            assert keyed == (method == "post" or "/me" in path or "/documents" in path)


def test_the_clock_of_a_later_stage_is_still_an_instant(built):
    built.until(built.market.now + timedelta(days=1))
    assert ANYBODY.get(f"/lots/{built.market.lot}").json()["stage_since_at"].endswith("Z")
