"""Resumable uploads by the tus protocol 1.0.0: creation, termination, checksum, expiration.

https://tus.io/protocols/resumable-upload: POST makes an upload, PATCH appends to it, HEAD says how far it has come,
DELETE gives it up. A whole one answers with ``Upload-Paper``: what a form of the hall takes as an uploaded file.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from yiwang.common.shell.api import route, say
from yiwang.doors.hall.papers import token_of
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, TENDEREE, Actor, permission
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.files import api as files
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now

UPLOAD = permission("hall.upload", TENDEREE, AGENCY, BIDDER, CENTRE)
VERSION = "1.0.0"
OFFSET_TYPE = "application/offset+octet-stream"
LONGEST_METADATA = 4096
CHECKSUM_MISMATCH = 460  # the protocol's own status

type View = Callable[..., HttpResponse]


def _protocol(view: View) -> View:
    """The manners of the protocol: its version on every answer, refusals as sentences, conflicts by their status."""

    @wraps(view)
    def polite(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            answer = _said(412, [Finding("upload-bad-request")])
            answer["Tus-Version"] = VERSION
        else:
            answer = _answered(view, request, *args, **kwargs)
        answer["Tus-Resumable"] = VERSION
        answer["Cache-Control"] = "no-store"
        return answer

    return polite


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except files.NoUpload:
        return _said(404, [Finding("upload-gone")])
    except files.OffsetConflict as conflict:
        answer = HttpResponse(status=409)
        answer["Upload-Offset"] = str(conflict.offset)
        return answer
    except files.UploadBusy:
        return HttpResponse(status=423)
    except files.ChecksumMismatch:
        return HttpResponse(status=CHECKSUM_MISMATCH)
    except files.StoreDown as refused:
        return _said(503, list(refused.findings))
    except Refused as refused:
        large = any(each.rule in ("file-too-large", "upload-too-long") for each in refused.findings)
        return _said(413 if large else 422, list(refused.findings))


def _said(status: int, findings: list[Finding]) -> HttpResponse:
    """The reasons in the language of the page."""
    return JsonResponse(
        {"findings": [{"rule": each.rule, "said": say(each)} for each in findings]}, status=status
    )


def _bad() -> Refused:
    return Refused([Finding("upload-bad-request")])


def _owner(actor: Actor) -> str:
    return f"{actor.person}@{actor.organisation}"


def _number(request: HttpRequest, name: str) -> int:
    """A header that counts bytes. Raises Refused where it is no such number."""
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise _bad()
    return int(text)


def _name(request: HttpRequest) -> str:
    """The file's name in Upload-Metadata (``filename`` in Base64). Raises Refused."""
    header = request.headers.get("Upload-Metadata", "")
    for pair in header.split(",") if len(header) <= LONGEST_METADATA else ():
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                raise _bad() from error
    raise _bad()


@route(UPLOAD)
@require_http_methods(["POST", "OPTIONS"])
@_protocol
def uploads(request: HttpRequest) -> HttpResponse:
    """What this server can (OPTIONS); a new upload (POST)."""
    if request.method == "OPTIONS":
        answer = HttpResponse(status=204)
        answer["Tus-Version"] = VERSION
        answer["Tus-Extension"] = "creation,termination,checksum,expiration"
        answer["Tus-Max-Size"] = str(settings.MAX_DOCUMENT_BYTES)
        answer["Tus-Checksum-Algorithm"] = ",".join(files.ALGORITHMS)
        return answer
    actor = request.actor
    account = actor.organisation or actor.person
    upload = files.begin(
        _owner(actor),
        account,
        _name(request),
        _number(request, "Upload-Length"),
        max_bytes=settings.MAX_DOCUMENT_BYTES,
        at=business_now(),
    )
    answer = _progress(upload, actor, 201)
    answer["Location"] = reverse("hall:upload", args=[upload.code])
    return answer


@route(UPLOAD)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@_protocol
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """How far an upload has come (HEAD), more of it (PATCH), or giving it up (DELETE)."""
    actor = request.actor
    owner = _owner(actor)
    if request.method == "DELETE":
        files.drop(owner, code)
        return HttpResponse(status=204)
    if request.method == "HEAD":
        return _progress(files.arrived(owner, code), actor, 200)
    return _progress(_appended(request, owner, code), actor, 204)


def _appended(request: HttpRequest, owner: str, code: str) -> files.Arrived:
    if request.content_type != OFFSET_TYPE:
        raise _bad()
    announced = request.headers.get("Upload-Checksum")
    try:
        checksum = files.checksum_of(announced) if announced else None
    except ValueError as error:
        raise _bad() from error
    length = _number(request, "Content-Length")
    upload = files.append(owner, code, _number(request, "Upload-Offset"), request, length, checksum)
    if upload.document is None and upload.offset == upload.size:
        upload = replace(upload, document=files.finish(owner, code, DOCUMENT_TYPES))
    return upload


def _progress(upload: files.Arrived, actor: Actor, status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Upload-Offset"] = str(upload.offset)
    answer["Upload-Length"] = str(upload.size)
    answer["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    if upload.document is not None:
        document = upload.document
        answer["Upload-Paper"] = token_of(actor, document.sha256, document.name, document.size)
    return answer
