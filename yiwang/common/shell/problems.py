"""What programs get instead of a page where something went wrong: problem details (RFC 9457) with every finding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from pydantic_core import to_json

from yiwang.common.shell.errors import NO_PERMISSION
from yiwang.common.shell.speech import say
from yiwang.pure.kernel.actors import Permission
from yiwang.pure.kernel.findings import Finding

PROBLEM_TYPE = "application/problem+json"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NOT_FOUND = frozenset({"no-such-lot", "api-not-found"})


def operation[View: Callable[..., Any]](
    needed: Permission, *, measured: bool = False
) -> Callable[[View], View]:
    """Declares the permission of a view for programs; site enforces it before anything is read.

    ``measured``: the view refuses whoever asks too much of it, with 429.
    """

    def declare(view: View) -> View:
        view.permission = needed  # type: ignore[attr-defined]
        view.measured = measured  # type: ignore[attr-defined]
        return view

    return declare


def finding_as_json(finding: Finding) -> dict[str, object]:
    """``rule, source, field, level`` and its sentence in Chinese and English."""
    return {
        "rule": finding.rule,
        "source": finding.source,
        "field": finding.field,
        "level": finding.level,
        "zh": say(finding, "zh-hans"),
        "en": say(finding, "en"),
    }


def refusal_status(findings: Iterable[Finding]) -> int:
    """The status that a refusal is answered with: 403, 404 or 413 where that is what it means, else 422."""
    rules = {each.rule for each in findings}
    if NO_PERMISSION in rules:
        return 403
    if rules & _NOT_FOUND:
        return 404
    return 413 if "file-too-large" in rules else 422


def problem(
    status: int, findings: Iterable[Finding], headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The problem as ``application/problem+json``; ``detail`` joins the sentences, ``findings`` holds each."""
    listed = [finding_as_json(each) for each in findings]
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": " ".join(str(each["zh"]) for each in listed),
        "detail_en": " ".join(str(each["en"]) for each in listed),
        "findings": listed,
    }
    return HttpResponse(
        _JSON.encode(body),
        status=status,
        content_type=PROBLEM_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def answer(body: object, status: int = 200, *, private: bool = False) -> HttpResponse:
    """JSON as UTF-8 text; what is for one organisation only (``private``) is kept by no cache."""
    return _answered(_JSON.encode(body).encode(), status, private)


def kept_answer(request: HttpRequest, text: bytes) -> HttpResponse:
    """A text of JSON that is the same for everybody, with its ETag; 304 to whoever has it already."""
    response = _answered(text, 200, False)
    response["ETag"] = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    found: HttpResponse = get_conditional_response(request, etag=response["ETag"], response=response)
    return found


def long_answer(body: Mapping[str, object]) -> HttpResponse:
    """The same for much plain data (texts, integers, booleans, lists, objects), written four times as fast."""
    return _answered(to_json(body), 200, False)


def _answered(text: bytes, status: int, private: bool) -> HttpResponse:
    caching = "private, no-store" if private else "no-cache"
    return HttpResponse(
        text, status=status, content_type="application/json", headers={"Cache-Control": caching}
    )
