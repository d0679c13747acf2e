"""What is verified once and reused: by two people, versions kept, personal data never public, frozen into bids."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.credentials import FACTS, scan, stored, submitted, verified
from tests.identity.people import CENTRE_CODE, COMPANY, OTHER_COMPANY, House, admitted, house, registered
from tests.identity.test_pages import entered
from tests.identity.test_recovery import rules
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import CredentialVersion
from yiwang.common.identity.rules.credentials import (
    DOCUMENTS_AT_MOST,
    EXPIRED,
    EXPIRING,
    EXPIRING_DAYS,
    KINDS,
    PARTS,
    PERFORMANCE,
    PERSONNEL,
    QUALIFICATION,
    SUBMITTED,
    VALID,
    VERSION_STATUSES,
    Chosen,
    credential_findings,
    manager_certificate,
    snapshot_findings,
    valid_until,
    validity,
    verification_findings,
)
from yiwang.pure.kernel.actors import BIDDER, CENTRE, Actor
from yiwang.record.files import api as files
from yiwang.record.journal.api import timeline

RULES_TESTED = (validity, valid_until, credential_findings, verification_findings, snapshot_findings)
TODAY = date(2026, 3, 2)


@pytest.fixture
def made(rehearsal: object, at: datetime, settings, tmp_path: Path) -> House:
    settings.FILES_ROOT = tmp_path / "files"
    return house(at)


@pytest.fixture
def bidder(made: House, at: datetime) -> Actor:
    return Actor(admitted(made, at).person, COMPANY, BIDDER)


class TestVerification:
    def test_what_the_centre_verified_counts_and_a_new_version_only_when_it_is_too(
        self, made: House, bidder: Actor, at: datetime
    ) -> None:
        code = submitted(bidder, QUALIFICATION, at)
        assert identity.usable_credentials(COMPANY, TODAY) == []
        identity.verify_credential(made.reviewer, code, at=at)
        [line] = identity.usable_credentials(COMPANY, TODAY)
        assert line.shown.facts["level"] == "二级"
        submitted(bidder, QUALIFICATION, at, code=code, level="一级")
        [line] = identity.usable_credentials(COMPANY, TODAY)
        assert (line.shown.facts["level"], line.waits, line.newest.number) == ("二级", True, 2)
        assert rules(lambda: submitted(bidder, QUALIFICATION, at, code=code)) == ["credential-open"]
        identity.verify_credential(made.reviewer, code, at=at)
        [line] = identity.usable_credentials(COMPANY, TODAY)
        assert line.shown.facts["level"] == "一级"
        assert [each.facts["level"] for each in line.versions] == ["一级", "二级"]

    def test_a_return_says_why_and_the_corrected_version_can_be_verified(
        self, made: House, bidder: Actor, at: datetime
    ) -> None:
        code = submitted(bidder, PERFORMANCE, at)
        assert rules(lambda: identity.return_credential(made.reviewer, code, [], at=at)) == ["reasons-needed"]
        identity.return_credential(made.reviewer, code, ["缺竣工验收证明"], at=at)
        assert rules(lambda: identity.verify_credential(made.reviewer, code, at=at)) == ["credential-decided"]
        submitted(bidder, PERFORMANCE, at, code=code)
        identity.verify_credential(made.second_reviewer, code, at=at)
        assert identity.credential(code).verified.number == 2

    def test_nobody_verifies_their_own_and_only_the_centre_verifies(
        self, made: House, bidder: Actor, at: datetime
    ) -> None:
        code = submitted(bidder, QUALIFICATION, at)
        verify = lambda by: identity.verify_credential(by, code, at=at)  # noqa: E731
        assert rules(lambda: verify(Actor(bidder.person, CENTRE_CODE, CENTRE))) == ["review-own"]
        assert rules(lambda: verify(bidder)) == ["no-permission"]
        assert rules(lambda: verify(made.supervisor)) == ["no-permission"]
        assert CredentialVersion.objects.get().status == SUBMITTED

    def test_only_an_admitted_organisation_has_credentials_and_a_number_once(
        self, made: House, bidder: Actor, at: datetime
    ) -> None:
        code = submitted(bidder, QUALIFICATION, at)
        assert rules(lambda: submitted(bidder, QUALIFICATION, at)) == ["credential-number-taken"]
        otherwise = {"number": "d ２６２-000001"}
        assert rules(lambda: submitted(bidder, QUALIFICATION, at, **otherwise)) == ["credential-number-taken"]
        identity.withdraw_credential(bidder, code, at=at)
        assert submitted(bidder, QUALIFICATION, at) != code
        newcomer = Actor(registered(made, at, OTHER_COMPANY).person, OTHER_COMPANY, BIDDER)
        assert rules(lambda: submitted(newcomer, QUALIFICATION, at)) == ["credential-not-admitted"]

    def test_a_credential_of_others_is_not_touched(self, made: House, bidder: Actor, at: datetime) -> None:
        code = verified(bidder, made.reviewer, QUALIFICATION, at)
        identity.submit_registration(registered(made, at, OTHER_COMPANY), OTHER_COMPANY, at=at)
        identity.admit_organisation(made.reviewer, OTHER_COMPANY, at=at)
        other = Actor(made.applicant.person, OTHER_COMPANY, BIDDER)
        assert rules(lambda: submitted(other, QUALIFICATION, at, code=code)) == ["credential-unknown"]
        assert rules(lambda: identity.withdraw_credential(other, code, at=at)) == ["credential-unknown"]
        assert rules(lambda: identity.snapshot(other, [code], at=at)) == ["credential-unknown"]

    def test_the_record_names_no_person(self, made: House, bidder: Actor, at: datetime) -> None:
        verified(bidder, made.reviewer, PERSONNEL, at)
        verified(bidder, made.reviewer, QUALIFICATION, at)
        about = identity.organisation_ref(COMPANY)
        for each in timeline(about, public_only=False):
            assert "赵立新".encode() not in each.leaf
            assert "甘262000000001".encode() not in each.leaf
        public = [each for each in timeline(about) if each.kind == "credential-verified"]
        assert [each.facts["title"] for each in public] == ["建筑工程施工总承包"]
        assert [each.kind for each in identity.public_credentials(COMPANY)] == [QUALIFICATION]


class TestSnapshots:
    def test_the_same_choice_gives_the_same_bytes_and_a_later_version_others(
        self, made: House, bidder: Actor, at: datetime
    ) -> None:
        codes = [verified(bidder, made.reviewer, each, at) for each in KINDS]
        first, again = (identity.snapshot(bidder, codes, at=at) for _ in range(2))
        assert first == again
        assert first[0].name == identity.SNAPSHOT_NAME
        assert {each.name for each in first[1:]} == {f"{each}.pdf" for each in KINDS}
        with files.open_document(first[0].sha256) as file:
            content = json.load(file)
        assert [each["code"] for each in content["credentials"]] == sorted(codes)
        for each in content["credentials"]:
            assert each["facts"] == FACTS[each["kind"]], (
                "under the names of the parts, whatever they are called"
            )
            assert list(each["labels"]) == list(each["facts"])
        submitted(bidder, QUALIFICATION, at, code=codes[0], level="一级")
        assert identity.snapshot(bidder, codes, at=at) == first
        identity.verify_credential(made.reviewer, codes[0], at=at)
        assert identity.snapshot(bidder, codes, at=at)[0].sha256 != first[0].sha256

    def test_what_is_expired_withdrawn_or_not_verified_goes_with_no_bid(
        self, made: House, bidder: Actor, at: datetime
    ) -> None:
        code = verified(bidder, made.reviewer, PERSONNEL, at, valid_until="2026-03-02")
        assert identity.snapshot(bidder, [code], at=at)
        tomorrow = at + timedelta(days=1)
        assert rules(lambda: identity.snapshot(bidder, [code], at=tomorrow)) == ["credential-expired"]
        open_one = submitted(bidder, QUALIFICATION, at)
        assert rules(lambda: identity.snapshot(bidder, [open_one], at=at)) == ["credential-unknown"]
        identity.withdraw_credential(bidder, code, at=at)
        assert rules(lambda: identity.snapshot(bidder, [code], at=at)) == ["credential-unknown"]
        assert identity.snapshot(bidder, [], at=at) == []


class TestRules:
    @given(st.integers(-2, 2) | st.integers(EXPIRING_DAYS - 2, EXPIRING_DAYS + 2) | st.integers(-400, 400))
    def test_it_expires_after_its_last_day_and_is_announced_sixty_days_before(self, days: int) -> None:
        expected = EXPIRED if days < 0 else EXPIRING if days <= EXPIRING_DAYS else VALID
        assert validity(TODAY + timedelta(days=days), TODAY) == expected
        assert validity(None, TODAY) == VALID

    @given(st.sampled_from(KINDS), st.data())
    def test_every_part_that_is_needed_is_asked_for_at_its_field(
        self, kind: str, data: st.DataObject
    ) -> None:
        part = data.draw(st.sampled_from(PARTS[kind]))
        facts = {**FACTS[kind], part.name: data.draw(st.sampled_from(["", "  ", None]))}
        found = [(each.rule, each.field) for each in credential_findings(kind, facts, 1, TODAY)]
        assert found == ([("credential-part", part.name)] if part.needed else [])
        assert list(credential_findings(kind, FACTS[kind], 1, TODAY)) == []

    @given(
        st.integers(-1, 2) | st.integers(DOCUMENTS_AT_MOST - 1, DOCUMENTS_AT_MOST + 1),
        st.integers(-1, 1),
        st.integers(-1, 1),
    )
    def test_papers_and_days_are_bounded(self, documents: int, until: int, finished: int) -> None:
        facts = {**FACTS[QUALIFICATION], "valid_until": (TODAY + timedelta(days=until)).isoformat()}
        found = {each.rule for each in credential_findings(QUALIFICATION, facts, documents, TODAY)}
        assert ("credential-documents" in found) == (not 1 <= documents <= DOCUMENTS_AT_MOST)
        assert ("credential-expired" in found) == (until < 0)
        works = {**FACTS[PERFORMANCE], "finished_on": (TODAY + timedelta(days=finished)).isoformat()}
        assert bool(list(credential_findings(PERFORMANCE, works, 1, TODAY))) == (finished > 0)

    @given(st.sampled_from(VERSION_STATUSES), st.booleans(), st.booleans())
    def test_whoever_verifies_has_no_part_in_it(self, status: str, own: bool, member: bool) -> None:
        by = Actor("a", CENTRE_CODE, CENTRE)
        found = verification_findings(
            status, COMPANY, "a" if own else "b", by, [COMPANY] if member else [CENTRE_CODE]
        )
        assert (not list(found)) == (status == SUBMITTED and not own and not member)

    @given(st.lists(st.tuples(st.sampled_from("xy"), st.integers(-1, 1)), max_size=3), st.integers(0, 3))
    def test_a_snapshot_is_of_ones_own_and_of_what_counts_today(
        self, parts: list[tuple[str, int]], wanted: int
    ) -> None:
        chosen = [Chosen(str(n), whose, TODAY + timedelta(days=off)) for n, (whose, off) in enumerate(parts)]
        found = {each.rule for each in snapshot_findings(chosen, "x", wanted, TODAY)}
        assert ("credential-unknown" in found) == (len(parts) != wanted or any(w != "x" for w, _ in parts))
        assert ("credential-expired" in found) == any(off < 0 for _, off in parts)


class TestPages:
    def test_from_the_form_to_the_public_fact(self, made: House, bidder: Actor, at: datetime) -> None:
        client, centre = entered(bidder), entered(made.reviewer)
        path = "/account/credentials/new/qualification/"
        typed = {**FACTS[QUALIFICATION], "valid_until": "2020-01-01"}
        page = client.post(path, {**typed, "documents": SimpleUploadedFile("证书.pdf", scan())})
        assert page.status_code == 422
        text = page.content.decode()
        assert "建筑工程施工总承包" in text
        assert "证书.pdf" in text
        kept = text.partition('name="kept" value="')[2].partition('"')[0]
        done = client.post(path, {**FACTS[QUALIFICATION], "kept": kept})
        assert done.status_code == 302, done.content.decode()
        assert "待核验" in client.get("/account/credentials/").content.decode()
        code = identity.credentials_of(COMPANY)[0].code
        assert "建筑工程施工总承包" in centre.get("/account/credentials/review/").content.decode()
        review = f"/account/credentials/review/{code}/"
        sha256 = identity.credential(code).newest.documents[0]["sha256"]
        paper = f"/account/credentials/{code}/documents/{sha256}/"
        assert b"".join(centre.get(paper).streaming_content) == scan()
        assert entered(made.supervisor).get(review).status_code == 200
        assert centre.post(review, {"verdict": "return", "reasons": ""}).status_code == 422
        assert centre.post(review, {"verdict": "verify"}).status_code == 302
        assert centre.post(review, {"verdict": "verify"}).status_code == 422
        assert "已核验" in client.get(f"/account/credentials/{code}/").content.decode()
        assert client.get(f"/en/account/credentials/{code}/").status_code == 200

    @pytest.mark.parametrize("content", [b"MZ\x90\x00 program", b"<html><script>", b""])
    def test_papers_of_another_type_are_refused_in_words(
        self, made: House, bidder: Actor, at: datetime, content: bytes
    ) -> None:
        upload = SimpleUploadedFile("证书.pdf", content)
        page = entered(bidder).post(
            "/account/credentials/new/personnel/", {**FACTS[PERSONNEL], "documents": upload}
        )
        assert page.status_code == 422
        assert "documents" in page.context["form"].errors
        assert "赵立新" in page.content.decode()

    def test_others_see_nothing_of_it(self, made: House, bidder: Actor, at: datetime) -> None:
        code = verified(bidder, made.reviewer, PERSONNEL, at)
        sha256 = stored(PERSONNEL).sha256
        identity.submit_registration(registered(made, at, OTHER_COMPANY), OTHER_COMPANY, at=at)
        identity.admit_organisation(made.reviewer, OTHER_COMPANY, at=at)
        other = entered(Actor(made.applicant.person, OTHER_COMPANY, BIDDER))
        for path in (f"{code}/", f"{code}/update/", f"{code}/documents/{sha256}/"):
            assert other.get(f"/account/credentials/{path}").status_code == 404, path
        assert other.get(f"/account/credentials/review/{code}/").status_code == 403
        assert other.get("/account/credentials/new/nonsense/").status_code == 404

    def test_the_same_number_elsewhere_is_shown_to_who_verifies(
        self, made: House, bidder: Actor, at: datetime
    ) -> None:
        submitted(bidder, PERSONNEL, at)
        identity.submit_registration(registered(made, at, OTHER_COMPANY), OTHER_COMPANY, at=at)
        identity.admit_organisation(made.reviewer, OTHER_COMPANY, at=at)
        code = submitted(Actor(made.applicant.person, OTHER_COMPANY, BIDDER), PERSONNEL, at)
        page = entered(made.reviewer).get(f"/account/credentials/review/{code}/").content.decode()
        assert "其他单位登记了同一编号" in page

    @given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
    def test_a_long_certificate_keeps_its_number_whole(self, number: int, title: int, specialty: int) -> None:
        facts = {"number": "9" * number, "title": "证" * title, "specialty": "专" * specialty}
        line = manager_certificate(facts, 100)
        assert line.endswith("9" * number)
        assert len(line) <= 100
        assert (
            ("证" * title + " " + "专" * specialty)
            .strip()
            .startswith(line.removesuffix("9" * number).strip())
        )


def test_numbers_of_a_home_from_before_are_found_by_their_keys_too(
    made: House, bidder: Actor, at: datetime
) -> None:
    submitted(bidder, QUALIFICATION, at)
    CredentialVersion.objects.update(certificate="D ２６２000001")  # as it was kept before
    assert submitted(bidder, PERFORMANCE, at)
    step = import_module("yiwang.common.identity.migrations.0011_numbers_by_their_keys")
    step.fold(apps, connection.schema_editor())
    found = CredentialVersion.objects.order_by("pk").values_list("certificate", flat=True)
    assert list(found) == ["d262000001", "ht2024017"]
    assert rules(lambda: submitted(bidder, QUALIFICATION, at)) == ["credential-number-taken"]
