"""What fuzzing found, and properties of every parser: it gives a value or one of this package's errors, nothing else."""

from __future__ import annotations

import base64

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
