"""What `rag` can raise beyond `index.errors` (whose docstring draws the tree).

ModelError                    exit code 4
└── ModelUnavailable          a language model's server, key or package fails; the hint says which and what to do
UsageError                    exit code 2
├── BadQuestion               the question is empty or far too long
└── BadSettings               a value in dateline.toml or the environment does not fit
"""

from __future__ import annotations

from index.errors import ModelError, UsageError


class ModelUnavailable(ModelError):
    """A language model cannot be reached or refuses."""


class BadQuestion(UsageError):
    """The question is empty or far too long."""


class BadSettings(UsageError):
    """A setting does not fit."""
