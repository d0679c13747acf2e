"""Addresses put together from their shape are those that Django makes."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import override

from yiwang.common.shell import addresses
from yiwang.common.shell.addresses import address

CODES = ("C62050000000000001001", "a-b_c", "1", "hall", "en", "lots", "甲", "a b", "a&b", "")


def names() -> list[str]:
    """Every page of the hall that has one argument."""
    _, hall = get_resolver().namespace_dict["hall"]
    found = {name for name in hall.reverse_dict if isinstance(name, str)}
    return sorted(name for name in found if any(len(given) == 1 for given, *_ in _ways(hall, name)))


def _ways(hall: object, name: str) -> list[tuple[list[str], ...]]:
    return [(way[1],) for each in hall.reverse_dict.getlist(name) for way in each[0]]  # type: ignore[attr-defined]


def made(way: object, name: str, argument: str | int) -> str | None:
    try:
        return str(way(name, argument))  # type: ignore[operator]
    except NoReverseMatch:
        return None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_they_are_those_of_django_the_first_time_and_every_other(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_shapes", {})
    pages = names()
    assert len(pages) > 40
    with override(language):
        for name in pages:
            for argument in (7, "C62050000000000001001", "C62050000000000001002"):
                wanted = made(lambda page, given: reverse(page, args=[given]), f"hall:{name}", argument)
                if wanted is not None:
                    assert [address(f"hall:{name}", argument) for _ in range(2)] == [wanted] * 2


def test_what_needs_quoting_or_stands_in_the_path_twice_goes_the_way_of_django(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "_shapes", {})
    for code in CODES * 2:
        wanted = made(lambda page, given: reverse(page, args=[given]), "hall:lot", code)
        assert made(address, "hall:lot", code) == wanted


def test_an_address_that_does_not_exist_is_refused() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            address("hall:nowhere", "x")


def test_a_template_writes_the_address() -> None:
    page = Template("{% url 'hall:lot' code %} {% url 'hall:lot' code=code as kept %}{{ kept }}")
    code = "C62050000000000001001"
    wanted = reverse("hall:lot", args=[code])
    for _ in range(2):
        assert page.render(Context({"code": code})) == f"{wanted} {wanted}"
