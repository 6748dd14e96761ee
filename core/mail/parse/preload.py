"""Names what the children of the mail reader import before they are forked: libraries that a mail may need and that are slow to import."""

from __future__ import annotations

import inscriptis  # noqa: F401  # imported only to be there
import nh3  # noqa: F401  # imported only to be there
