"""What explains the API and works without any other server: /openapi.json, the page to try it at /docs, and /problems.

The page is ours: one HTML, one script and one style sheet from `api/static`, so that its Content-Security-Policy allows nothing
but this origin, and nothing is fetched from elsewhere.
"""

from __future__ import annotations

from hashlib import sha256
from html import escape
from pathlib import Path

import orjson

from api.call import JSON, Call
from api.components import Schema
from api.problems import NAMED, Kind
from api.routing import JSON_MEDIA, Routes

_STATIC = Path(__file__).parent / "static"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES: tuple[tuple[str, str, str], ...] = (
    ("/docs", "docs.html", "text/html; charset=utf-8"),
    ("/docs/docs.js", "docs.js", "text/javascript; charset=utf-8"),
    ("/docs/docs.css", "docs.css", "text/css; charset=utf-8"),
)


def docs_routes(document: Schema) -> Routes:
    """The routes of the explaining pages; `document` is the finished OpenAPI document."""
    routes = Routes("", tag="Docs", under="")
    _serve(routes, "/openapi.json", JSON_MEDIA, orjson.dumps(document))
    for path, name, media in _FILES:
        _serve(routes, path, media, (_STATIC / name).read_bytes())
    _serve(routes, "/problems", "text/html; charset=utf-8", _problems_page())
    return routes


def _serve(routes: Routes, path: str, media: str, content: bytes) -> None:
    """Declare a route for bytes that never change while the process runs."""
    headers = {"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "no-cache"}
    answer = JSON(content, etag=f'"{sha256(content).hexdigest()[:32]}"', headers=headers)

    @routes.get(path, who="public", answer=bytes, media=media, described=False)
    async def show(call: Call) -> JSON:
        """Serve a page of the documentation."""
        return answer


def _problems_page() -> bytes:
    entries = "\n".join(map(_entry, NAMED))
    page = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Helpdesk API: problems</title>
<link rel="stylesheet" href="docs/docs.css"></head>
<body><header><h1>Problems</h1></header>
<main><p>Every error is an RFC 9457 problem. Its <code>type</code> points to an entry here, or is <code>about:blank</code> where the
HTTP status says everything. Quote its <code>instance</code> when you ask for help.</p>
{entries}
</main></body></html>
"""
    return page.encode()


def _entry(kind: Kind) -> str:
    return f'<section id="{kind.slug}"><h2>{kind.status} {escape(kind.title)}</h2><p>{escape(kind.remedy)}</p></section>'
