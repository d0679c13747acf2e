"""Registration, review, memberships and appointments: what each verb does, and each of its refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.people import (
    CENTRE_CODE,
    COMPANY,
    COMPANY_SAYS,
    OTHER_COMPANY,
    PASSWORD,
    House,
    admitted,
    house,
    kinds_about,
    registered,
)
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Membership, Organisation, Person
from yiwang.common.identity.rules.register import (
    HOUSE_ROLES,
    MARKET_ROLES,
    OrganisationFacts,
    organisation_findings,
    reasons_findings,
    role_findings,
)
from yiwang.pure.kernel.actors import (
    AGENCY,
    ANYONE,
    APPLICANT,
    BIDDER,
    CENTRE,
    OPERATOR,
    SUPERVISOR,
    SYSTEM_ACTOR,
    TENDEREE,
    Actor,
)
from yiwang.pure.kernel.codes import _ALPHABET, uscc_of
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import public_feed, timeline, work

HOUR = timedelta(hours=1)


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


def reasons(call: Callable[[], object]) -> list[tuple[str, str]]:
    """The (rule, field) pairs for which ``call`` is refused."""
    with pytest.raises(Refused) as refused:
        call()
    return [(each.rule, each.field) for each in refused.value.findings]


class TestRegistration:
    def test_from_draft_to_admission_with_a_return_between(self, made: House, at: datetime) -> None:
        actor = registered(made, at)
        assert identity.organisation(COMPANY).status == "draft"
        identity.submit_registration(actor, COMPANY, at=at)
        identity.return_registration(made.reviewer, COMPANY, ["地址与执照不一致"], at=at + HOUR)
        assert Organisation.objects.get(code=COMPANY).reasons == ["地址与执照不一致"]
        corrected = {**COMPANY_SAYS, "address": "秦州区解放路88号"}
        identity.edit_organisation(actor, COMPANY, at=at + HOUR, **corrected)
        identity.submit_registration(actor, COMPANY, at=at + HOUR)
        identity.admit_organisation(made.second_reviewer, COMPANY, at=at + HOUR)
        party = identity.organisation(COMPANY)
        assert (party.status, party.address) == ("admitted", "秦州区解放路88号")
        assert {each.role for each in identity.people_of(COMPANY)} == {TENDEREE, BIDDER}
        assert all(each.administrator for each in identity.people_of(COMPANY))
        assert kinds_about(identity.organisation_ref(COMPANY)) == [
            "organisation-registered",
            "organisation-submitted",
            "organisation-returned",
            "organisation-corrected",
            "organisation-submitted",
            "organisation-admitted",
        ]

    def test_the_public_sees_the_admission_and_nothing_personal(self, made: House, at: datetime) -> None:
        admitted(made, at)
        work([], {}, at)  # on PostgreSQL the order is made by the worker
        public = public_feed(0, 1000)
        about = [each for each in public if str(each.about) == str(identity.organisation_ref(COMPANY))]
        assert [each.kind for each in about] == ["organisation-admitted"]
        everything = b"".join(each.leaf for each in public) + b"".join(
            each.leaf for each in timeline(identity.organisation_ref(COMPANY), public_only=False)
        )
        for personal in ("王秀英", "0938-8210000", "秦州区民主西路1号", "applicant"):
            assert personal.encode() not in everything

    def test_all_objections_come_at_once(self, made: House, at: datetime) -> None:
        wrong = {
            "name": "天",
            "region": "110000",
            "address": "",
            "contact_name": "",
            "contact_phone": "12",
            "roles": [CENTRE],
        }
        found = reasons(
            lambda: identity.register_organisation(made.applicant, code="91620500MA0000000", at=at, **wrong)
        )
        assert {field for _, field in found} == {
            "code",
            "name",
            "region",
            "address",
            "contact_name",
            "contact_phone",
            "roles",
        }

    def test_a_code_is_registered_once(self, made: House, at: datetime) -> None:
        registered(made, at)
        again = reasons(
            lambda: identity.register_organisation(made.applicant, code=COMPANY, at=at, **COMPANY_SAYS)
        )
        assert again == [("organisation-registered", "code")]

    def test_a_person_of_the_centre_registers_no_company(self, made: House, at: datetime) -> None:
        by = Actor(made.reviewer.person, "", APPLICANT)
        found = reasons(lambda: identity.register_organisation(by, code=COMPANY, at=at, **COMPANY_SAYS))
        assert found == [("roles-conflict", "role")]

    def test_what_is_under_review_stays_as_it_is(self, made: House, at: datetime) -> None:
        actor = registered(made, at)
        identity.submit_registration(actor, COMPANY, at=at)
        assert reasons(lambda: identity.submit_registration(actor, COMPANY, at=at)) == [
            ("registration-not-open", "")
        ]
        assert reasons(lambda: identity.edit_organisation(actor, COMPANY, at=at, **COMPANY_SAYS)) == [
            ("registration-under-review", "")
        ]

    def test_what_was_reviewed_is_fixed_but_the_contact_may_change(self, made: House, at: datetime) -> None:
        actor = admitted(made, at)
        identity.edit_organisation(actor, COMPANY, at=at, **{**COMPANY_SAYS, "contact_name": "李伟"})
        assert identity.organisation(COMPANY).contact_name == "李伟"
        renamed = {**COMPANY_SAYS, "name": "另一家公司", "region": "620503", "roles": [AGENCY]}
        assert reasons(lambda: identity.edit_organisation(actor, COMPANY, at=at, **renamed)) == [
            ("reviewed-is-fixed", "name"),
            ("reviewed-is-fixed", "region"),
            ("reviewed-is-fixed", "roles"),
        ]

    def test_only_the_own_administrator_submits(self, made: House, at: datetime) -> None:
        registered(made, at)
        stranger = Actor(identity.create_person("stranger", None, "陌生人", at=at), COMPANY, APPLICANT)
        assert reasons(lambda: identity.submit_registration(stranger, COMPANY, at=at)) == [
            ("not-administrator", "")
        ]

    @pytest.mark.parametrize("role", [CENTRE, SUPERVISOR, OPERATOR, BIDDER])
    def test_who_is_somebody_else_registers_nothing(self, made: House, at: datetime, role: str) -> None:
        by = Actor(made.applicant.person, COMPANY, role)
        assert reasons(lambda: identity.register_organisation(by, code=COMPANY, at=at, **COMPANY_SAYS)) == [
            ("no-permission", "")
        ]

    def test_the_database_keeps_what_must_never_break(self, made: House, at: datetime) -> None:
        registered(made, at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(code=COMPANY).update(status="admitted")
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(code=COMPANY).update(status="unheard")
        twice = Membership.objects.get(person__code=made.applicant.person)
        twice.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            twice.save(force_insert=True)


class TestReview:
    @pytest.mark.parametrize("role", [APPLICANT, TENDEREE, BIDDER, AGENCY, SUPERVISOR, OPERATOR])
    def test_only_the_centre_reviews(self, made: House, at: datetime, role: str) -> None:
        identity.submit_registration(registered(made, at), COMPANY, at=at)
        by = Actor("P-0", COMPANY, role)
        for verb in (
            lambda: identity.admit_organisation(by, COMPANY, at=at),
            lambda: identity.return_registration(by, COMPANY, ["材料不全，请补充"], at=at),
        ):
            assert reasons(verb) == [("no-permission", "")]

    def test_nobody_reviews_their_own_registration(self, made: House, at: datetime) -> None:
        actor = registered(made, at)
        identity.submit_registration(actor, COMPANY, at=at)
        by = Actor(actor.person, CENTRE_CODE, CENTRE)
        assert reasons(lambda: identity.admit_organisation(by, COMPANY, at=at)) == [("review-own", "")]

    def test_a_draft_is_not_reviewed_and_an_admission_not_repeated(self, made: House, at: datetime) -> None:
        actor = registered(made, at)
        expected = [("registration-not-submitted", "")]
        assert reasons(lambda: identity.admit_organisation(made.reviewer, COMPANY, at=at)) == expected
        identity.submit_registration(actor, COMPANY, at=at)
        identity.admit_organisation(made.reviewer, COMPANY, at=at)
        assert reasons(lambda: identity.admit_organisation(made.reviewer, COMPANY, at=at)) == expected

    def test_a_return_needs_reasons(self, made: House, at: datetime) -> None:
        identity.submit_registration(registered(made, at), COMPANY, at=at)
        assert reasons(lambda: identity.return_registration(made.reviewer, COMPANY, [], at=at)) == [
            ("reasons-needed", "reasons")
        ]

    @given(st.integers(3, 7) | st.integers(498, 502))
    def test_a_reason_has_five_to_500_characters(self, length: int) -> None:
        assert bool(list(reasons_findings(["字" * length]))) == (not 5 <= length <= 500)

    def test_an_unknown_organisation_is_refused_not_lost(self, made: House, at: datetime) -> None:
        assert reasons(lambda: identity.admit_organisation(made.reviewer, OTHER_COMPANY, at=at)) == [
            ("organisation-unknown", "")
        ]
        with pytest.raises(identity.NoSuchParty):
            identity.organisation(OTHER_COMPANY)


class TestPeople:
    def test_a_person_is_made_once_and_the_record_holds_nothing_personal(
        self, made: House, at: datetime
    ) -> None:
        code = identity.create_person("13893800000", PASSWORD, "李伟", at=at, phone="13893800000")
        assert identity.person_name(code) == "李伟"
        [entry] = timeline(identity.person_ref(code), public_only=False)
        assert "李伟".encode() not in entry.leaf
        assert b"13893800000" not in entry.leaf
        assert reasons(lambda: identity.create_person("13893800000", PASSWORD, "李伟", at=at)) == [
            ("username-taken", "username")
        ]

    @pytest.mark.parametrize(
        ("username", "password", "name", "expected"),
        [
            ("ab", PASSWORD, "李伟", ("username-form", "username")),
            ("a b c", PASSWORD, "李伟", ("username-form", "username")),
            ("liwei", "123456789", "李伟", ("password-short", "password")),
            ("liwei", "password123", "李伟", ("password-common", "password")),
            ("zhaoxiaoming", "zhaoxiaoming1", "李伟", ("password-similar", "password")),
            ("liwei", PASSWORD, "李", ("text-length", "name")),
        ],
    )
    def test_what_a_person_may_not_be(
        self, made: House, at: datetime, username: str, password: str, name: str, expected: tuple
    ) -> None:
        assert expected in reasons(lambda: identity.create_person(username, password, name, at=at))

    def test_a_person_without_password_cannot_log_in(self, made: House, at: datetime) -> None:
        code = identity.create_person("rehearsing", None, "演练人", at=at)
        assert not Person.objects.get(code=code).has_usable_password()

    def test_an_administrator_adds_a_colleague_and_others_do_not(self, made: House, at: datetime) -> None:
        boss = admitted(made, at)
        code = identity.add_person(
            boss, COMPANY, username="liwei", password=PASSWORD, name="李伟", roles=[TENDEREE], at=at
        )
        assert [each.role for each in identity.members(code)] == [TENDEREE]
        colleague = Actor(code, COMPANY, TENDEREE)
        refused = reasons(
            lambda: identity.add_person(
                colleague, COMPANY, username="zhao", password=PASSWORD, name="赵强", roles=[TENDEREE], at=at
            )
        )
        assert refused == [("not-administrator", "")]
        assert not Person.objects.filter(username="zhao").exists()

    def test_a_refused_role_makes_no_person(self, made: House, at: datetime) -> None:
        boss = admitted(made, at)
        for roles, rule in (([AGENCY], "role-not-held"), ([], "role-needed")):
            refused = reasons(
                lambda roles=roles: identity.add_person(
                    boss, COMPANY, username="zhao", password=PASSWORD, name="赵强", roles=roles, at=at
                )
            )
            assert [each for each, _ in refused] == [rule]
            assert not Person.objects.filter(username="zhao").exists()

    def test_closing_ends_every_role_and_nobody_closes_themselves(self, made: House, at: datetime) -> None:
        boss = admitted(made, at)
        identity.close_person(made.operator, boss.person, at=at)
        assert identity.members(boss.person) == []
        assert reasons(lambda: identity.close_person(made.operator, made.operator.person, at=at)) == [
            ("not-oneself", "")
        ]
        assert reasons(lambda: identity.close_person(made.reviewer, boss.person, at=at)) == [
            ("no-permission", "")
        ]

    def test_a_visitor_makes_only_themselves(self, made: House, at: datetime) -> None:
        assert identity.create_person("newcomer", PASSWORD, "新人甲", at=at, by=ANYONE)
        bystander = Actor("P-0", "", APPLICANT)
        assert reasons(
            lambda: identity.create_person("newcomer2", PASSWORD, "新人乙", at=at, by=bystander)
        ) == [("no-permission", "")]


class TestRoles:
    def test_appointing_needs_an_operator_another_person_and_a_role_of_the_house(
        self, made: House, at: datetime
    ) -> None:
        code = identity.create_person("newreviewer", PASSWORD, "新审核员", at=at)
        identity.appoint(made.operator, code, CENTRE, organisation=CENTRE_CODE, at=at)
        assert [each.role for each in identity.members(code)] == [CENTRE]
        assert reasons(
            lambda: identity.appoint(made.reviewer, code, CENTRE, organisation=CENTRE_CODE, at=at)
        ) == [("no-permission", "")]
        own = reasons(
            lambda: identity.appoint(
                made.operator, made.operator.person, OPERATOR, organisation=CENTRE_CODE, at=at
            )
        )
        assert ("not-oneself", "person") in own
        assert ("role-held-already", "role") in own
        market = reasons(
            lambda: identity.appoint(made.operator, code, BIDDER, organisation=CENTRE_CODE, at=at)
        )
        assert ("role-not-of-the-house", "role") in market

    def test_an_administrator_grants_no_role_of_the_house(self, made: House, at: datetime) -> None:
        boss = admitted(made, at)
        code = identity.create_person("someone", PASSWORD, "某人甲", at=at)
        refused = reasons(
            lambda: identity.grant_membership(boss, person=code, organisation=COMPANY, role=CENTRE, at=at)
        )
        assert ("role-appointed", "role") in refused

    def test_a_reviewer_becomes_no_bidder(self, made: House, at: datetime) -> None:
        boss = admitted(made, at)
        refused = reasons(
            lambda: identity.grant_membership(
                boss, person=made.reviewer.person, organisation=COMPANY, role=BIDDER, at=at
            )
        )
        assert refused == [("roles-conflict", "role")]

    def test_an_ended_role_is_gone_and_can_be_given_again(self, made: House, at: datetime) -> None:
        boss = admitted(made, at)
        code = identity.create_person("someone", PASSWORD, "某人甲", at=at)
        key = {"person": code, "organisation": COMPANY, "role": BIDDER}
        identity.grant_membership(boss, **key, at=at)
        identity.end_membership(boss, **key, at=at)
        assert identity.members(code) == []
        assert reasons(lambda: identity.end_membership(boss, **key, at=at)) == [("membership-unknown", "")]
        identity.grant_membership(boss, **key, at=at)
        assert kinds_about(identity.person_ref(code)) == [
            "person-created",
            "membership-granted",
            "membership-ended",
            "membership-granted",
        ]

    @given(st.sampled_from([*MARKET_ROLES, *HOUSE_ROLES]), st.sampled_from([*MARKET_ROLES, *HOUSE_ROLES]))
    def test_one_person_stands_on_one_side(self, held: str, wanted: str) -> None:
        same_side = held == wanted or {held, wanted} <= set(MARKET_ROLES)
        assert bool(list(role_findings([held, APPLICANT], wanted))) == (not same_side)

    def test_only_the_system_establishes_the_house(self, made: House, at: datetime) -> None:
        house_says = {**COMPANY_SAYS, "roles": [SUPERVISOR]}
        assert reasons(
            lambda: identity.establish(made.operator, code=OTHER_COMPANY, at=at, **house_says)
        ) == [("no-permission", "")]
        assert ("role-not-of-the-house", "roles") in reasons(
            lambda: identity.establish(SYSTEM_ACTOR, code=OTHER_COMPANY, at=at, **COMPANY_SAYS)
        )


class TestRegister:
    def test_parties_are_the_admitted_ones_with_the_role(self, made: House, at: datetime) -> None:
        registered(made, at)
        assert COMPANY not in {each.code for each in identity.parties()}
        identity.submit_registration(Actor(made.applicant.person, COMPANY, APPLICANT), COMPANY, at=at)
        identity.admit_organisation(made.reviewer, COMPANY, at=at)
        assert [each.code for each in identity.parties(BIDDER)] == [COMPANY]
        assert identity.parties(AGENCY) == []
        assert set(identity.organisations([COMPANY, "X"])) == {COMPANY}

    def test_the_page_enter_as_has_few_people_for_each_role(self, made: House, at: datetime) -> None:
        people = identity.rehearsal_people(most_per_role=1)
        assert sorted(each.role for each in people) == sorted([CENTRE, SUPERVISOR, OPERATOR])


def facts(code: str) -> OrganisationFacts:
    return OrganisationFacts(
        code, "天水建投有限公司", "620502", "民主西路1号", "王秀英", "0938-8210000", frozenset([BIDDER])
    )


class TestCreditCode:
    """统一社会信用代码, GB 32100-2015: the check character catches every single wrong character."""

    BODIES = st.builds(
        lambda head, region, body: head + region + body,
        st.sampled_from(["91", "92", "12", "11"]),
        st.sampled_from(["620502", "620500", "110000"]),
        st.text(alphabet=_ALPHABET, min_size=9, max_size=9),
    )

    @given(BODIES)
    def test_every_well_made_code_is_taken(self, body: str) -> None:
        assert list(organisation_findings(facts(uscc_of(body)))) == []

    @given(BODIES, st.integers(0, 17), st.sampled_from(_ALPHABET))
    def test_one_changed_character_is_always_refused(self, body: str, place: int, char: str) -> None:
        code = uscc_of(body)
        changed = code[:place] + char + code[place + 1 :]
        found = [each.rule for each in organisation_findings(facts(changed))]
        assert found == ([] if changed == code else ["uscc"])

    @given(BODIES, st.integers(1, 17), st.sampled_from([" ", "-"]))
    def test_a_code_has_one_spelling(self, body: str, place: int, char: str) -> None:
        code = uscc_of(body)
        for other in (code[:place] + char + code[place:], f"{code} ", f"{code}\n"):
            assert [each.rule for each in organisation_findings(facts(other))] == ["uscc"]

    @given(st.text(max_size=20))
    def test_what_is_no_code_is_refused_and_never_breaks(self, text: str) -> None:
        assert [each.rule for each in organisation_findings(facts(text)) if each.field == "code"] in (
            [],
            ["uscc"],
        )
        if len(text) != 18:
            assert [each.rule for each in organisation_findings(facts(text))] == ["uscc"]
