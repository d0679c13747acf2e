"""The verbs of a notice: one transaction each; lock, ask, refuse with all reasons, save, record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yiwang.common.identity.api import organisation
from yiwang.common.notices import kinds, rules, shapes
from yiwang.common.notices.canonical import body_sha256, canonical_body
from yiwang.common.notices.models import NoticeMatter, StoredNotice
from yiwang.common.notices.wordlists import note_notice
from yiwang.law.api import notice_form
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.canonical import dumps, loads
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import Due, Kind, act, cancel, hold_lock, record, schedule

PUBLISH_DUTY = "publish-notice"


def notice_ref(code: str) -> Ref:
    """The reference of a notice in the journal."""
    return Ref("notices", "notice", code)


def locked(code: str) -> StoredNotice:
    """The row of a notice, locked until the transaction ends. Raises UnknownNotice."""
    try:
        return StoredNotice.objects.select_for_update(of=("self",)).get(code=code)
    except StoredNotice.DoesNotExist as error:
        raise shapes.UnknownNotice(code) from error


def _note(kind: Kind, row: StoredNotice, by: Actor, at: datetime, facts: Mapping[str, Any]) -> None:
    documents = [row.sha256] if row.sha256 else []
    record(
        kind,
        about=notice_ref(row.code),
        by=by,
        at=at,
        facts={"notice": row.code, **facts},
        documents=documents,
        within=Ref.parse(row.about),
    )


def draft(
    by: Actor,
    *,
    form: str,
    about: Ref,
    title: str,
    values: Mapping[str, Any],
    tenderee: str,
    region: str,
    law_on: date,
    at: datetime,
    corrects: str | None = None,
    parts: Sequence[shapes.Part] = (),
    apart: Collection[str] = (),
) -> shapes.Notice:
    """A new draft, possibly incomplete. Its code is the code of the matter and a running number.

    ``parts`` are what one notice says of each of several lots, all of their fields; ``about`` is then the project. What
    they say alike is said once, beside ``values``, but for the fields ``apart``.

    Raises Refused with every reason, UnknownNotice where ``corrects`` names none, and what
    ``law.notice_form`` raises for an unknown form. Whether an agency is commissioned for the matter is
    checked by the room of the matter, before.
    """
    wanted = notice_form(form, law_on)
    values, own = _said(values, parts, apart)
    with act():
        hold_lock(Ref("notices", "series", about.code))
        original = locked(corrects) if corrects else None
        refuse_if(
            [
                *rules.drafter_findings(by, tenderee),
                *rules.draft_findings(wanted, title, region, values),
                *rules.part_findings(wanted, own),
                *_correction_findings(original, str(about), tenderee, own),
            ]
        )
        serial = StoredNotice.objects.filter(about=str(about)).count() + 1
        row = StoredNotice.objects.create(
            code=f"{about.code}-{serial:02d}",
            serial=serial,
            form=form,
            category=wanted.family,
            about=str(about),
            title=title.strip(),
            field_values=dumps(dict(values)).decode(),
            region=region,
            law_on=law_on,
            tenderee=tenderee,
            drafted_for=by.organisation,
            drafted_by=by.person,
            authors=dumps([by.person]).decode(),
            corrects=original,
            created_at=at,
            parts=dumps([each.as_json() for each in own]).decode() if own else "",
        )
        note_matters(row, own)
        note_notice(row)
        _note(kinds.DRAFTED, row, by, at, {"form": form})
        return row.facts()


def _said(
    values: Mapping[str, Any], parts: Sequence[shapes.Part], apart: Collection[str]
) -> tuple[dict[str, Any], tuple[shapes.Part, ...]]:
    """What a draft says of all its lots, and what each of them says for itself."""
    alike, own = shapes.told_apart(parts, apart)
    return {**values, **alike}, own


def note_matters(row: StoredNotice, parts: Sequence[shapes.Part]) -> None:
    """Makes a notice of several lots be found from each of them."""
    NoticeMatter.objects.bulk_create(NoticeMatter(notice=row, about=str(each.about)) for each in parts)


def _correction_findings(
    row: StoredNotice | None, about: str, tenderee: str, own: Sequence[shapes.Part]
) -> Iterator[Finding]:
    """Objections to correcting the notice in ``row``; none where nothing is corrected."""
    if row is not None:
        parts = tuple(str(each.about) for each in row.told_parts())
        original = rules.Original(row.code, row.status, row.about, row.tenderee, parts)
        yield from rules.correction_findings(original, about, tenderee, [str(each.about) for each in own])


def revise(
    by: Actor, code: str, values: Mapping[str, Any], at: datetime, title: str | None = None
) -> shapes.Notice:
    """The draft with new values (all of them) and, where given, a new title; a returned one is a draft again.

    Whoever revises has written in it and can no longer confirm it. Raises Refused, UnknownNotice.
    """
    with act():
        row = locked(code)
        new_title = row.title if title is None else title
        form = notice_form(row.form, row.law_on)
        refuse_if(
            [
                *rules.status_findings("revise", row.status),
                *rules.editor_findings(by, row.tenderee, row.drafted_for),
                *rules.draft_findings(form, new_title, row.region, values),
            ]
        )
        row.title = new_title.strip()
        row.field_values = dumps(dict(values)).decode()
        row.authors = dumps(sorted({*loads(row.authors), by.person})).decode()
        row.status = shapes.DRAFT
        row.save()
        note_notice(row)
        _note(kinds.REVISED, row, by, at, {})
        return row.facts()


def confirmation_findings(by: Actor, row: StoredNotice, publish_at: datetime, at: datetime) -> list[Finding]:
    """All that stands in the way of confirming ``row`` for publication at ``publish_at``."""
    form = notice_form(row.form, row.law_on)
    values = loads(row.field_values)
    return [
        *rules.status_findings("confirm", row.status),
        *rules.confirmer_findings(by, row.tenderee, loads(row.authors)),
        *rules.draft_findings(form, row.title, row.region, values),
        *rules.missing_findings(form, values, row.told_parts()),
        *rules.publish_at_findings(publish_at, at),
    ]


def confirm(by: Actor, code: str, publish_at: datetime, at: datetime) -> shapes.Notice:
    """The tenderee's confirmation: fixes the canonical body and its hash, and the instant of publication.

    Raises Refused with every missing field and its article, D01 for who wrote in it; UnknownNotice.
    """
    with act():
        row = locked(code)
        refuse_if(confirmation_findings(by, row, publish_at, at))
        row.body = canonical_body(
            code=row.code,
            form=row.form,
            law_on=row.law_on,
            about=row.about,
            title=row.title,
            region=row.region,
            values=loads(row.field_values),
            tenderee=_party(row.tenderee),
            drafted_for=_party(row.drafted_for),
            corrects=row.corrects.code if row.corrects else "",
            confirmed_at=at,
            publish_at=publish_at,
            parts=loads(row.parts) if row.parts else (),
        )
        row.sha256 = body_sha256(row.body)
        row.status, row.return_reasons = shapes.CONFIRMED, ""
        row.confirmed_by, row.confirmed_at, row.publish_at = by.person, at, publish_at
        row.save()
        _note(kinds.CONFIRMED, row, by, at, {"sha256": row.sha256, "publish_at": iso(publish_at)})
        return row.facts()


def _party(code: str) -> dict[str, str]:
    return {"code": code, "name": organisation(code).name}


def return_to_draft(by: Actor, code: str, reasons: str, at: datetime) -> shapes.Notice:
    """The centre sends a confirmed or scheduled notice back with reasons; body and hash are given up.

    Raises Refused, UnknownNotice.
    """
    with act():
        row = locked(code)
        refuse_if(
            [
                *rules.status_findings("return", row.status),
                *rules.returner_findings(by),
                *rules.reasons_findings(reasons),
            ]
        )
        _unfix(row)
        row.status, row.return_reasons = shapes.RETURNED, reasons.strip()
        row.save()
        _note(kinds.RETURNED, row, by, at, {})
        return row.facts()


def _unfix(row: StoredNotice) -> None:
    if row.status == shapes.SCHEDULED:
        cancel(_due_key(row.code))
    row.body = row.sha256 = row.confirmed_by = row.checked_by = ""
    row.confirmed_at = row.publish_at = row.checked_at = None


def _due_key(code: str) -> str:
    return f"publish-notice:{code}"


def pass_check(by: Actor, code: str, at: datetime) -> shapes.Notice:
    """The centre finds the form complete: publication is due at the instant that the tenderee set.

    Refused too where that instant has passed meanwhile: the dates in the body were counted from it.
    Raises Refused, UnknownNotice.
    """
    with act():
        row = locked(code)
        findings = [*rules.status_findings("check", row.status), *rules.centre_findings(by)]
        if row.publish_at is not None:
            findings += rules.publish_at_findings(row.publish_at, at)
        refuse_if(findings)
        assert row.publish_at is not None  # a confirmed notice has one: the database says so too
        row.status, row.checked_by, row.checked_at = shapes.SCHEDULED, by.person, at
        row.save()
        schedule(
            _due_key(row.code),
            duty=PUBLISH_DUTY,
            about=notice_ref(row.code),
            due_at=row.publish_at,
            payload={"notice": row.code},
        )
        _note(kinds.CHECKED, row, by, at, {})
        return row.facts()


def drop(by: Actor, code: str, at: datetime) -> shapes.Notice:
    """A notice that is not yet published is given up for good. Raises Refused, UnknownNotice."""
    with act():
        row = locked(code)
        refuse_if(
            [
                *rules.status_findings("drop", row.status),
                *rules.dropper_findings(by, row.tenderee, row.drafted_for),
            ]
        )
        _unfix(row)
        row.status = shapes.DROPPED
        row.save()
        _note(kinds.DROPPED, row, by, at, {})
        return row.facts()


def publish_due(due: Due, now: datetime) -> None:
    """The duty ``publish-notice``: publishes a scheduled notice whose instant has come.

    Idempotent: a notice that is published already, or was taken back, is left alone.
    """
    code = str(due.payload["notice"])
    with act():
        row = locked(code)
        if row.status == shapes.SCHEDULED:
            _publish(row, now)


def _publish(row: StoredNotice, at: datetime) -> None:
    assert row.publish_at is not None
    refuse_if([*rules.status_findings("publish", row.status), *rules.early_findings(row.publish_at, at)])
    row.status, row.published_at = shapes.PUBLISHED, at
    row.save()
    facts = {
        "form": row.form,
        "category": row.category,
        "about": row.about,
        "title": row.title,
        "region": row.region,
        "tenderee": row.tenderee,
        "corrects": row.corrects.code if row.corrects else "",
        "sha256": row.sha256,
        "publish_at": iso(row.publish_at),
    }
    if parts := row.told_parts():  # on the project's record: a program learns of which lots it is
        facts["matters"] = [str(each.about) for each in parts]
    _note(kinds.PUBLISHED, row, SYSTEM_ACTOR, at, facts)
