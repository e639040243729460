"""What `rag` can raise beyond `index.errors` (whose docstring draws the tree).

ModelError                    exit code 4
└── ModelUnavailable          a language model's server, key or package fails; the hint says which and what to do
    ├── ModelTimeout          it took longer than it may
    ├── ModelBusy             it could not take the request: too many requests, or a fault of the server
    ├── ModelDenied           the key is wrong, or may not do this
    ├── ModelUnknown          no such model there
    └── PromptTooLong         question and evidence do not fit into the model's window
UsageError                    exit code 2
├── BadQuestion               the question is empty or far too long
├── BadMemo                   a file holds no memo, or one of a newer Dateline
└── BadSettings               a value in dateline.toml or the environment does not fit
"""

from __future__ import annotations

from index.errors import ModelError, UsageError


class ModelUnavailable(ModelError):
    """A language model cannot be reached or refuses."""


class ModelTimeout(ModelUnavailable):
    """A language model took longer than it may."""


class ModelBusy(ModelUnavailable):
    """A language model's server could not take the request."""


class ModelDenied(ModelUnavailable):
    """A language model's server does not accept the key."""


class ModelUnknown(ModelUnavailable):
    """A language model's server does not have this model."""


class PromptTooLong(ModelUnavailable):
    """Question and evidence do not fit into a language model's window."""


class BadQuestion(UsageError):
    """The question is empty or far too long."""


class BadSettings(UsageError):
    """A setting does not fit."""


class BadMemo(UsageError):
    """A file holds no memo, or one of a newer Dateline."""
