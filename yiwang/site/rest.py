"""/api/v1: the rooms' routes for programs, put together; who may call what; every error as a problem.

A request acts by its key alone: session cookies are not looked at, so no other site can borrow one (and the
routes need no CSRF token). Before anything of a request is read it must have a permission; what a route does
not know it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.security import HttpBearer

from yiwang.business.trading import rest as trading
from yiwang.common.identity import rest as identity
from yiwang.common.identity.api import (
    actor_of_key,
    client_address,
    key_wait_seconds,
    note_key_verb,
    note_wrong_key,
)
from yiwang.common.shell import api as errors
from yiwang.common.shell.api import PROBLEM_TYPE, PUBLIC, answer, operation, problem, refusal_status
from yiwang.doors.website import rest as website
from yiwang.pure.kernel.actors import ANYONE, Actor, Permission, permission_findings
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import business_now, real_now

DESCRIPTION = (
    "Public resource trading of a city: notices, tenders, deadlines with their articles, and every public entry "
    "of the record. Public reads need no key. Amounts are fen, instants RFC 3339."
)
PREFIX = "/api/v1"
LONGEST_KEY = 200


class FindingOut(Schema):
    """One objection: the rule, the article (or ""), the field (or ""), and its sentence in both languages."""

    rule: str
    source: str
    field: str
    level: str
    zh: str
    en: str


class Problem(Schema):
    """Problem details (RFC 9457) with every finding."""

    type: str
    title: str
    status: int
    detail: str
    detail_en: str
    findings: list[FindingOut]


class Unanswered(Exception):
    """A problem found before the view: ends the request with the response that it carries."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class OrganisationKey(HttpBearer):
    """Looks at the key of a request and at the permission that its route declares."""

    def __call__(self, request: HttpRequest) -> Actor:
        declared = _declared(request)
        unknown = list(_strange_findings(request, declared))
        actor = ANYONE if declared.permission is PUBLIC else self._of_key(request)
        missing = permission_findings(actor, declared.permission)
        if missing or unknown:
            raise Refused([*missing, *unknown])
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_of_key(token, business_now)

    def _of_key(self, request: HttpRequest) -> Actor:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key:
            raise Unanswered(_unknown_caller("api-key-needed"))
        address, now = client_address(request), real_now()
        _refuse_wait(key_wait_seconds(key, address, now))
        actor = self.authenticate(request, key) if key.isascii() and len(key) <= LONGEST_KEY else None
        if actor is None:
            note_wrong_key(address, now)
            raise Unanswered(_unknown_caller("api-key-wrong"))
        if request.method != "GET":
            note_key_verb(key, now)
        return actor


def _unknown_caller(rule: str) -> HttpResponse:
    return problem(401, [Finding(rule)], {"WWW-Authenticate": 'Bearer realm="yiwang"'})


def _refuse_wait(seconds: int) -> None:
    if seconds:
        headers = {"Retry-After": str(seconds)}
        raise Unanswered(problem(429, [Finding("api-too-many", "", {"seconds": seconds})], headers))


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route says of itself: address and method as the OpenAPI document names them, and its permission."""

    address: str
    method: str
    permission: Permission
    measured: bool = False

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters that its address may carry: those that the document names."""
        described = openapi_document()["paths"].get(self.address, {}).get(self.method.lower(), {})
        return frozenset(each["name"] for each in described.get("parameters", ()) if each["in"] == "query")


def _declared(request: HttpRequest) -> Declared:
    routes: Mapping[str, Declared] = request.resolver_match.func.operations
    return routes[request.method or ""]


def _strange_findings(request: HttpRequest, declared: Declared) -> Iterator[Finding]:
    """Parameters that nobody knows, that come twice, or that hold what no text should."""
    for name, values in request.GET.lists():
        if name not in declared.parameters:
            shown = "".join(char if char.isprintable() else "?" for char in name[:40])
            known = ", ".join(sorted(declared.parameters)) or "—"
            yield Finding("api-unknown-parameter", "", {"name": shown, "known": known}, shown)
        elif len(values) > 1:
            yield Finding("api-input", "", {"name": name, "reason": "given more than once"}, name)
        elif _unprintable(values[0]):
            yield Finding("api-control-characters", "", {"name": name}, name)


def _unprintable(text: str) -> bool:
    return any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF or ord(char) == 127 for char in text)


api = NinjaAPI(
    title="Yiwang 一网",
    version="1",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=OrganisationKey(),
)
_own = Router(tags=["description"])


@_own.get("/openapi.json", operation_id="readOpenApi", include_in_schema=False)
@operation(PUBLIC)
def read_openapi(request: HttpRequest) -> HttpResponse:
    """This interface as an OpenAPI document."""
    return answer(openapi_document())


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document: what ninja finds, with the problems and the keys that site adds."""
    document: dict[str, Any] = api.get_openapi_schema(path_prefix=PREFIX)
    definitions = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = document["components"]["schemas"]
    parts |= definitions.pop("$defs")
    parts["Problem"] = definitions
    for routes in ROUTES:
        for each in routes.declared.values():
            described = document["paths"].get(each.address, {}).get(each.method.lower())
            if described is not None:
                _describe(described, each)
    return document


def _describe(described: dict[str, Any], declared: Declared) -> None:
    public = declared.permission is PUBLIC
    described.pop("security", None)
    if not public:
        described["security"] = [{"OrganisationKey": []}]
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    problems = {"description": "Problem", "content": {PROBLEM_TYPE: reference}}
    statuses = [400, 404, 422] if public else [400, 401, 403, 404, 413, 422, 429]
    statuses += [429] if declared.measured else []
    described["responses"] |= dict.fromkeys(statuses, problems)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return problem(refusal_status(refused.findings), refused.findings)


@api.exception_handler(Unanswered)
def _unanswered(request: HttpRequest, unanswered: Unanswered) -> HttpResponse:
    return unanswered.response


@api.exception_handler(Http404)
def _nothing_there(request: HttpRequest, exception: Http404) -> HttpResponse:
    return problem(404, [Finding("api-not-found")])


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, exception: HttpError) -> HttpResponse:
    return problem(exception.status_code, [Finding("api-body")])


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def _broken(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(413 if isinstance(exception, RequestDataTooBig) else 400, [Finding("api-body")])


@api.exception_handler(ValidationError)
def _not_fitting(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    findings = []
    for each in exception.errors:
        name = ".".join(str(part) for part in each["loc"][1:]) or str(each["loc"][0])
        name = str(each["loc"][-1]) if isinstance(each["loc"][-1], str) else name
        findings.append(Finding("api-input", "", {"name": name, "reason": each["msg"]}, name))
    return problem(422, findings)


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the interface and what each of its methods declares."""

    pattern: URLPattern
    declared: Mapping[str, Declared]


def _routes() -> tuple[Route, ...]:
    """Every address with its pattern, in the order in which ninja gives the patterns (its own root comes last)."""
    routers = (website.router, *trading.ROUTERS, identity.router, _own)
    for each in routers:
        api.add_router("", each)
    known = [(address, view) for router in routers for address, view in router.path_operations.items()]
    patterns = [each for each in api.urls[0][:-1] if isinstance(each, URLPattern)]
    return tuple(
        Route(
            pattern,
            {method: declared for declared in _of(address, view.operations) for method in [declared.method]},
        )
        for pattern, (address, view) in zip(patterns, known, strict=True)
    )


def _of(address: str, operations: list[Operation]) -> Iterator[Declared]:
    for each in operations:
        for method in each.methods:
            view: Any = each.view_func
            yield Declared(PREFIX + address, method, view.permission, view.measured)


ROUTES = _routes()


def _edge(route: Route) -> Callable[..., HttpResponseBase]:
    """The view of an address: GET answers HEAD too, an unknown method is a problem like any other."""
    view: Callable[..., HttpResponseBase] = route.pattern.callback
    declared = route.declared

    def checked(request: HttpRequest, **given: Any) -> HttpResponseBase:
        if request.method == "HEAD" and "GET" in declared:
            request.method = "GET"
        if request.method not in declared:
            return _wrong_method(request, list(declared))
        return view(request, **given)

    checked.csrf_exempt = True  # type: ignore[attr-defined]  # the key in the header stands for the caller
    checked.operations = declared  # type: ignore[attr-defined]
    checked.permission = next(iter(declared.values())).permission  # type: ignore[attr-defined]
    return checked


def _wrong_method(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    named = ", ".join(sorted(allowed))
    shown = "".join(char for char in str(request.method)[:20] if char.isalnum())
    finding = Finding("api-method", "", {"method": shown, "allowed": named})
    return problem(405, [finding], {"Allow": named})


def not_found(request: HttpRequest) -> HttpResponse:
    """Whatever else stands below /api/: nothing."""
    return problem(404, [Finding("api-not-found")])


not_found.permission = PUBLIC  # type: ignore[attr-defined]
not_found.csrf_exempt = True  # type: ignore[attr-defined]


def _for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 before any view ran (a host that is not ours): a problem below /api/, a page elsewhere."""
    if _for_programs(request):
        return problem(400, [Finding("api-body")])
    return errors.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, written to the log: a problem below /api/, a page elsewhere."""
    if _for_programs(request):
        return problem(500, [Finding("api-failed")])
    return errors.server_error(request)


urlpatterns = [
    *(path(str(each.pattern.pattern), _edge(each), name=each.pattern.name) for each in ROUTES),
    re_path("", not_found),
]
