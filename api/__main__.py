"""`python -m api`: the API. Run as many as you like."""

from __future__ import annotations

from api.app import open_api
from core.process import serve

if __name__ == "__main__":
    serve("api", open_api)
