"""Certificates, paths, revocation and time stamps: what is accepted, and every way of being refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509 as asn1
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.pure.kernel.findings import Sentences
from yiwang.pure.sm import errors
from yiwang.pure.sm.errors import BadSignature, Malformed
from yiwang.pure.sm.keys import DecryptionKey, SigningKey
from yiwang.pure.sm.x509 import certificates, paths, requests, revocation, signing, timestamps
from yiwang.pure.sm.x509.paths import Policy, path_verdict
from yiwang.pure.sm.x509.signing import KeySigner
from yiwang.pure.sm.x509.testing_authority import MARK, TestAuthority, is_test

BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
AUTHORITY = TestAuthority.create(BIRTH)
SUBJECT = {"country_name": "CN", "organization_name": "天水某建筑公司", "common_name": "张三"}
SIGNER = KeySigner(SigningKey.generate())
REQUEST = requests.make_request(SUBJECT, SIGNER)
LEAF = AUTHORITY.issue(REQUEST, "sign", AT, 365)


def verdict(leaf=LEAF, others=None, anchors=None, at=AT + DAY, use="sign", lists=None, need_lists=False):
    policy = Policy(at, use, lists or {}, need_lists)
    return path_verdict(
        leaf,
        [AUTHORITY.issuing] if others is None else others,
        [AUTHORITY.root] if anchors is None else anchors,
        policy,
    )


def made(**changes) -> certificates.Certificate:
    """A certificate by the issuing authority with something unusual about it."""
    fields = {
        "issuer": AUTHORITY.issuing.subject,
        "subject": LEAF.subject,
        "public_info": LEAF.public_info,
        "serial": 7,
        "begins_at": AT,
        "ends_at": AT + 100 * DAY,
        "extensions": [],
        "signer": AUTHORITY._issuing.signer,
    }
    return certificates.make_certificate(**{**fields, **changes})


def test_every_certificate_of_the_test_authority_says_that_it_is_for_tests():
    double = AUTHORITY.issue_double(REQUEST, DecryptionKey.generate().public.to_der(), AT, 30)
    for each in (AUTHORITY.root, AUTHORITY.issuing, AUTHORITY.responder, AUTHORITY.stamping, LEAF, *double):
        assert is_test(each)
        assert MARK in each.subject_text
        assert "TEST" in MARK


def test_a_leaf_of_the_authority_is_good_and_its_chain_leads_to_the_root():
    found = verdict()
    assert found.good
    assert [each.fingerprint for each in found.chain] == [
        each.fingerprint for each in (LEAF, AUTHORITY.issuing, AUTHORITY.root)
    ]
    with pytest.raises(ValueError):
        _ = found.finding


def test_double_certificates_are_each_for_their_own_use():
    encryption = DecryptionKey.generate().public
    sign, encrypt = AUTHORITY.issue_double(REQUEST, encryption.to_der(), AT, 30)
    assert verdict(sign).good
    assert verdict(encrypt, use="encrypt").good
    assert verdict(sign, use="encrypt").code == "usage"
    assert verdict(encrypt).code == "usage"
    assert verdict(sign, use="timestamp").code == "usage"
    for each in (AUTHORITY.stamping, AUTHORITY.responder):
        assert verdict(each).code == "usage"
    assert verdict(AUTHORITY.stamping, use="timestamp").good
    with pytest.raises(Malformed):
        AUTHORITY.issue_double(REQUEST, SIGNER.public_info, AT, 30)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (AT - timedelta(seconds=1), "not-yet"),
        (AT, "ok"),
        (AT + 365 * DAY, "ok"),
        (AT + 365 * DAY + timedelta(seconds=1), "expired"),
        (BIRTH + 4000 * DAY, "expired"),
    ],
)
def test_validity_ends_to_the_second(at, code):
    assert verdict(at=at).code == code


def test_without_its_intermediate_or_under_another_root_there_is_no_path():
    other = TestAuthority.create(BIRTH)
    assert verdict(others=[]).code == "no-path"
    assert verdict(anchors=[other.root]).code == "no-path"
    assert verdict(anchors=[]).code == "no-path"
    assert verdict(others=[other.issuing], anchors=[other.root]).code == "no-path"


def test_the_same_name_with_another_key_does_not_make_an_issuer():
    impostor = certificates.make_certificate(
        issuer=AUTHORITY.root.subject,
        subject=AUTHORITY.issuing.subject,
        public_info=SIGNER.public_info,
        serial=9,
        begins_at=BIRTH,
        ends_at=BIRTH + 4000 * DAY,
        extensions=[certificates.extension("basic_constraints", {"ca": True}, True)],
        signer=SIGNER,
    )
    assert verdict(others=[impostor]).code == "signature"
    assert verdict(others=[impostor, AUTHORITY.issuing]).good


def test_a_leaf_that_issues_is_no_authority():
    below = made(issuer=LEAF.subject, signer=SIGNER, subject=requests.name({"common_name": "x"}).dump())
    assert verdict(below, others=[], anchors=[LEAF]).code == "not-authority"


def test_an_authority_below_one_that_allows_none_is_too_long():
    signer = KeySigner(SigningKey.generate())
    name = requests.name({"common_name": "Sub CA"}).dump()
    usage = certificates.extension("key_usage", {"key_cert_sign"}, True)
    sub = made(
        subject=name,
        public_info=signer.public_info,
        extensions=[certificates.extension("basic_constraints", {"ca": True}, True), usage],
    )
    leaf = made(issuer=name, signer=signer)
    assert verdict(leaf, others=[sub, AUTHORITY.issuing]).code == "too-long"


def test_a_critical_extension_that_nobody_understands_is_refused():
    extension = certificates.extension("inhibit_any_policy", 0, True)
    assert verdict(made(extensions=[extension])).code == "critical"
    mild = certificates.extension("inhibit_any_policy", 0, False)
    assert verdict(made(extensions=[mild])).good


def test_loops_of_certificates_end():
    names = [requests.name({"common_name": str(number)}).dump() for number in range(2)]
    keys = [KeySigner(SigningKey.generate()) for _ in range(2)]
    loop = [
        made(
            subject=names[number],
            issuer=names[1 - number],
            serial=serial,
            signer=keys[1 - number],
            public_info=keys[number].public_info,
        )
        for serial in range(1, 12)
        for number in range(2)
    ]
    leaf = made(issuer=names[0], signer=keys[0])
    assert verdict(leaf, others=loop).code == "no-path"


def crl(at, authority=AUTHORITY):
    found = revocation.read_list(authority.revocation_list(at), authority.issuing)
    root = revocation.make_list(authority.root, authority._issuing.signer, 1, at, at + DAY, [])
    with pytest.raises(BadSignature):
        revocation.read_list(root, authority.root)
    return {found.issuer: found}


def test_revocation_counts_from_its_instant_on():
    authority = TestAuthority.create(BIRTH)
    leaf = authority.issue(REQUEST, "sign", AT, 30)
    authority.revoke(leaf.serial, AT + 2 * DAY, "key_compromise")
    authority.revoke(leaf.serial, AT + 9 * DAY, "superseded")
    lists = crl(AT + 3 * DAY, authority)

    def code(at, need=False):
        return verdict(leaf, [authority.issuing], [authority.issuing], at, lists=lists, need_lists=need).code

    assert code(AT + 2 * DAY - timedelta(seconds=1)) == "ok"
    assert code(AT + 2 * DAY) == "revoked"
    assert code(AT + 20 * DAY) == "revoked"
    assert next(iter(lists.values())).entries[leaf.serial].reason == "key_compromise"


def test_where_lists_are_required_a_missing_or_stale_one_is_refused():
    lists = crl(AT)
    anchors = [AUTHORITY.issuing]
    assert verdict(anchors=anchors, need_lists=True).code == "list-missing"
    assert verdict(anchors=anchors, lists=lists, need_lists=True).good
    stale = AT + 8 * DAY
    assert verdict(anchors=anchors, at=stale, lists=lists, need_lists=True).code == "list-stale"
    assert verdict(anchors=anchors, at=stale, lists=lists).good


def test_a_list_by_another_issuer_or_with_a_changed_bit_is_refused():
    text = AUTHORITY.revocation_list(AT)
    with pytest.raises(BadSignature):
        revocation.read_list(text, TestAuthority.create(BIRTH).issuing)
    with pytest.raises(BadSignature):
        revocation.read_list(text, LEAF)
    changed = text[:-1] + bytes([text[-1] ^ 1])
    with pytest.raises((BadSignature, Malformed)):
        revocation.read_list(changed, AUTHORITY.issuing)


def test_a_certificate_that_may_not_sign_lists_signs_none():
    text = revocation.make_list(LEAF, SIGNER, 1, AT, AT + DAY, [])
    with pytest.raises(BadSignature, match="may not sign"):
        revocation.read_list(text, LEAF)


def test_the_authority_revokes_only_what_it_issued():
    with pytest.raises(ValueError):
        AUTHORITY.revoke(12345, AT)
    with pytest.raises(ValueError):
        AUTHORITY.revoke(LEAF.serial, AT, "because")


def test_online_status_is_good_revoked_or_unknown():
    authority = TestAuthority.create(BIRTH)
    leaf = authority.issue(REQUEST, "sign", AT, 30)

    def state(serial, at):
        question = revocation.ask_status(serial, authority.issuing)
        return revocation.read_answer(authority.status(question.octets, at), question, authority.issuing, at)

    assert state(leaf.serial, AT).state == "good"
    assert state(99, AT).state == "unknown"
    authority.revoke(leaf.serial, AT + DAY)
    assert state(leaf.serial, AT).state == "good"
    answer = state(leaf.serial, AT + DAY)
    assert (answer.state, answer.revoked.at, answer.revoked.reason) == ("revoked", AT + DAY, "")


def test_an_answer_that_was_not_asked_for_or_is_old_is_refused():
    question = revocation.ask_status(LEAF.serial, AUTHORITY.issuing)
    answer = AUTHORITY.status(question.octets, AT)
    again = revocation.ask_status(LEAF.serial, AUTHORITY.issuing)
    other = revocation.ask_status(5, AUTHORITY.issuing)
    same_nonce = revocation.StatusQuestion(other.octets, 5, question.nonce)
    for asked in (again, other, same_nonce):
        with pytest.raises(Malformed):
            revocation.read_answer(answer, asked, AUTHORITY.issuing, AT)
    for at in (AT - timedelta(seconds=1), AT + timedelta(hours=1, seconds=1)):
        with pytest.raises(Malformed):
            revocation.read_answer(answer, question, AUTHORITY.issuing, at)
    for place in (len(answer) // 2, len(answer) - 1, 60):
        changed = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
        with pytest.raises((BadSignature, Malformed)):
            revocation.read_answer(changed, question, AUTHORITY.issuing, AT)


def test_a_status_signed_by_somebody_without_the_purpose_is_refused():
    question = revocation.ask_status(LEAF.serial, AUTHORITY.issuing)
    status = revocation.Status("good", AT, AT + DAY)
    signed = revocation.make_answer(question, AUTHORITY.issuing, LEAF, SIGNER, status, AT)
    with pytest.raises(BadSignature):
        revocation.read_answer(signed, question, AUTHORITY.issuing, AT)
    by_issuer = revocation.make_answer(
        question, AUTHORITY.issuing, AUTHORITY.issuing, AUTHORITY._issuing.signer, status, AT
    )
    assert revocation.read_answer(by_issuer, question, AUTHORITY.issuing, AT).state == "good"


def read_stamp(answer, question, at=AT):
    policy = Policy(at, "timestamp", {})
    return timestamps.read_time_answer(answer, question, [AUTHORITY.issuing], [AUTHORITY.root], policy)


def test_a_time_stamp_gives_the_instant_to_the_second():
    question = timestamps.ask_time(b"a document")
    stamp = read_stamp(AUTHORITY.timestamp(question.octets, AT + timedelta(microseconds=999_999)), question)
    assert stamp.at == AT
    assert stamp.path.good
    assert is_test(stamp.authority)


def test_a_time_stamp_for_something_else_or_changed_is_refused():
    question = timestamps.ask_time(b"a document")
    answer = AUTHORITY.timestamp(question.octets, AT)
    for other in (timestamps.ask_time(b"another"), timestamps.ask_time(b"a document")):
        with pytest.raises(Malformed):
            read_stamp(answer, other)
    for place in range(30, len(answer), 97):
        changed = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
        try:
            stamp = read_stamp(changed, question)
        except (Malformed, BadSignature):
            continue
        assert not stamp.path.good  # the change was in the certificate's own signature: its path fails


def test_signed_attributes_for_another_stamp_or_certificate_are_refused(monkeypatch):
    honest = timestamps._attributes
    question = timestamps.ask_time(b"a document")
    for dishonest in (
        lambda info, authority, name: honest(info + b"x", authority, name),
        lambda info, authority, name: honest(info, AUTHORITY.issuing, name),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(timestamps, "_attributes", dishonest)
            answer = AUTHORITY.timestamp(question.octets, AT)
        with pytest.raises(BadSignature, match="signed attributes"):
            read_stamp(answer, question)


def test_a_certificate_that_names_two_signature_algorithms_is_refused():
    parsed = asn1.Certificate.load(LEAF.octets)
    parsed["signature_algorithm"] = signing.algorithm_of(signing.P256)
    with pytest.raises(Malformed, match="two different"):
        certificates.read_certificate(parsed.dump(force=True))


def test_a_time_stamp_by_a_certificate_for_signing_is_not_trusted():
    question = timestamps.ask_time(b"a document")
    answer = timestamps.make_time_answer(question, LEAF, SIGNER, 1, AT + DAY)
    assert read_stamp(answer, question).path.code == "usage"


def test_a_request_whose_signature_is_not_its_own_keys_is_refused():
    class Thief(KeySigner):
        @property
        def public_info(self) -> bytes:
            return SIGNER.public_info

    stolen = requests.make_request(SUBJECT, Thief(SigningKey.generate()))
    with pytest.raises(BadSignature):
        AUTHORITY.issue(stolen, "sign", AT, 1)


@pytest.mark.parametrize("days", [0, -1, 366 * 5 + 1])
def test_a_certificate_is_valid_for_a_day_to_five_years(days):
    with pytest.raises(ValueError):
        AUTHORITY.issue(REQUEST, "sign", AT, days)


def test_a_certificate_of_another_version_or_with_an_extension_twice_is_refused():
    twice = [certificates.extension("key_usage", {"digital_signature"})] * 2
    with pytest.raises(Malformed):
        made(extensions=twice)
    for serial in (0, -1):
        with pytest.raises(Malformed):
            made(serial=serial)
    with pytest.raises(Malformed):
        certificates.read_certificate(LEAF.octets + b"\0")
    with pytest.raises(Malformed):
        certificates.read_certificate(bytes(70_000))


def test_an_algorithm_that_is_not_accepted_is_refused():
    info = LEAF.key
    for name in ("sha1_rsa", "sha256_rsa", "ed25519", "md5_rsa"):
        with pytest.raises(BadSignature):
            signing.check_signature(info, name, b"", b"")
    with pytest.raises(BadSignature):
        signing.check_signature(info, "sha256_ecdsa", b"", b"")


PARSERS = {
    "certificate": (certificates.read_certificate, LEAF.octets),
    "request": (requests.read_request, REQUEST),
    "list": (lambda text: revocation.read_list(text, AUTHORITY.issuing), AUTHORITY.revocation_list(AT)),
}


@pytest.mark.parametrize("name", list(PARSERS))
@settings(max_examples=150, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=4),
    cut=st.integers(0, 40),
)
def test_a_mutated_structure_is_refused_or_no_longer_signed(name, places, cut):
    read, text = PARSERS[name]
    mutated = bytearray(text)
    for place, value in places:
        mutated[place % len(text)] = value
    mutated = mutated[: len(mutated) - cut] if cut > 30 else mutated
    try:
        found = read(bytes(mutated))
    except errors.SmError:
        return
    if bytes(mutated) != text:
        assert name == "certificate"
        with pytest.raises(errors.SmError):
            found.check_issued_by(AUTHORITY.issuing)


def test_an_authority_comes_back_from_storage_with_what_it_issued_and_revoked():
    authority = TestAuthority.create(BIRTH)
    leaf, other = (authority.issue(REQUEST, "sign", AT, 30) for _ in range(2))
    authority.revoke(leaf.serial, AT + DAY, "superseded")
    first = revocation.read_list(authority.revocation_list(AT), authority.issuing)
    again = TestAuthority.restore(authority.export_secret())
    second = revocation.read_list(again.revocation_list(AT + DAY), authority.issuing)
    assert (first.number, second.number) == (1, 2)
    assert second.entries == {leaf.serial: revocation.Revoked(leaf.serial, AT + DAY, "superseded")}
    more = again.issue(REQUEST, "sign", AT, 30)
    assert verdict(more, [authority.issuing], [authority.root]).good
    again.revoke(other.serial, AT)
    question = timestamps.ask_time(b"d")
    policy = Policy(AT, "timestamp", {})
    stamp = timestamps.read_time_answer(
        again.timestamp(question.octets, AT), question, [again.issuing], [authority.root], policy
    )
    assert stamp.path.good
    asked = revocation.ask_status(more.serial, again.issuing)
    assert revocation.read_answer(again.status(asked.octets, AT), asked, again.issuing, AT).state == "good"


def test_every_code_has_a_sentence():
    from pathlib import Path

    sentences = Sentences([Path(errors.__file__).parent / "sentences.toml"])
    for code in paths.CODES[1:]:
        finding = paths.PathVerdict(code, 0, "某人").finding
        assert "某人" in sentences.say(finding, "zh")
        assert "某人" in sentences.say(finding, "en")
