"""Refusing an oversized request by its Content-Length, before its body is read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from yiwang.pure.kernel.findings import Refused
from yiwang.record.files.store import too_large

FORM_BYTES = 1 << 20  # what the other fields of a form may take beside the document


class RequestTooLarge(Refused, RequestDataTooBig):
    """A refusal that Django also knows: raised before any view ran, it is answered by its page for bad requests."""


class RefuseBySize(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: raises RequestTooLarge when a form is larger than one document may be.

    A request that lies about its length is stopped by ``store`` while it streams.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        if content_length > settings.MAX_DOCUMENT_BYTES + FORM_BYTES:
            raise RequestTooLarge([too_large(settings.MAX_DOCUMENT_BYTES)])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # for the handlers after this one

    def file_complete(self, file_size: int) -> None:
        return None
