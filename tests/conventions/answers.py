"""An answer of the portal without what differs each time: what a stranger can compare."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from django.db import transaction
from django.test import Client

_UNEVEN = frozenset({"x-request-id", "set-cookie", "date", "content-length", "expires"})
_TOKEN = re.compile(rb"[A-Za-z0-9]{64}")
_CLOCK = re.compile(rb"\b\d\d:\d\d\b")


@dataclass(frozen=True)
class Answer:
    """`body` has no tokens, no time of day; `headers` no ids of requests and no cookies."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def without(self, *words: object) -> "Answer":
        """The same with each of these words called «ID»: the address that was asked."""
        headers, body = self.headers, self.body
        for word in words:
            text = str(word)
            headers = tuple((name, value.replace(text, "ID")) for name, value in headers)
            body = body.replace(text.encode(), b"ID")
        return Answer(self.status, headers, body)

    def tells(self, words: Iterable[str]) -> list[str]:
        """Which of these words it holds."""
        said = self.body + repr(self.headers).encode()
        return [word for word in words if word.encode() in said]

    def differs(self, other: "Answer") -> str:
        """Where two answers part, in a line; "" where they do not."""
        if self == other:
            return ""
        if self.status != other.status:
            return f"{self.status}, not {other.status}"
        headers = set(self.headers) ^ set(other.headers)
        if headers:
            return f"headers {sorted(headers)}"
        start = next(
            (
                at
                for at, pair in enumerate(zip(self.body, other.body, strict=False))
                if len({*pair}) > 1
            ),
            min(len(self.body), len(other.body)),
        )
        parts = [
            one.body[max(start - 60, 0) : start + 80].decode(errors="replace")
            for one in (self, other)
        ]
        return f"{self.status}: …{parts[0]!r}, not …{parts[1]!r}"


class Person:
    """Somebody signed in, or nobody; every question leaves the database as it was."""

    def __init__(self, name: str, user: Any = None) -> None:
        self.name, self.user = name, user
        self._cookie = ""
        if user is not None:
            client = Client()
            client.force_login(user)
            self._cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            with transaction.atomic():  # the first page notes when the session began
                self._client().get("/account/")

    def _client(self) -> Client:
        client = Client(raise_request_exception=False)
        if self._cookie:
            client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: self._cookie})
        return client

    def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, object] | None = None,
        *,
        part: bool = False,
        then: Callable[[], None] = lambda: None,
    ) -> Answer:
        """The answer to one request; `part`: asked by htmx. A deed is followed to its page.
        `then` is called before everything is taken back."""
        headers = {"HX-Request": "true"} if part else {}
        client = self._client()
        with transaction.atomic():
            if method in ("GET", "HEAD", "OPTIONS", "DELETE"):
                send = getattr(client, method.lower())
                response = send(path, headers=headers, **({"data": data} if data else {}))
            elif method == "POST":
                response = client.post(path, data or {}, headers=headers, follow=True)
            else:
                response = client.generic(method, path, headers=headers)
            answer = _answer(response)
            then()
            transaction.set_rollback(True)
        return answer

    def __str__(self) -> str:
        return self.name


def _unpacked(body: bytes) -> bytes:
    """A workbook without the moment at which it was made."""
    if not body.startswith(b"PK"):
        return body
    with ZipFile(BytesIO(body)) as archive:
        names = [name for name in archive.namelist() if name != "docProps/core.xml"]
        return b"".join(name.encode() + archive.read(name) for name in names)


def _answer(response: Any) -> Answer:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    body = _unpacked(body)
    headers = tuple(
        sorted((name, value) for name, value in response.items() if name.lower() not in _UNEVEN)
    )
    return Answer(response.status_code, headers, _CLOCK.sub(b"TIME", _TOKEN.sub(b"TOKEN", body)))
