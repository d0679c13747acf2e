"""Canonical JSON, references, findings, sentences, permissions and codes."""

from __future__ import annotations

import json
import random

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from yiwang.pure.kernel.actors import Actor, permission, permission_findings
from yiwang.pure.kernel.canonical import LIMIT, NotCanonical, digest, dumps, loads
from yiwang.pure.kernel.codes import lot_code, project_code, uscc_findings, uscc_of
from yiwang.pure.kernel.findings import WARNING, Finding, Refused, SentenceMissing, Sentences, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code, seeded_codes

text = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LIMIT + 1, LIMIT - 1) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_json_is_that_of_rfc_8785(value):
    assert dumps(value) == rfc8785.dumps(value)
    assert loads(dumps(value)) == value


@given(values)
def test_another_spelling_is_not_canonical(value):
    other = json.dumps(value, ensure_ascii=True, indent=1).encode()
    if other != dumps(value):
        with pytest.raises(NotCanonical):
            loads(other)


@pytest.mark.parametrize(
    "value", [1.5, LIMIT, -LIMIT, "\ud800", {"\U0001f600": 1}, {1: 2}, b"x", {"a": {"b": [0.1]}}, {1, 2}]
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value):
    with pytest.raises(NotCanonical, match=r"\$"):
        dumps(value)


@pytest.mark.parametrize(
    "raw", [b"{", b'{"a":1,"a":1}', b"1.0", b"NaN", b'{"b":1,"a":2}', b" 1", b"\xff", b"1e3"]
)
def test_a_text_that_is_not_its_own_canonical_form_is_refused(raw):
    with pytest.raises(NotCanonical):
        loads(raw)


def test_the_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True))
def test_a_reference_is_read_back(code):
    ref = Ref("trading", "lot", code)
    assert Ref.parse(str(ref)) == ref


@pytest.mark.parametrize(
    "written", ["", "a:b", "a:b:c:d", "A:b:c", "a:b:", "a:b:/etc", "a:b:c d", "a:b:c\n", "a:b:" + "x" * 65]
)
def test_what_is_no_reference_is_refused(written):
    with pytest.raises(ValueError, match="not a reference"):
        Ref.parse(written)


def test_codes_cannot_be_guessed_unless_a_simulation_seeds_them():
    assert random_code("E") != random_code("E")
    with seeded_codes(random.Random(1)):
        first = random_code("E")
    with seeded_codes(random.Random(1)):
        assert random_code("E") == first
    assert random_code("E") != first


def test_a_refusal_carries_every_reason_and_a_warning_refuses_nothing():
    warning, refusal = Finding("a", level=WARNING), Finding("b", "art. 1", {"n": 1})
    assert refuse_if([warning]) == (warning,)
    with pytest.raises(Refused) as caught:
        refuse_if([warning, refusal])
    assert caught.value.findings == (warning, refusal)
    with pytest.raises(ValueError, match="without a reason"):
        Refused([])


def test_sentences_speak_both_languages_with_the_article(tmp_path):
    path = tmp_path / "sentences.toml"
    path.write_text('[W03]\nzh = "只有 {n} 日"\nen = "only {n} days"\n', "utf-8")
    sentences = Sentences([path])
    finding = Finding("W03", "第二十四条", {"n": 19})
    assert sentences.say(finding, "zh-hans") == "只有 19 日（依据：第二十四条）"
    assert sentences.say(finding, "en") == "only 19 days (Source: 第二十四条)"
    with pytest.raises(SentenceMissing):
        sentences.say(Finding("W99"), "en")
    with pytest.raises(SentenceMissing):
        sentences.say(Finding("W03"), "en")
    with pytest.raises(ValueError, match="second sentence"):
        Sentences([path, path])
    path.write_text('[W03]\nzh = "x"\n', "utf-8")
    with pytest.raises(ValueError, match="zh and en"):
        Sentences([path])


def test_a_permission_is_for_its_roles_alone():
    needed = permission("x", "centre")
    assert permission_findings(Actor("P", "", "centre"), needed) == []
    assert [each.rule for each in permission_findings(Actor("P", "", "bidder"), needed)] == ["no-permission"]
    with pytest.raises(ValueError, match="unknown roles"):
        permission("x", "king")


@pytest.mark.parametrize("code", ["91110000600037341L", "91440300708461136T", "91330100799655058B"])
def test_real_credit_codes_are_valid_and_any_other_check_character_is_not(code):
    assert uscc_findings(code) == []
    assert uscc_of(code[:-1]) == code
    for other in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        if other != code[-1]:
            assert [each.rule for each in uscc_findings(code[:-1] + other)] == ["uscc"]


def test_works_codes_have_17_and_23_characters():
    project = project_code("C6205000001", 2026, 7)
    assert (len(project), len(lot_code(project, 1, 2))) == (17, 23)
    for call in (
        lambda: project_code("C1", 2026, 1),
        lambda: project_code("C6205000001", 2026, 0),
        lambda: lot_code(project, 1, 1000),
    ):
        with pytest.raises(ValueError, match="1"):
            call()
