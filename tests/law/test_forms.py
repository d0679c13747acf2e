"""Forms of notices and methods of evaluation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.law.copies import changed, copy_of_the_law
from yiwang.law import api

RULES_TESTED = ("W-notice",)

TODAY = date(2026, 11, 23)
FORMS = (
    "tender-notice",
    "candidates-publicity",
    "result-notice",
    "failed-tender",
    "correction",
    "clarification",
    "opening-record",
    "contract-notice",
)


@pytest.mark.parametrize("form_id", FORMS)
def test_each_form_has_fields_with_article_and_both_languages(form_id: str) -> None:
    form = api.notice_form(form_id, TODAY)
    assert form.fields
    for field in form.fields:
        assert field.source
        for each in (field, *field.columns):
            assert each.label_en.isascii()
            assert not each.label.isascii()


def test_the_tender_notice_asks_for_what_the_law_names() -> None:
    form = api.notice_form("tender-notice", TODAY)
    required = {each.key for each in form.fields if each.required}
    assert required >= {
        "project_name", "content", "scope", "scale", "funds_source", "place", "duration_days", "qualification",
        "consortium", "documents_from_at", "documents_until_at", "documents_way", "bid_deadline_at", "bid_way",
        "tenderee_name", "tenderee_address", "tenderee_contact", "tenderee_phone", "platform_url",
    }  # fmt: skip
    assert form.field("bid_deadline_at").kind == "instant"
    assert form.field("deposit_fen").kind == "money-fen"
    assert form.field("tenderee_contact").personal


def test_the_publicity_lists_ranked_bidders_with_price_and_where_to_object() -> None:
    form = api.notice_form("candidates-publicity", TODAY)
    assert {each.key for each in form.field("candidates").columns} >= {
        "rank",
        "name",
        "bid_price_fen",
        "quality",
    }
    assert form.field("objection_channel").required


def test_keys_carry_the_unit_of_their_kind() -> None:
    endings = {"instant": "_at", "day": "_on", "money-fen": "_fen"}
    for form in api.notice_forms(TODAY):
        for field in (*form.fields, *(column for each in form.fields for column in each.columns)):
            if field.kind in endings:
                assert field.key.endswith(endings[field.kind]), f"{form.id}.{field.key}"


def test_an_unknown_form_or_field_is_not_found() -> None:
    with pytest.raises(api.NoSuchRule):
        api.notice_form("song", TODAY)
    with pytest.raises(api.NoSuchRule):
        api.notice_form("correction", TODAY).field("song")
    with pytest.raises(api.NoSuchRule):
        api.notice_form("tender-notice", date(2017, 12, 31))


@pytest.mark.parametrize(
    ("before", "after", "objection"),
    [
        ('key = "funds_source"', 'key = "scale"', "two fields scale"),
        ('key = "scale"\n  label = "建设规模"\n  label_en = "Scale"\n  kind = "text"',
         'key = "scale"\n  label = "建设规模"\n  label_en = "Scale"\n  kind = "choice"', "choices belong"),
        ('key = "scale"\n  label = "建设规模"\n  label_en = "Scale"\n  kind = "text"',
         'key = "scale"\n  label = "建设规模"\n  label_en = "Scale"\n  kind = "table"', "columns belong"),
    ],
)  # fmt: skip
def test_a_form_that_contradicts_itself_is_named(
    tmp_path: Path, before: str, after: str, objection: str
) -> None:
    folder = copy_of_the_law(tmp_path)
    changed(folder / "notices" / "works.toml", before, after)
    with pytest.raises(api.BadLaw, match=objection):
        api.load(folder)


def test_the_lowest_evaluated_price_is_ranked_exactly_and_the_law_breaks_no_tie() -> None:
    method = api.evaluation_method("lowest-evaluated-price", TODAY)
    assert (method.ranks_by, method.best, method.rounding) == ("evaluated-price", "lowest", "none")
    assert method.tie == "decided-by-documents"
    assert method.sure == "read"


def test_the_methods_that_score_are_those_of_the_procedure_and_round_half_up_to_two_decimals() -> None:
    scoring = [each for each in api.evaluation_methods(TODAY) if each.ranks_by == "score"]
    used = api.procedure("works-open", TODAY).evaluation
    assert {each.id for each in scoring if not each.use} == set(used) - {"lowest-evaluated-price"}
    for each in scoring:
        assert (each.decimals, each.rounding) == (2, "half-up")
        assert each.tie == "lower-price-first"
