"""Forms made from the law: what is typed becomes what notices store, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from tests.notices.samples import FORM, VALUES
from yiwang.common.notices import rules
from yiwang.common.notices.api import notice_form_class
from yiwang.law import api as law

ON = date(2026, 3, 2)
TYPED = {
    "name": "秦州区滨河路改造工程",
    "scope": "道路 3.2 公里，含排水与照明。",
    "price": "1,234,567.00",
    "opening": "2026-11-23T14:00",
    "signed": "2026-12-01",
    "period": "180",
    "consortium": "no",
    "contact": "王小明",
    "ranking": "1 | 天水甲建设有限公司 | 1200000 | 赵六\n2|天水乙建设有限公司|1,210,000.00|\n\n",
}


@pytest.fixture(autouse=True)
def sample_law() -> Iterator[None]:
    packaged = law.current()
    with law.using(replace(packaged, all_forms=(*packaged.all_forms, FORM))):
        yield


def form(typed: dict[str, str], complete: bool = True) -> Any:
    return notice_form_class(FORM.id, ON, complete)(typed)


def test_what_is_typed_becomes_the_values_that_a_notice_stores() -> None:
    filled = form(TYPED)
    assert filled.is_valid(), filled.errors
    assert filled.values() == VALUES
    assert not list(rules.draft_findings(FORM, "标题", "620502", filled.values()))


def test_stored_values_are_shown_as_they_were_typed_and_can_be_sent_again() -> None:
    shown = notice_form_class(FORM.id, ON)(initial=VALUES)
    again = {bound.name: bound.field.widget.format_value(bound.value()) for bound in shown}
    assert again["price"] == "1234567.00"
    assert again["opening"] == "2026-11-23T14:00"
    again["consortium"] = shown["consortium"].value()
    sent = form({name: value for name, value in again.items() if value is not None})
    assert sent.is_valid(), sent.errors
    assert sent.values() == VALUES


def test_a_draft_may_lack_what_a_complete_notice_may_not() -> None:
    assert form({}, complete=False).is_valid()
    lacking = form({}, complete=True)
    assert not lacking.is_valid()
    assert set(lacking.errors) == {field.key for field in FORM.fields if field.required}


def test_labels_follow_the_language_of_the_page_and_the_article_stands_beside_each_field() -> None:
    made = notice_form_class(FORM.id, ON)()
    with translation.override("zh-hans"):
        assert str(made["price"].label) == "项目price"
        assert str(made["price"].help_text) == "依据：《样本办法》第price条"
    with translation.override("en"):
        assert str(made["price"].label) == "Item price"
        assert "Source: 《样本办法》第price条" in str(made["price"].help_text)
    assert all(bound.field.source == FORM.field(bound.name).source for bound in made)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("price", "12.345"),
        ("price", "-1"),
        ("price", "many"),
        ("opening", "2026-02-30T10:00"),
        ("signed", "2026-13-01"),
        ("period", "-1"),
        ("period", "1.5"),
        ("consortium", "perhaps"),
        ("ranking", "1|only two cells"),
        ("ranking", "1|甲|much|"),
    ],
)
@pytest.mark.parametrize(("language", "chinese"), [("zh-hans", True), ("en", False)])
def test_what_cannot_be_read_is_said_at_the_field_in_the_language_of_the_page(
    key: str, typed: str, language: str, chinese: bool
) -> None:
    with translation.override(language):
        wrong = form({**TYPED, key: typed})
        assert set(wrong.errors) == {key}
        message = str(wrong.errors[key][0])
        assert any("一" <= char <= "鿿" for char in message.replace("项目", "")) is chinese


def test_every_form_of_the_law_becomes_a_form_with_a_field_for_each_of_its_fields() -> None:
    forms = law.notice_forms(ON)
    assert {"tender-notice", "candidates-publicity", "result-notice", "correction"} <= {
        each.id for each in forms
    }
    for each in forms:
        made = notice_form_class(each.id, ON)()
        assert list(made.fields) == [field.key for field in each.fields]
        assert f'name="{each.fields[0].key}"' in made.as_p()
