"""The sample corpus: where it is installed, and a chatbot over it in a home of its own.

That home lies in the user's cache, so that the sample never mixes with anybody's articles, and nothing else is ever kept there.
"""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from index.errors import BadPath, HomeMismatch
from rag.chatbot import Chatbot
from rag.neighbours import require_ours


def sample_articles() -> Path:
    """The folder of the sample's articles; `eval`, which carries it, is looked up and not imported.

    Raises:
        BadPath: the installation lacks it.
        ForeignPackage: somebody else's `eval` stands before ours on the path.
    """
    require_ours("eval")
    spec = find_spec("eval")
    places = spec.submodule_search_locations if spec else None
    folder = Path(next(iter(places or ()), "")) / "sample" / "articles"
    if not folder.is_dir():
        raise BadPath("this installation lacks the sample corpus", hint="sync your own articles: dateline sync YOUR_FOLDER")
    return folder.resolve()


def sample_home() -> Path:
    """Where the sample's home is."""
    from platformdirs import user_cache_path

    return user_cache_path("dateline") / "demo"


def open_sample(*, llm: str | None = None) -> Chatbot:
    """A chatbot over the sample corpus, synced.

    Raises:
        BadPath: the installation lacks the sample.
        HomeLocked: another process is writing the sample's home.
    """
    articles, home = sample_articles(), sample_home()
    try:
        chatbot = Chatbot.open(home, llm=llm, create=True)
    except HomeMismatch:  # made with another encoder
        shutil.rmtree(home)
        chatbot = Chatbot.open(home, llm=llm, create=True)
    for root in chatbot.home.stats().roots:
        if root != str(articles):
            chatbot.home.forget(root)  # the sample of another installation
    chatbot.sync(articles)
    return chatbot
