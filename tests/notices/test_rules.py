"""The pure rules of notices."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notices.samples import FORM, VALUES
from yiwang.common.notices import rules, shapes
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, ROLES, SUPERVISOR, SYSTEM, TENDEREE, Actor
from yiwang.pure.kernel.days import SHANGHAI, on_day_at
from yiwang.pure.kernel.money import MAX_FEN
from yiwang.pure.kernel.refs import Ref

OWNER, OTHER, AGENT = "91620500000000001X", "91620500000000002X", "91620500000000003X"
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)


def found(findings: object) -> list[str]:
    return [each.rule for each in findings]  # type: ignore[attr-defined]


def test_values_that_fit_the_form_are_not_objected_to() -> None:
    assert not list(rules.draft_findings(FORM, "标题", "620502", VALUES))
    assert not list(rules.missing_findings(FORM, VALUES))


def test_an_empty_draft_is_allowed_but_lacks_every_required_field_with_its_article() -> None:
    assert not list(rules.draft_findings(FORM, "标题", "620502", {}))
    missing = list(rules.missing_findings(FORM, {}))
    required = [field for field in FORM.fields if field.required]
    assert [(each.field, each.source) for each in missing] == [
        (field.key, field.source) for field in required
    ]


@given(st.sets(st.sampled_from([field.key for field in FORM.fields])))
def test_exactly_the_required_fields_left_out_are_missing(left_out: set[str]) -> None:
    values = {key: value for key, value in VALUES.items() if key not in left_out}
    missing = {each.field for each in rules.missing_findings(FORM, values)}
    assert missing == {key for key in left_out if FORM.field(key).required}


@given(st.sampled_from(["", " ", "　\n\t", None, [], {}]))
def test_blanks_do_not_fill_a_required_field(blank: object) -> None:
    assert found(rules.missing_findings(FORM, {**VALUES, "name": blank})) == ["notice-field-missing"]


def test_zero_fills_a_required_number() -> None:
    assert not list(rules.missing_findings(FORM, {**VALUES, "period": 0, "price": 0}))


def test_a_row_without_a_required_cell_names_table_row_and_column() -> None:
    values = {**VALUES, "ranking": [VALUES["ranking"][0], {"place": 2}]}
    missing = list(rules.missing_findings(FORM, values))
    assert [each.field for each in missing] == ["ranking.2.bidder", "ranking.2.bid"]
    assert missing[0].params["row"] == 2
    assert missing[0].source == "《样本办法》第bidder条"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", 7),
        ("name", "a\x00b"),
        ("scope", "x" * (rules.TEXT_LIMIT + 1)),
        ("price", -1),
        ("price", MAX_FEN + 1),
        ("price", True),
        ("price", "100"),
        ("price", 1.5),
        ("opening", "2026-11-23T06:00:00"),
        ("opening", "tomorrow"),
        ("signed", "2026-02-29"),
        ("signed", "2026-1-1"),
        ("period", -1),
        ("consortium", "perhaps"),
        ("ranking", "one"),
        ("ranking", ["one"]),
        ("ranking", [{}] * (rules.ROWS_LIMIT + 1)),
    ],
)
def test_a_value_of_another_kind_is_refused_at_its_field(key: str, value: object) -> None:
    findings = list(rules.draft_findings(FORM, "标题", "620502", {**VALUES, key: value}))
    assert [(each.rule, each.field) for each in findings] == [(f"notice-field-{FORM.field(key).kind}", key)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scope", "x" * rules.TEXT_LIMIT),
        ("price", MAX_FEN),
        ("opening", "2026-11-23T14:00:00+08:00"),
        ("signed", "2028-02-29"),
        ("ranking", [{"place": 1, "bidder": "甲", "bid": 1}] * rules.ROWS_LIMIT),
    ],
)
def test_a_value_at_its_bound_passes(key: str, value: object) -> None:
    assert not list(rules.draft_findings(FORM, "标题", "620502", {**VALUES, key: value}))


def test_unknown_keys_and_cells_are_refused_by_name() -> None:
    values = {**VALUES, "surprise": 1, "ranking": [{"place": 1, "phone": "139"}]}
    findings = list(rules.draft_findings(FORM, "标题", "620502", values))
    assert {each.field for each in findings} == {"surprise", "ranking.1.phone"}


@pytest.mark.parametrize(
    ("title", "lawful"),
    [("题" * 200, True), ("题" * 201, False), ("", False), (" ", False), ("一\n二", False)],
)
def test_a_title_is_one_line_of_at_most_200_characters(title: str, lawful: bool) -> None:
    assert (not list(rules.draft_findings(FORM, title, "620502", VALUES))) is lawful


def test_a_region_outside_the_city_is_refused() -> None:
    assert found(rules.draft_findings(FORM, "标题", "110000", VALUES)) == ["notice-region"]


@given(st.integers(-2, 2) | st.integers(-(10**9), 10**9), st.integers(0, 23))
def test_publication_lies_after_the_confirmation_to_the_microsecond(offset: int, hour: int) -> None:
    at = on_day_at(NOON.date(), hour)
    publish_at = at + timedelta(microseconds=offset)
    assert bool(list(rules.publish_at_findings(publish_at, at))) is (offset <= 0)
    assert bool(list(rules.early_findings(publish_at, at))) is (offset > 0)


@given(st.sets(st.sampled_from(["P-A", "P-B", "P-C"])), st.sampled_from(["P-A", "P-B", "P-C"]))
def test_nobody_confirms_what_they_wrote_in(authors: set[str], person: str) -> None:
    findings = found(rules.confirmer_findings(Actor(person, OWNER, TENDEREE), OWNER, authors))
    assert findings == (["D01"] if person in authors else [])


@pytest.mark.parametrize("role", ROLES)
def test_only_the_tenderee_confirms_and_only_the_centre_checks(role: str) -> None:
    by = Actor("P-Z", OWNER, role)
    assert (not list(rules.confirmer_findings(by, OWNER, ["P-A"]))) is (role == TENDEREE)
    assert (not list(rules.centre_findings(by))) is (role == CENTRE)


def test_the_agency_that_drafts_cannot_confirm() -> None:
    assert found(rules.confirmer_findings(Actor("P-Z", AGENT, AGENCY), OWNER, [])) == ["notice-confirmer"]


def test_the_tenderee_of_another_matter_cannot_confirm_or_draft() -> None:
    stranger = Actor("P-Z", OTHER, TENDEREE)
    assert found(rules.confirmer_findings(stranger, OWNER, [])) == ["notice-confirmer"]
    assert found(rules.drafter_findings(stranger, OWNER)) == ["notice-drafter"]


@pytest.mark.parametrize("role", [BIDDER, CENTRE, SUPERVISOR])
def test_others_neither_draft_nor_revise(role: str) -> None:
    by = Actor("P-Z", OWNER, role)
    assert found(rules.drafter_findings(by, OWNER)) == ["notice-drafter"]
    assert found(rules.editor_findings(by, OWNER, AGENT)) == ["notice-editor"]


def test_agency_and_tenderee_revise_a_draft_of_the_agency_and_another_agency_does_not() -> None:
    assert not list(rules.editor_findings(Actor("P-A", AGENT, AGENCY), OWNER, AGENT))
    assert not list(rules.editor_findings(Actor("P-A", OWNER, TENDEREE), OWNER, AGENT))
    assert list(rules.editor_findings(Actor("P-A", OTHER, AGENCY), OWNER, AGENT))


def test_the_centre_may_drop_what_it_cannot_revise() -> None:
    centre = Actor("P-C", OTHER, CENTRE)
    assert not list(rules.dropper_findings(centre, OWNER, AGENT))
    assert list(rules.editor_findings(centre, OWNER, AGENT))


@pytest.mark.parametrize("role", ROLES)
def test_only_the_centre_or_the_system_sends_a_notice_back(role: str) -> None:
    by = Actor("P-Z", OTHER, role)
    assert (not list(rules.returner_findings(by))) is (role in (CENTRE, SYSTEM))


@pytest.mark.parametrize(("verb", "status"), list(product(rules.BEGINS_IN, shapes.STATUSES)))
def test_a_verb_begins_only_in_its_statuses_and_nothing_leaves_published_or_dropped(
    verb: str, status: str
) -> None:
    refused = bool(list(rules.status_findings(verb, status)))
    assert refused is (status not in rules.BEGINS_IN[verb])
    if status in (shapes.PUBLISHED, shapes.DROPPED):
        assert refused


@pytest.mark.parametrize("status", shapes.STATUSES)
def test_a_correction_points_to_a_published_notice(status: str) -> None:
    original = rules.Original("N-1", status, "trading:lot:L1", OWNER)
    refused = found(rules.correction_findings(original, "trading:lot:L1", OWNER))
    assert refused == ([] if status == shapes.PUBLISHED else ["notice-corrects-unpublished"])


def test_a_correction_stays_within_lot_and_tenderee() -> None:
    original = rules.Original("N-1", shapes.PUBLISHED, "trading:lot:L1", OWNER)
    assert found(rules.correction_findings(original, "trading:lot:L2", OWNER)) == ["notice-corrects-other"]
    assert found(rules.correction_findings(original, "trading:lot:L1", OTHER)) == ["notice-corrects-other"]


@pytest.mark.parametrize("reasons", ["", "  ", "\n"])
def test_a_notice_is_not_returned_without_reasons(reasons: str) -> None:
    assert found(rules.reasons_findings(reasons)) == ["notice-reasons-missing"]
    assert not list(rules.reasons_findings("缺少联系人"))


PARTS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["甲", "乙", ""])},
        optional={"period": st.integers(0, 1), "scope": st.sampled_from(["一", " "])},
    ),
    min_size=1,
    max_size=4,
)


def parts_of(values: list[dict[str, object]]) -> list[shapes.Part]:
    return [shapes.Part(Ref("trading", "lot", f"L{n}"), f"标段{n}", each) for n, each in enumerate(values)]


@given(PARTS, st.sets(st.sampled_from(["name", "period"])))
def test_what_lots_say_alike_is_said_once_and_each_still_says_all_of_it(values, apart) -> None:
    alike, own = shapes.told_apart(parts_of(values), apart)
    assert [{**alike, **each.values} for each in own] == values
    assert not set(alike) & (apart | {key for each in own for key in each.values})
    left = {key for each in values for key in each} - set(alike) - apart
    assert all(len({each.get(key) for each in values}) > 1 for key in left)


@given(PARTS)
def test_a_notice_of_several_lots_lacks_what_any_of_its_lots_lacks(values) -> None:
    alike, own = shapes.told_apart(parts_of(values))
    missing = list(rules.missing_findings(FORM, alike, own))
    assert len({each.field for each in missing}) == len(missing)
    said = {each.field for each in missing}
    for number, each in enumerate(values):
        alone = {finding.field for finding in rules.missing_findings(FORM, each)}
        assert alone == {
            field.removeprefix(f"L{number}.")
            for field in said
            if "." not in field or field.startswith(f"L{number}.")
        }


@given(st.sets(st.sampled_from("ABC")), st.sets(st.sampled_from("ABC")))
def test_a_notice_of_several_lots_is_corrected_for_all_or_for_some_of_them(known, wanted) -> None:
    original = rules.Original("N-1", shapes.PUBLISHED, "P", OWNER, tuple(known))
    refused = found(rules.correction_findings(original, "P", OWNER, wanted))
    fits = (wanted or {"P"}) <= (known or {"P"})
    assert refused == ([] if fits else ["notice-corrects-other"])
    one = found(rules.correction_findings(original, "A", OWNER))
    assert refused_for_one(one) is ("A" not in known)


def refused_for_one(rules_found: list[str]) -> bool:
    return rules_found == ["notice-corrects-other"]
