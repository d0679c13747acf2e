"""The verbs of notices against a real database: from the draft to the publication, and every refusal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.conftest import Actors
from tests.notices.samples import FORM, VALUES
from yiwang.common.identity.models import Organisation
from yiwang.common.notices import api as notices
from yiwang.common.notices.models import StoredNotice
from yiwang.common.notices.triggers import drop_triggers, set_triggers
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import SHANGHAI
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import agenda, public_feed, timeline, work

LOT = Ref("trading", "lot", "E620500000126000100101")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def sample_law() -> Iterator[None]:
    packaged = law.current()
    with law.using(replace(packaged, all_forms=(*packaged.all_forms, FORM))):
        yield


@pytest.fixture
def people(rehearsal: object, actors: Actors, at: datetime) -> Actors:
    for actor, name in ((actors.tenderee, "天水市住房建设局"), (actors.agency, "陇上招标代理有限公司")):
        Organisation.objects.create(
            code=actor.organisation,
            name=name,
            region="620502",
            address="秦州区民主西路1号",
            contact_name="王小明",
            contact_phone="09380000000",
            roles=[actor.role],
            status="admitted",
            submitted_at=at,
            reviewed_at=at,
            reviewed_by="P-CENTRE000009",
            registered_by=actor.person,
            registered_at=at,
        )
    return actors


def drafted(by: Actor, people: Actors, at: datetime, **changes: Any) -> notices.Notice:
    wanted: dict[str, Any] = {
        "form": FORM.id,
        "about": LOT,
        "title": "滨河路改造工程样本公告",
        "values": VALUES,
        "tenderee": people.tenderee.organisation,
        "region": "620502",
        "law_on": at.date(),
        "at": at,
    }
    return notices.draft(by, **{**wanted, **changes})


def scheduled(people: Actors, at: datetime, **changes: Any) -> notices.Notice:
    notice = drafted(people.agency, people, at, **changes)
    notices.confirm(people.tenderee, notice.code, at + DAY, at)
    return notices.pass_check(people.centre, notice.code, at)


def published(people: Actors, at: datetime, **changes: Any) -> notices.Notice:
    notice = scheduled(people, at, **changes)
    work([], notices.DUTIES, at + DAY)
    return notices.notice(notice.code)


def refused(excinfo: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {each.rule for each in excinfo.value.findings}


def test_a_notice_goes_from_the_agencys_draft_to_its_publication_at_the_set_instant(
    people: Actors, at: datetime
) -> None:
    notice = scheduled(people, at)
    assert notice.code == f"{LOT.code}-01"
    work([], notices.DUTIES, at + DAY - timedelta(microseconds=1))
    assert notices.notice(notice.code).status == notices.SCHEDULED
    work([], notices.DUTIES, at + DAY)
    appeared = notices.notice(notice.code)
    assert appeared.status == notices.PUBLISHED
    assert appeared.published_at == at + DAY


def test_publication_is_the_only_public_entry_and_carries_the_hash(people: Actors, at: datetime) -> None:
    notice = published(people, at)
    (entry,) = public_feed(0, 10)
    assert entry.kind == "notice-published"
    assert entry.facts["sha256"] == notice.sha256
    assert entry.facts["category"] == "works"
    assert entry.documents == (notice.sha256,)
    assert entry.within == LOT
    kinds = [each.kind for each in timeline(LOT, public_only=False)]
    assert kinds == ["notice-drafted", "notice-confirmed", "notice-checked", "notice-published"]


def test_publishing_twice_publishes_once(people: Actors, at: datetime) -> None:
    notice = scheduled(people, at)
    (due,) = agenda()
    notices.publish_due(due, at + DAY)
    notices.publish_due(due, at + 2 * DAY)
    work([], {}, at + 2 * DAY)  # on PostgreSQL it is the worker that puts entries in order
    assert notices.notice(notice.code).published_at == at + DAY
    assert len(public_feed(0, 10)) == 1


def test_the_hash_is_that_of_the_bytes_of_the_body_and_the_body_says_what_was_confirmed(
    people: Actors, at: datetime
) -> None:
    notice = scheduled(people, at)
    assert hashlib.sha256(notice.body.encode()).hexdigest() == notice.sha256
    body = json.loads(notice.body)
    assert body["values"] == VALUES
    assert body["tenderee"] == {"code": people.tenderee.organisation, "name": "天水市住房建设局"}
    assert body["drafted_for"]["name"] == "陇上招标代理有限公司"
    assert datetime.fromisoformat(body["publish_at"]) == at + DAY
    assert published(people, at + 3 * DAY).body != notice.body


def test_whoever_drafted_cannot_confirm_but_a_colleague_can(people: Actors, at: datetime) -> None:
    notice = drafted(people.tenderee, people, at)
    with pytest.raises(Refused) as excinfo:
        notices.confirm(people.tenderee, notice.code, at + DAY, at)
    assert refused(excinfo) == {"D01"}
    assert notices.confirm(people.second_tenderee, notice.code, at + DAY, at).status == notices.CONFIRMED


def test_whoever_revised_the_agencys_draft_cannot_confirm_it(people: Actors, at: datetime) -> None:
    notice = drafted(people.agency, people, at)
    notices.revise(people.second_tenderee, notice.code, {**VALUES, "period": 200}, at)
    with pytest.raises(Refused) as excinfo:
        notices.confirm(people.second_tenderee, notice.code, at + DAY, at)
    assert refused(excinfo) == {"D01"}


def test_a_confirmation_names_everything_that_is_missing_and_wrong_at_once(
    people: Actors, at: datetime
) -> None:
    notice = drafted(people.tenderee, people, at, values={"name": "滨河路"})
    with pytest.raises(Refused) as excinfo:
        notices.confirm(people.tenderee, notice.code, at, at)
    findings = excinfo.value.findings
    assert {"D01", "notice-publish-at", "notice-field-missing"} == {each.rule for each in findings}
    missing = [each for each in findings if each.rule == "notice-field-missing"]
    assert len(missing) == sum(field.required for field in FORM.fields) - 1
    assert all(each.source.startswith("《样本办法》") for each in missing)


def test_a_returned_notice_loses_body_and_confirmation_and_keeps_the_reasons(
    people: Actors, at: datetime
) -> None:
    notice = scheduled(people, at)
    returned = notices.return_to_draft(people.centre, notice.code, "联系人缺电话", at)
    assert (returned.status, returned.return_reasons) == (notices.RETURNED, "联系人缺电话")
    assert returned.body == returned.sha256 == ""
    assert agenda() == []
    work([], notices.DUTIES, at + 2 * DAY)
    assert notices.notice(notice.code).status == notices.RETURNED
    notices.revise(people.agency, notice.code, VALUES, at)
    assert notices.confirm(people.tenderee, notice.code, at + DAY, at).return_reasons == ""
    assert notices.pass_check(people.centre, notice.code, at).status == notices.SCHEDULED
    work([], notices.DUTIES, at + DAY)
    assert notices.notice(notice.code).status == notices.PUBLISHED


def test_the_check_of_form_is_refused_when_the_set_instant_has_passed(people: Actors, at: datetime) -> None:
    notice = drafted(people.agency, people, at)
    notices.confirm(people.tenderee, notice.code, at + DAY, at)
    with pytest.raises(Refused) as excinfo:
        notices.pass_check(people.centre, notice.code, at + DAY)
    assert refused(excinfo) == {"notice-publish-at"}


def test_a_dropped_notice_is_never_published(people: Actors, at: datetime) -> None:
    notice = scheduled(people, at)
    assert notices.drop(people.agency, notice.code, at).status == notices.DROPPED
    work([], notices.DUTIES, at + 2 * DAY)
    assert notices.notice(notice.code).status == notices.DROPPED
    assert public_feed(0, 10) == []


@pytest.mark.parametrize("verb", ["revise", "confirm", "return", "check", "drop"])
def test_no_verb_touches_a_published_notice(people: Actors, at: datetime, verb: str) -> None:
    code, later = published(people, at).code, at + 2 * DAY
    verbs = {
        "revise": lambda: notices.revise(people.agency, code, VALUES, later),
        "confirm": lambda: notices.confirm(people.tenderee, code, later + DAY, later),
        "return": lambda: notices.return_to_draft(people.centre, code, "更正", later),
        "check": lambda: notices.pass_check(people.centre, code, later),
        "drop": lambda: notices.drop(people.agency, code, later),
    }
    with pytest.raises(Refused) as excinfo:
        verbs[verb]()
    assert f"notice-cannot-{verb}" in refused(excinfo)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notices_storednotice SET title = 'x' WHERE code = %s",
        "UPDATE notices_storednotice SET status = 'draft' WHERE code = %s",
        "DELETE FROM notices_storednotice WHERE code = %s",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_a_published_notice(
    people: Actors, at: datetime, change: str
) -> None:
    notice = published(people, at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [notice.code])
    assert notices.notice(notice.code) == notice


def test_missing_triggers_are_noticed_and_a_migrate_sets_them_again(people: Actors, at: datetime) -> None:
    notice = published(people, at)
    connection.check_constraints()  # PostgreSQL alters no table with deferred checks pending
    drop_triggers()
    assert notices.triggers_findings()
    set_triggers()
    assert notices.triggers_findings() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredNotice.objects.filter(code=notice.code).delete()


@pytest.mark.parametrize(
    "change",
    [
        {"confirmed_by": "P-AGENCY000001"},  # its drafter
        {"body": ""},
        {"publish_at": None},
        {"status": "unheard-of"},
    ],
)
def test_the_database_repeats_four_eyes_and_the_fixed_body(
    people: Actors, at: datetime, change: dict[str, Any]
) -> None:
    notice = scheduled(people, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredNotice.objects.filter(code=notice.code).update(**change)


def test_a_correction_points_to_the_published_original_and_both_stand(people: Actors, at: datetime) -> None:
    original = published(people, at)
    later = at + 2 * DAY
    correction = published(people, later, corrects=original.code, title="更正公告")
    assert correction.corrects == original.code
    assert [each.code for each in notices.corrections(original.code)] == [correction.code]
    for each in (original, correction):  # however it is read, it is the same
        assert notices.notice(each.code) == StoredNotice.objects.get(code=each.code).facts()
    assert notices.is_pointed_to(original.code)
    assert not notices.is_pointed_to(correction.code)
    assert notices.notice(original.code) == original


def test_no_notice_is_found_by_a_code_that_none_has(people: Actors, at: datetime) -> None:
    draft = drafted(people.agency, people, at)
    assert notices.notice(draft.code) == StoredNotice.objects.get(code=draft.code).facts()
    assert notices.notice(draft.code).corrects == ""
    for code in ("", "' OR 1=1 --", "%", draft.code.lower()):
        with pytest.raises(notices.UnknownNotice):
            notices.notice(code)


def test_a_draft_cannot_be_corrected(people: Actors, at: datetime) -> None:
    original = drafted(people.agency, people, at)
    with pytest.raises(Refused) as excinfo:
        drafted(people.agency, people, at, corrects=original.code)
    assert refused(excinfo) == {"notice-corrects-unpublished"}


def test_codes_number_the_notices_of_a_lot_without_gaps_even_when_drafts_are_dropped(
    people: Actors, at: datetime
) -> None:
    first = drafted(people.agency, people, at)
    notices.drop(people.agency, first.code, at)
    second = drafted(people.agency, people, at)
    other = drafted(people.agency, people, at, about=Ref("trading", "lot", "E620500000126000100102"))
    assert [first.code[-3:], second.code[-3:], other.code[-3:]] == ["-01", "-02", "-01"]


@pytest.mark.parametrize("role", ["bidder", "centre", "supervisor", "operator", "applicant", "visitor"])
def test_nobody_else_drafts(people: Actors, at: datetime, role: str) -> None:
    with pytest.raises(Refused) as excinfo:
        drafted(getattr(people, role), people, at)
    assert refused(excinfo) == {"notice-drafter"}


@pytest.mark.parametrize("role", ["tenderee", "agency", "bidder", "supervisor", "operator", "visitor"])
def test_only_the_centre_returns_and_checks(people: Actors, at: datetime, role: str) -> None:
    notice = drafted(people.agency, people, at)
    notices.confirm(people.tenderee, notice.code, at + DAY, at)
    by = getattr(people, role)
    for verb in (
        lambda: notices.pass_check(by, notice.code, at),
        lambda: notices.return_to_draft(by, notice.code, "理由", at),
    ):
        with pytest.raises(Refused) as excinfo:
            verb()
        assert refused(excinfo) == {"notice-centre-only"}


def test_an_unknown_notice_is_unknown_to_every_verb(people: Actors, at: datetime) -> None:
    with pytest.raises(notices.UnknownNotice):
        notices.notice("X-1")
    with pytest.raises(notices.UnknownNotice):
        notices.drop(people.agency, "X-1", at)
    with pytest.raises(notices.UnknownNotice):
        drafted(people.agency, people, at, corrects="X-1")


def test_queries_find_by_matter_status_party_and_form(people: Actors, at: datetime) -> None:
    first = published(people, at)
    second = drafted(people.tenderee, people, at + 2 * DAY)
    found = {
        "matter": notices.notices(about=LOT),
        "status": notices.notices(status=notices.PUBLISHED),
        "two": notices.notices(status=[notices.PUBLISHED, notices.DRAFT]),
        "party": notices.notices(drafted_for=people.agency.organisation),
        "other": notices.notices(form="tender-notice"),
        "latest": notices.latest_published(5),
    }
    codes = {name: [each.code for each in rows] for name, rows in found.items()}
    assert codes == {
        "matter": [first.code, second.code],
        "status": [first.code],
        "two": [first.code, second.code],
        "party": [first.code],
        "other": [],
        "latest": [first.code],
    }


def test_a_notice_is_shown_field_by_field_in_both_languages(people: Actors, at: datetime) -> None:
    notice = drafted(people.agency, people, at)
    chinese, english = (dict(notices.body_rows(notice, language)) for language in ("zh-hans", "en"))
    assert chinese["项目price"] == "1,234,567.00元"
    assert english["Item price"] == "1,234,567.00 yuan"
    assert chinese["项目opening"] == "2026-11-23 14:00（北京时间）"
    assert english["Item opening"] == "2026-11-23 14:00 (Beijing time)"
    assert chinese["项目consortium"] == "不接受"
    assert "天水甲建设有限公司" in chinese["项目ranking"]
    assert "项目other" not in chinese


def test_what_search_sees_leaves_out_what_names_people(people: Actors, at: datetime) -> None:
    text = notices.plain_text(drafted(people.agency, people, at))
    assert "天水甲建设有限公司" in text
    assert "王小明" not in text
    assert "赵六" not in text


def test_instants_are_shown_in_beijing_time_whatever_zone_they_were_given_in(
    people: Actors, at: datetime
) -> None:
    notice = drafted(
        people.agency, people, at.astimezone(SHANGHAI), values={"opening": "2026-11-22T23:00:00-07:00"}
    )
    assert notices.body_rows(notice, "en") == [("Item opening", "2026-11-23 14:00 (Beijing time)")]
