"""Trust policies by C2SP tlog-policy: the example, nested groups, and every rule broken once."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.worlds import LOG_KEY, MLDSA_WITNESS, WITNESSES, policy, rules_of, seed_of
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import SM2_SM3, Ed25519Signer, VKey, parse_policy

LOG = LOG_KEY.vkey.text
KEYS = [Ed25519Signer(f"k{n}.example", seed_of(f"k{n}"), cosigner=True).vkey.text for n in range(6)]
EXAMPLE = f"""# two operators
log {LOG} https://log.example/

witness X1 {KEYS[0]}
witness X2 {KEYS[1]} https://x2.example/
\t witness\tX3   {KEYS[2]} \t
group X-witnesses 2 X1 X2 X3
witness Y1 {KEYS[3]}
witness Y2 {KEYS[4]}
witness 见证 {KEYS[5]}
group Y-witnesses any Y1 Y2 见证
group X-and-Y all X-witnesses Y-witnesses
  # the rule
quorum X-and-Y
"""


def test_the_example_of_the_specification_wants_two_of_one_group_and_one_of_the_other():
    found = parse_policy(EXAMPLE.encode())
    names = [each.name for each in found.witnesses]
    for count in range(7):
        for cosigned in combinations(names, count):
            wanted = sum(n in cosigned for n in names[:3]) >= 2 and any(n in cosigned for n in names[3:])
            assert found.met_by(set(cosigned)) == wanted
    assert found.sentence() == "2 of (2 of (X1, X2, X3), 1 of (Y1, Y2, 见证))"
    assert [each.url for each in found.logs] == ["https://log.example/"]
    assert found.witnesses[1].url == "https://x2.example/"


def test_an_url_is_kept_whole():
    url = "https://witness.example/" + "a" * 200
    assert parse_policy(f"witness W {KEYS[0]} {url}\nquorum W\n".encode()).witnesses[0].url == url


def test_three_of_four_share_two_witnesses_between_any_two_quorums():
    found = policy(3)
    names = {each.name for each in found.witnesses}
    quorums = [set(each) for n in range(5) for each in combinations(names, n) if found.met_by(set(each))]
    assert all(len(one & two) >= 2 for one in quorums for two in quorums)


def test_a_single_witness_or_none_can_be_the_quorum():
    single = parse_policy(f"witness W {KEYS[0]}\nquorum W\n".encode())
    assert not single.met_by(set())
    assert single.met_by({b"W"})
    assert not single.met_by({b"w"})
    assert parse_policy(b"quorum none\n").met_by(set())


def test_names_are_octets():
    raw = (
        b"witness \xff "
        + KEYS[0].encode()
        + b"\nwitness K "
        + KEYS[1].encode()
        + b"\ngroup g all \xff K\nquorum g\n"
    )
    assert parse_policy(raw).met_by({b"\xff", b"K"})
    assert not parse_policy(raw).met_by({b"\xff", "\u212a".encode()})


def test_a_name_that_is_no_witness_does_not_count_as_one():
    found = parse_policy(EXAMPLE.encode())
    assert not found.met_by({b"X-and-Y", b"X-witnesses", b"Y-witnesses"})


W = f"witness W {KEYS[0]}\nwitness V {KEYS[1]}\n"


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("", "policy-no-quorum", None),
        (W, "policy-no-quorum", None),
        (W + "quorum W", "no-newline", 3),
        (W + "quorum W\nquorum W\n", "policy-quorum-twice", 4),
        ("quorum W\n" + W, "policy-undefined", 1),
        ("quorum\n", "policy-words", 1),
        ("quorum none none\n", "policy-words", 1),
        ("Quorum none\n", "policy-word", 1),
        ("quorum none # why\n", "policy-words", 1),
        ("quorum none\r\n", "control-character", 1),
        ("\x7fquorum none\n", "control-character", 1),
        ("quorum none\n\n\x00\n", "control-character", 3),
        (W + f"witness W {KEYS[2]}\nquorum W\n", "policy-name-twice", 3),
        (f"witness none {KEYS[2]}\nquorum none\n", "policy-name-twice", 1),
        (W + f"witness U {KEYS[0]}\nquorum W\n", "policy-key-twice", 3),
        (f"log {LOG}\nlog {LOG}\nquorum none\n", "policy-key-twice", 2),
        (f"log {KEYS[0]}\nquorum none\n", "policy-kind", 1),
        (f"witness W {LOG}\nquorum W\n", "policy-kind", 1),
        (f"witness W {VKey('s.example', SM2_SM3, bytes(65)).text}\nquorum W\n", "policy-kind", 1),
        (W + "group g any\nquorum g\n", "policy-words", 3),
        (W + "group g 0 W V\nquorum g\n", "policy-threshold", 3),
        (W + "group g 3 W V\nquorum g\n", "policy-threshold", 3),
        (W + "group g 01 W V\nquorum g\n", "policy-threshold", 3),
        (W + "group g -1 W V\nquorum g\n", "policy-threshold", 3),
        (W + "group g two W V\nquorum g\n", "policy-threshold", 3),
        (W + "group g all W none\nquorum g\n", "policy-undefined", 3),
        (W + "group g all W g\nquorum g\n", "policy-undefined", 3),
        (W + "group g any W W\nquorum g\n", "policy-member-twice", 3),
        (W + "group g any W\ngroup h any W V\nquorum h\n", "policy-member-twice", 4),
        (W + "group W any V\nquorum W\n", "policy-name-twice", 3),
        ("log\nquorum none\n", "policy-words", 1),
        (f"log {LOG} url more\nquorum none\n", "policy-words", 1),
        ("\nlog abc\nquorum none\n", "vkey-parts", 2),
        (f"\n\nwitness W {KEYS[0][:-4]}\nquorum W\n", "key-length", 3),
        (f"\nwitness W {KEYS[0].replace('k0', 'k1')}\nquorum W\n", "vkey-id-wrong", 2),
        ("# " + "x" * 1_000_000 + "\nquorum none\n", "too-large", None),
    ],
)
def test_every_rule_of_the_format_is_kept(text, rule, line):
    with pytest.raises(Refused) as refusal:
        parse_policy(text.encode())
    assert rules_of(refusal) == [rule]
    if line is not None:
        assert refusal.value.findings[0].params["line"] == line


def test_the_same_key_under_another_name_and_kind_is_still_the_same_witness():
    one = Ed25519Signer("one.example", seed_of("same"), cosigner=True).vkey.text
    two = Ed25519Signer("two.example", seed_of("same"), cosigner=True).vkey.text
    with pytest.raises(Refused) as refusal:
        parse_policy(f"witness A {one}\nwitness B {two}\ngroup g all A B\nquorum g\n".encode())
    assert rules_of(refusal) == ["policy-key-twice"]


def test_thirty_two_of_everything_and_mldsa_keys_are_read():
    keys = [Ed25519Signer(f"w{n}.example", seed_of(f"w{n}"), cosigner=True).vkey.text for n in range(31)]
    logs = [Ed25519Signer(f"l{n}.example", seed_of(f"l{n}")).vkey.text for n in range(32)]
    lines = [f"log {each}" for each in logs]
    lines += [f"witness N{place} {key}" for place, key in enumerate([*keys, MLDSA_WITNESS.vkey.text])]
    lines += ["group G0 any N0"] + [f"group G{n} all N{n} G{n - 1}" for n in range(1, 32)] + ["quorum G31"]
    found = parse_policy("".join(f"{line}\n" for line in lines).encode())
    everyone = {each.name for each in found.witnesses}
    assert found.met_by(everyone)
    assert all(not found.met_by(everyone - {name}) for name in everyone)
    with pytest.raises(Refused) as refusal:
        parse_policy("".join(f"witness M{n} {KEYS[0]}\n" for n in range(300)).encode())
    assert rules_of(refusal) == ["policy-key-twice"]


def test_more_definitions_than_anybody_needs_are_refused_with_the_line():
    lines = [
        f"witness M{n} {Ed25519Signer('w', seed_of(f'many {n}'), cosigner=True).vkey.text}\n"
        for n in range(257)
    ]
    with pytest.raises(Refused) as refusal:
        parse_policy("".join(lines).encode())
    assert rules_of(refusal) == ["policy-too-long"]
    assert refusal.value.findings[0].params["line"] == 257


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=4),
    st.sets(st.integers(0, 3)),
)
def test_a_nested_rule_counts_like_the_definition(shape, cosigned):
    # a chain of groups over four witnesses: every group holds the one before and up to one further witness
    lines = [f"witness W{n} {WITNESSES[n].vkey.text}" for n in range(4)]
    before, met = "", False
    for place, (threshold, _) in enumerate(shape):
        members = [f"W{place}", *([before] if before else [])]
        k = min(threshold, len(members))
        lines.append(f"group G{place} {k} {' '.join(members)}")
        met = (place in cosigned) + (met if before else 0) >= k
        before = f"G{place}"
    lines.append(f"quorum {before}")
    found = parse_policy("".join(f"{line}\n" for line in lines).encode())
    assert found.met_by({b"W%d" % n for n in cosigned}) == met
