"""The border of the web server: pages may reach this server only, and say in which language they are.

Streamlit has no setting for either: its page is a file with `<html lang="en">` and without a policy.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
"""Scripts of components arrive over the socket and are loaded from `blob:`; styles are set in place."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


class Border:
    """ASGI middleware: adds the policy to every answer and the reader's language to every page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # The page is changed below, so it has to come uncompressed and whole.
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if name not in (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
            or not _asks_for_page(scope)
        ]
        await self.app({**scope, "headers": kept}, receive, _Answer(scope, send))


class _Answer:
    """Sends an answer on, with the headers above; holds a page back until it can be rewritten."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._language = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("taal", ["nl"])[0]
        self._start: Message | None = None
        self._page: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._page.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        language = b"en" if self._language == "en" else b"nl"
        page = b"".join(self._page).replace(b'<html lang="en"', b'<html lang="' + language + b'"', 1)
        page = page.replace(b"<title>Streamlit</title>", b"<title>Gebiedsbudget</title>", 1)
        headers = MutableHeaders(scope=start)
        if page:
            headers["content-length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def _asks_for_page(scope: Scope) -> bool:
    accepted = dict(scope["headers"]).get(b"accept", b"")
    return b"text/html" in accepted
