"""What a verification finds: one line for each thing that is not as the memo says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["altered", "contradiction", "check", "article"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is not as the memo says."""

    kind: Kind
    """"altered": the file is not as it was exported; "contradiction": the memo does not fit itself; "check": a check comes out otherwise
    now; "article": the home's article is not as the memo says."""
    where: str
    """Such as "answer 2, [1]"; empty for the memo as a whole."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what

    def to_dict(self) -> dict[str, Any]:
        """This finding as plain JSON data."""
        return asdict(self)
