"""One bidder's client: hands in bids over HTTP as a browser does, and fetches the receipt."""

from __future__ import annotations

import http.client
import json
import secrets
from dataclasses import dataclass
from typing import Any

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TOKEN = "t" * 64  # cookie and field agree: all that the protection against forged requests asks of a client


@dataclass(frozen=True, slots=True)
class Attempt:
    """One bid that is to be handed in: every attempt of a run has a price of its own, so that it can be found."""

    lot: str
    organisation: str
    price_yuan: int
    replace: bool
    key: str

    @property
    def path(self) -> str:
        return f"/hall/lots/{self.lot}/bid/" + ("replace/" if self.replace else "")


def attempt(lot: str, organisation: str, price_yuan: int, replace: bool) -> Attempt:
    """An attempt under a new idempotency key."""
    return Attempt(lot, organisation, price_yuan, replace, secrets.token_urlsafe(18))


class Refusal(RuntimeError):
    """The server answered with something else than a receipt."""


class BidderClient:
    """A kept-alive connection of one logged-in bidder. Not for two threads at a time."""

    def __init__(self, port: int, session: str, timeout_seconds: float = 60) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_seconds)
        self._cookies = f"sessionid={session}; csrftoken={TOKEN}"

    def close(self) -> None:
        self._connection.close()

    def hand_in(self, bid: Attempt) -> None:
        """Returns when the server has acknowledged. Raises Refusal, OSError, http.client.HTTPException."""
        boundary, body = _multipart(bid)
        headers = {"Cookie": self._cookies, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        self._connection.request("POST", bid.path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        location = answer.getheader("Location", "")
        if answer.status != 302 or not location.endswith("/receipt/"):
            raise Refusal(f"{answer.status} {location} {text[-1500:].decode(errors='replace')}")

    def receipt(self, lot: str) -> dict[str, Any]:
        """The receipt of the standing bid. Raises as :meth:`hand_in` does."""
        self._connection.request("GET", f"/hall/lots/{lot}/receipt.json", headers={"Cookie": self._cookies})
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise Refusal(f"{answer.status} {text[:500].decode(errors='replace')}")
        return dict(json.loads(text))


def _multipart(bid: Attempt) -> tuple[str, bytes]:
    """The form with a small PDF of its own; (boundary, body)."""
    fields = {
        "csrfmiddlewaretoken": TOKEN,
        "stage": "confirm",
        "key": bid.key,
        "price": str(bid.price_yuan),
        "period_days": "180",
        "deposit": "100000",
        "quality": "合格",
        "manager": "张建国",
        "manager_certificate": "甘262000000001",
    }
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    paper = PDF + f"% {bid.organisation} {bid.price_yuan}\n".encode()
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="papers"; filename="bid.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode()
        + paper
        + b"\r\n"
    )
    return boundary, b"".join(parts) + f"--{boundary}--\r\n".encode()
