"""The bot's doors without its worker: `python -m bench.bot_without_worker`."""

from __future__ import annotations

from functools import partial

from bot.app import open_bot
from core.process import serve

if __name__ == "__main__":
    serve("bot", partial(open_bot, work=False))
