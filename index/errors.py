"""Everything that index can raise on purpose.

DatelineError                 catch this to catch all of them; `rag.errors` adds its own below it
├── UsageError                what was asked cannot be done as asked                 exit code 2
│   ├── BadPath               a path is missing, or is not what it should be
│   ├── BadFilter             a date or another filter does not parse
│   ├── NotFound              no such article
│   └── MissingExtra          an optional package is not installed
├── HomeError                 the home cannot be used                                exit code 3
│   ├── HomeLocked            another process is writing
│   ├── HomeDamaged           a file of the home does not read
│   └── HomeMismatch          made by another encoder or a newer Dateline
└── ModelError                an encoder or language model failed                    exit code 4

Each carries one line for people (`str(error)`), and a `hint`: what to type next.
A fault of ours is any other exception: exit code 70.
"""

from __future__ import annotations


class DatelineError(Exception):
    """Something a user can act on; `hint` says how."""

    exit_code = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def kind(self) -> str:
        """The class name: a stable word for programs."""
        return type(self).__name__


class UsageError(DatelineError):
    """What was asked cannot be done as asked."""

    exit_code = 2


class BadPath(UsageError):
    """A path is missing, or is not what it should be."""


class BadFilter(UsageError):
    """A date or another filter does not parse."""


class NotFound(UsageError):
    """No such article."""


class MissingExtra(UsageError):
    """An optional package is not installed."""


class HomeError(DatelineError):
    """The home cannot be used."""

    exit_code = 3


class HomeLocked(HomeError):
    """Another process is writing."""


class HomeDamaged(HomeError):
    """A file of the home does not read."""


class HomeMismatch(HomeError):
    """The home was made by another encoder, or by a newer Dateline."""


class ModelError(DatelineError):
    """An encoder or a language model failed."""

    exit_code = 4
