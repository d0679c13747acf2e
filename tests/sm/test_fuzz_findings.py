"""What fuzzing found, and properties of every parser: it gives a value or one of this package's errors, nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz_sm import parsers
from yiwang.pure.sm.errors import Malformed, SmError
from yiwang.pure.sm.keys import SigningKey, VerifyingKey

PARSERS = parsers()
KEY = SigningKey.generate()


def test_an_enumerated_where_the_version_should_stand_is_refused():
    text = KEY.to_der()
    assert text[3] == 0x02
    with pytest.raises(Malformed):
        SigningKey.from_der(text[:3] + b"\x0a" + text[4:])


@pytest.mark.parametrize(
    "parameters",
    [
        "MFkwEwYHKoZIzj0CAQYA2wA1AAQAKQACQgAEXLQVvfi9a600SUwSZENwm4KP695jwEh3rMBg/////////1phjecQM0ZqPf4gPWzitbf0A8NKwIMNt257WkHNxw==",
        "30130607" + "2a8648ce3d0201" + "0908" + "2a811ccf5501822d",
        "30130607" + "2a8648ce3d0201" + "0808" + "2a811ccf5501822d",
    ],
)
def test_types_that_the_library_does_not_model_are_refused(parameters):
    if parameters.startswith("MFk"):
        text = base64.b64decode(parameters)
    else:
        honest = KEY.public.to_der()
        text = honest[:2] + bytes.fromhex(parameters) + honest[2 + len(bytes.fromhex(parameters)) :]
        assert len(text) == len(honest)
    with pytest.raises(Malformed):
        VerifyingKey.from_der(text)


@pytest.mark.parametrize("name", list(PARSERS))
def test_every_parser_takes_what_was_written_for_it(name):
    parse, seeds = PARSERS[name]
    for seed in seeds:
        parse(seed)


@pytest.mark.parametrize("name", list(PARSERS))
@settings(max_examples=40, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=3),
    cut=st.tuples(st.integers(0, 1 << 16), st.integers(0, 40)),
    junk=st.binary(max_size=3),
)
def test_every_parser_refuses_mutations_with_its_own_errors_only(name, places, cut, junk):
    parse, seeds = PARSERS[name]
    text = bytearray(seeds[0])
    for place, value in places:
        text[place % len(text)] = value
    start = cut[0] % len(text)
    mutated = bytes(text[:start]) + junk + bytes(text[start + cut[1] :])
    try:
        parse(mutated)
    except SmError:
        return


@pytest.mark.parametrize("name", list(PARSERS))
@settings(max_examples=30, deadline=None)
@given(raw=st.binary(max_size=200))
def test_every_parser_refuses_noise_with_its_own_errors_only(name, raw):
    try:
        PARSERS[name][0](raw)
    except SmError:
        return


# --- canonical JSON with one value replaced: what random bytes hardly ever reach


def framed(name: str, seed: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """The JSON inside a seed, and how to put another JSON in its place."""
    if name == "head":
        return seed[12:], lambda text: seed[:8] + len(text).to_bytes(4, "big") + text
    if name == "sheet":
        size = int.from_bytes(seed[:4], "big")
        return seed[4 : 4 + size], lambda text: (len(text).to_bytes(4, "big") + text).ljust(
            -(-(4 + len(text)) // 4096) * 4096, b"\0"
        )
    return seed, lambda text: text


JSON_PARSERS = [
    name for name, (_, seeds) in PARSERS.items() if name in ("head", "sheet") or seeds[0].startswith(b"{")
]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from([2**53 - 1, -(2**53) + 1, 65_536, 65_537, 2**36, 2**36 + 1])
    | st.text(max_size=6)
    | st.sampled_from(["", "00" * 32, "ff" * 32, "04" + "00" * 64, "A" * 216, "sheet", "lot-1", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Every place in a JSON value."""
    found = [path]
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        found += places(inner, (*path, step))
    return found


def with_replaced(value: object, path: tuple[object, ...], new: object) -> object:
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = with_replaced(copied[path[0]], path[1:], new)
    return copied


@pytest.mark.parametrize("name", JSON_PARSERS)
@settings(max_examples=120, deadline=None)
@given(which=st.integers(0, 10_000), new=values)
def test_a_replaced_value_in_canonical_json_is_refused_with_our_errors_only(name, which, new):
    parse, seeds = PARSERS[name]
    text, put = framed(name, seeds[which % len(seeds)])
    value = json.loads(text)
    every = places(value)
    mutated = with_replaced(value, every[which % len(every)], new)
    raw = json.dumps(mutated, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        parse(put(raw.encode("utf-8", "surrogatepass")))
    except SmError:
        return


@pytest.mark.parametrize("name", JSON_PARSERS)
@pytest.mark.parametrize(
    "text", [b"1" * 5000, b'{"v":' + b"9" * 5000 + b"}", b"[" * 9000, b'{"v":1e400}', b'{"v":NaN}']
)
def test_numbers_and_depths_that_python_itself_refuses_are_refused_with_our_errors(name, text):
    parse, seeds = PARSERS[name]
    with pytest.raises(SmError):
        parse(framed(name, seeds[0])[1](text))


def test_true_is_no_version_number():
    for name in JSON_PARSERS:
        parse, seeds = PARSERS[name]
        for seed in seeds:
            text, put = framed(name, seed)
            value = json.loads(text)
            if "v" not in value:
                continue
            raw = json.dumps({**value, "v": True}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            with pytest.raises(SmError):
                parse(put(raw.encode()))
