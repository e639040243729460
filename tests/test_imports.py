"""What is loaded, and when: the heavy libraries stay out of `from rag import ask` and of a built-in answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def loaded(code: str, *arguments: str) -> set[str]:
    """The top-level modules that are loaded after `code` ran in a fresh interpreter."""
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_ask_loads_nothing_heavy() -> None:
    heavy = {"llama_index", "chromadb", "gradio", "torch", "onnxruntime", "numpy", "nltk"}
    assert loaded("from rag import ask") & heavy == set()


def test_a_built_in_answer_loads_neither_llama_index_nor_gradio_nor_torch(corpus: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    ask = (
        "from rag import ask; answer = ask('Who is the harbour master?', home=sys.argv[1]); assert answer.short == 'Ines Calloway', answer"
    )
    sync = "from index.home import Home; Home.open(sys.argv[1], create=True).sync(sys.argv[2])"
    assert "llama_index" in loaded(sync, home, str(corpus))
    assert loaded(ask, home) & {"llama_index", "gradio", "torch", "nltk", "tiktoken"} == set()


def test_the_mcp_server_loads_what_an_answer_needs_and_no_more() -> None:
    assert (
        loaded("import ui.serving.mcp_server") & {"llama_index", "gradio", "torch", "nltk", "tiktoken", "chromadb", "onnxruntime"} == set()
    )


def test_asking_an_unchanged_corpus_loads_no_llama_index(corpus: Path, tmp_path: Path) -> None:
    code = "from rag import ask; ask('Who is the harbour master?', home=sys.argv[1], corpus=sys.argv[2])"
    home = str(tmp_path / "home")
    loaded(code, home, str(corpus))
    assert loaded(code, home, str(corpus)) & {"llama_index", "gradio", "torch", "nltk"} == set()
