"""Addresses of pages, as ``reverse`` gives them, without its search for each of a hundred links on a page.

For a name and a number of arguments the address has one shape; it is learnt from the first address made. Only what
needs no quoting in a path (letters, digits, hyphen, underscore) is put into a shape; all else goes Django's own way.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_MOST = 2048
_shapes: dict[tuple[Any, ...], tuple[str, ...] | None] = {}


def address(name: str, *arguments: str | int) -> str:
    """The address of the page ``name`` ("namespace:name"). Raises NoReverseMatch where there is none."""
    texts = [str(each) for each in arguments]
    if not all(map(_PLAIN.fullmatch, texts)):
        return reverse(name, args=arguments)
    kinds = tuple(each.__class__ for each in arguments)
    key = (name, kinds, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF, get_language())
    shape = _shapes.get(key, ())
    if shape == ():
        made = reverse(name, args=arguments)
        if len(_shapes) < _MOST:
            _shapes[key] = _shape(made, texts)
        return made
    if shape is None:
        return reverse(name, args=arguments)
    parts = [shape[0]]
    for text, after in zip(texts, shape[1:], strict=True):
        parts += (text, after)
    return "".join(parts)


def _shape(made: str, texts: list[str]) -> tuple[str, ...] | None:
    """What stands around the arguments in an address; None where they are not whole steps of its path, in their order."""
    steps, parts, so_far = made.split("/"), list[str](), list[str]()
    waiting = list(texts)
    for step in steps:
        if waiting and step == waiting[0] and steps.count(step) == 1:
            parts.append("/".join([*so_far, ""]))
            so_far = [""]
            waiting.pop(0)
        else:
            so_far.append(step)
    return None if waiting else (*parts, "/".join(so_far))


class AddressNode(URLNode):
    """``{% url %}``: where a page is asked for by arguments in their order, its address is put together."""

    def render(self, context: Context) -> str:
        if self.kwargs or self.asvar:
            return str(super().render(context))
        name = self.view_name.resolve(context)
        made = address(name, *[each.resolve(context) for each in self.args])
        return SafeString(made) if _is_plain(made) else str(super().render(context))


def _is_plain(made: str) -> bool:
    return not any(each in made for each in "&<>\"'")


def address_tag(parser: Parser, token: Token) -> URLNode:
    """``{% url "name" argument … %}`` as Django reads it."""
    node = parse_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
