"""What templates may say, and whom they may call: words in both languages, no script or style inside, nothing upward."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.base import Lexer, TokenType

import yiwang

PACKAGE = Path(yiwang.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/*/templates/**/*.*"))
PAGES = [each for each in TEMPLATES if each.suffix in (".html", ".xml", ".svg", ".txt")]

# Whom a room's templates may extend, include and link to: the rooms below its own, and itself.
BELOW = {
    "shell": set(),
    "identity": {"shell"},
    "notices": {"shell", "identity"},
    "funds": {"shell", "identity"},
    "trading": {"shell", "identity", "notices"},
    "website": {"shell", "identity", "notices", "trading"},
    "hall": {"shell", "identity", "notices", "trading"},
}
CJK = re.compile(r"[　-〿㐀-鿿＀-￯]")
PLACEHOLDER = re.compile(r"%[sd]")
INLINE = {
    "a script inside the page": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a style inside the page": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "an address of another site": re.compile(r"(?:src|href)=[\"']?(?:https?:)?//", re.I),
}
TARGET = re.compile(r"""(?:url|extends|include)\s+["']([a-z]+)[:/]""")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[1]


def tokens(text: str) -> list:
    return list(Lexer(text).tokenize())


def bare_text(text: str) -> str:
    """What reaches the page besides ``{% t %}``: texts, and the literals of all other tags and variables."""
    kept = []
    for token in tokens(text):
        is_words = token.token_type is TokenType.BLOCK and token.contents.split()[0] == "t"
        if token.token_type is not TokenType.COMMENT and not is_words:
            kept.append(token.contents)
    return "\n".join(kept)


def faults(text: str, room: str) -> list[str]:
    """Everything that is wrong with a template of ``room``."""
    found = [f"Chinese outside t: {match.group()!r}" for match in CJK.finditer(bare_text(text))]
    found += [name for name, pattern in INLINE.items() if pattern.search(text)]
    for token in tokens(text):
        if token.token_type is not TokenType.BLOCK:
            continue
        target = TARGET.match(token.contents)
        if target and target.group(1) != room and target.group(1) not in BELOW[room]:
            found.append(f"points upward: {token.contents}")
        if token.contents.split()[0] == "t":
            found += words_faults(token)
    return found


def words_faults(token) -> list[str]:
    bits = token.split_contents()[1:]
    literals = [each[1:-1] for each in bits[:2] if each[0] in "'\""]
    if len(literals) != 2:
        return [f"t needs two literals: {token.contents}"]
    chinese, english = literals
    found = []
    if CJK.search(re.sub(r"《[^》]*》", "", english)):
        found.append(f"Chinese in the English text: {english}")
    if len(PLACEHOLDER.findall(chinese)) != len(PLACEHOLDER.findall(english)):
        found.append(f"different numbers of values: {token.contents}")
    if chinese.strip() and not english.strip() and CJK.search(chinese):
        found.append(f"no English for: {chinese}")
    return found


def ids(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_there_are_templates_to_look_at() -> None:
    assert {room_of(each) for each in PAGES} >= {"shell", "identity"}


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_a_template_speaks_both_languages_and_calls_nobody_above(path: Path) -> None:
    assert faults(path.read_text("utf-8"), room_of(path)) == []


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_a_template_compiles(path: Path) -> None:
    name = str(path).split("/templates/", 1)[1]
    assert engines["django"].get_template(name)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<p>中文</p>", "Chinese outside t"),
        ('{% t "中文" variable %}', "two literals"),
        ('{% t "中文%s" "English" x %}', "numbers of values"),
        ('{% t "中文" "中文" %}', "Chinese in the English"),
        ('{% t "中文" "" %}', "no English"),
        ("<script>alert(1)</script>", "a script"),
        ('<p style="color:red">', "a style"),
        ('<a onclick="x()">', "an event"),
        ('<img src="https://example.org/x.png">', "another site"),
        ("{% url 'hall:home' %}", "upward"),
        ('{% extends "trading/base.html" %}', "upward"),
        ('{% include "website/part.html" %}', "upward"),
    ],
)
def test_each_fault_would_be_seen(text: str, word: str) -> None:
    assert any(word in each for each in faults(text, "notices")), faults(text, "notices")


def test_what_is_allowed_is_not_a_fault() -> None:
    fine = '{% extends "shell/base.html" %}{# 注 #}{% t "第%s个" "no. %s" x %}{% url \'identity:login\' %}'
    assert faults(fine, "notices") == []
