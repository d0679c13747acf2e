"""The parts with which every page speaks, built in in every template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.shortcuts import resolve_url
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.template.loader_tags import BlockNode
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from yiwang.common.shell import speech
from yiwang.common.shell.addresses import address_tag
from yiwang.common.shell.deadlines import deadline_html, instant_html, until_html
from yiwang.common.shell.list_html import heads_html, options_html, rows_html
from yiwang.common.shell.stages import Stage
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.findings import REFUSAL, Finding
from yiwang.pure.kernel.money import shown_wan, shown_yuan
from yiwang.pure.kernel.words import Words

if TYPE_CHECKING:
    from yiwang.law.api import Clock

register = template.Library()
MOST_KEPT = 64  # renderings of one part of a page
register.tag("url", address_tag)


class _Kept(Node):
    """``{% kept a b %}…{% endkept %}``: what stands there is made once for each language and each set of values."""

    def __init__(self, by: list[FilterExpression], nodelist: NodeList) -> None:
        self.by, self.nodelist = by, nodelist
        self.made: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (speech.language_now(), *[each.resolve(context) for each in self.by])
        found = self.made.get(key)
        if found is None:
            found = self.nodelist.render(context)
            if len(self.made) >= MOST_KEPT:
                self.made.clear()
            self.made[key] = found
        return found


@register.tag
def kept(parser: Parser, token: Token) -> Node:
    """``{% kept value … %}…{% endkept %}``: a part of every page that depends on these values and the language alone.

    The values are hashable. Nothing in between may be personal or hold a token, and no block may stand there.
    """
    by = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode) or nodelist.get_nodes_by_type(CsrfTokenNode):
        raise template.TemplateSyntaxError("{% kept %} holds neither a block nor a token")
    return _Kept(by, nodelist)


class _Text(Node):
    """``{% t %}``: one of two texts, with values put in; always escaped."""

    def __init__(
        self, texts: tuple[FilterExpression, ...], values: list[FilterExpression], name: str
    ) -> None:
        self.texts = texts
        self.written = [None if each.is_var or each.filters else escape(each.var) for each in texts]
        self.values = values
        self.name = name

    def render(self, context: Context) -> SafeString:
        place = 0 if speech.language_now().startswith("zh") else 1
        text = self.written[place] or escape(self.texts[place].resolve(context))
        if self.values:
            text = mark_safe(text % tuple(_value(each.resolve(context)) for each in self.values))  # noqa: S308 -- both sides are escaped
        if self.name:
            context[self.name] = text
            return SafeString("")
        return text


def _value(value: object) -> str:
    """A value inside a text: integers keep their type for ``%d``, all else is escaped text."""
    return conditional_escape(say(value))


@register.tag
def t(parser: Parser, token: Token) -> Node:
    """``{% t "中文" "English" %}``, ``{% t "第%s个" "no. %s" value %}``, ``{% t … as name %}``.

    Each ``%s`` takes one value; Words among the values appear in the language of the page.
    """
    bits = token.split_contents()[1:]
    name = ""
    if len(bits) > 2 and bits[-2] == "as":
        name = bits[-1]
        bits = bits[:-2]
    if len(bits) < 2:
        raise template.TemplateSyntaxError("{% t %} needs a Chinese and an English text")
    compiled = [parser.compile_filter(each) for each in bits]
    return _Text((compiled[0], compiled[1]), compiled[2:], name)


@register.filter
def say(value: object) -> Any:
    """Words, Finding or instant in the language of the page; everything else as it is."""
    if isinstance(value, Words):
        return value.in_language(speech.language_now())
    if isinstance(value, Finding):
        return speech.say(value)
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


register.simple_tag(instant_html, name="instant")


@register.simple_tag
def amount(fen: int | None, unit: bool = True, wan: bool = False) -> str:
    """An amount of fen in yuan (``wan=True``: 万元), right-aligned in tables; ``unit=False`` where the head has it."""
    if fen is None:
        return "—"
    figure = shown_wan(fen) if wan else shown_yuan(fen)
    if not unit:
        return format_html('<span class="amount">{}</span>', figure)
    words = Words("{} 万元", "CNY {} × 10,000") if wan else Words("{} 元", "CNY {}")
    return format_html('<span class="amount">{}</span>', say(words).format(figure))


@register.simple_tag(takes_context=True)
def deadline(context: Context, clock: Clock, title: Words | None = None, quiet: bool = False) -> SafeString:
    """A deadline: see ``deadline_html``; ``quiet`` for instants that are past or that nobody waits for."""
    return deadline_html(clock, _server_now(context), title, quiet)


@register.simple_tag(takes_context=True)
def until(context: Context, at: datetime) -> SafeString:
    """An instant that is waited for, with the time left, where no law clock is shown. Midnight ends its day: 24:00."""
    return until_html(at, _server_now(context))


def _server_now(context: Context) -> datetime | None:
    """The instant from which time left is written: None where the page has no server's clock or is a published file."""
    house = context.get("house")
    return None if context.get("as_file") or house is None else house["now"]


@register.inclusion_tag("shell/parts/findings.html")
def findings(findings: Iterable[Finding] | None, prefix: str = "id_", linked: bool = True) -> dict[str, Any]:
    """All findings, refusals before warnings; each with a field links to its input (``prefix`` + field)."""
    found = sorted(findings or (), key=lambda each: each.level != REFUSAL)
    return {
        "refusals": [each for each in found if each.level == REFUSAL],
        "warnings": [each for each in found if each.level != REFUSAL],
        "prefix": prefix,
        "linked": linked,
    }


@register.inclusion_tag("shell/parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One input of a form: label above, control, help and errors under it, tied by aria-describedby."""
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}_help")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attributes = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "grouped": bound.field.widget.use_fieldset,
    }


@register.inclusion_tag("shell/parts/form.html")
def form(form: Any, summary: bool = True, parts: bool = True) -> dict[str, Any]:
    """The error summary and all inputs of a form; the ``<form>``, its token and its button stay with the page.

    ``parts=False`` leaves the inputs to the page, which places them with ``{% field %}``.
    """
    return {"form": form, "summary": summary, "parts": parts}


@register.inclusion_tag("shell/parts/progress.html")
def progress(stages: Sequence[Stage], label: Words | None = None) -> dict[str, Any]:
    """The progress line of a project: what is done, what is now, what comes next, by whom, until when."""
    return {"stages": stages, "label": label or Words("进度", "Progress")}


@register.inclusion_tag("shell/parts/list.html", takes_context=True)
def listing(context: Context, listing: Any, caption: object = "") -> dict[str, Any]:
    """A list with its filters, search, sorted heads, pages and Excel link; what :func:`shell.api.listing` gave."""
    return {"listing": listing, "caption": caption, "request": context.get("request")}


register.simple_tag(rows_html, name="list_rows")
register.simple_tag(heads_html, name="list_heads")
register.simple_tag(options_html, name="list_options")


@register.simple_tag
def place(name: str) -> str:
    """The address of a place that every page links to, as the site named it in ``settings.PLACES``; "" if none."""
    target = getattr(settings, "PLACES", {}).get(name) or (settings.LOGIN_URL if name == "login" else "")
    if not target:
        return ""
    try:
        return resolve_url(target)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def other_language(context: Context) -> Mapping[str, str]:
    """The same page in the other language: ``url``, ``name``, ``tag``.

    The path is ``page_path`` of the context (published files) or that of the request.
    """
    request = context.get("request")
    path = context.get("page_path") or (request.get_full_path() if request is not None else "/")
    if path == "/en" or path.startswith(("/en/", "/en?")):
        return {"url": path.removeprefix("/en") or "/", "name": "中文", "tag": "zh-Hans"}
    return {"url": f"/en{path}", "name": "English", "tag": "en"}


@register.simple_tag
def page_language() -> str:
    """The tag for ``<html lang>``."""
    return "zh-Hans" if speech.language_now().startswith("zh") else "en"
