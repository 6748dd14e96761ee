"""`python -m bot`: the doors of mail and Slack, and the worker. Run as many as you like."""

from __future__ import annotations

from bot.app import open_bot
from core.process import serve

if __name__ == "__main__":
    serve("bot", open_bot)
