"""Our [n] markers, and what keeps article text from looking like one."""

from __future__ import annotations

import re

_LOOKALIKE = re.compile(r"[\[【［⟦](\s*\d[\d\s,;–-]*)[\]】］⟧]")


def plain(text: str) -> str:
    """`text` on one line, with bracketed numbers put in round brackets, so that none can be taken for a marker.

    >>> plain("as shown [3] and 【12】")
    'as shown (3) and (12)'
    """
    return " ".join(_LOOKALIKE.sub(r"(\1)", text).split())
