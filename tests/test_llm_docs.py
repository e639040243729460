"""docs/llm.md: its code runs, its prices count, its table names what can be installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from index.home import Home
from rag.llm.blotting import KEYS
from rag.llm.scripted import ScriptedLLM
from rag.llm.specs import _FORMS
from rag.settings import Settings

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "llm.md").read_text(encoding="utf-8")


def block(language):
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S)
    return found


def test_the_engine_of_the_docs_answers_from_our_passages(corpus, capsys):
    with Home.open(".dateline", create=True) as home:
        home.sync(corpus)
    llm = ScriptedLLM("In June 2026.")
    seen: dict[str, object] = {"llm": llm}
    exec(block("python"), seen)  # the code that the docs show
    nodes = [found.node.text for found in seen["response"].source_nodes]
    assert len(nodes) == 3
    assert capsys.readouterr().out.startswith(f"In June 2026.\nTram line delayed {nodes[0]}\n")
    assert seen["quote"] == nodes[-1]
    assert all(node in llm.prompts[0] for node in nodes)


def test_the_price_of_the_docs_is_read_and_counts(own_folder):
    Path("dateline.toml").write_text(block("toml"))
    (price,) = Settings.load().prices.values()
    (tokens_in, tokens_out, dollars) = re.search(r"With these, (\d+) tokens in and (\d+) out cost ([\d.]+) dollars", TEXT).groups()
    assert price.cost(int(tokens_in), int(tokens_out)) == float(dollars)


def test_no_price_is_known_by_default():
    assert Settings().prices == {}


def test_the_table_names_every_provider_its_extra_and_its_key():
    rows = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if re.match(r"\| `\w", line)]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert {row[0].strip("`") for row in rows} == set(_FORMS)
    for form, _, install, key in rows:
        provider = form.strip("`").partition(":")[0]
        assert install == f'`pip install "dateline[{provider}]"`'
        assert provider in extras
        assert re.findall(r"`(\w+_API_KEY)`", key) == list(KEYS.get(provider, ()))


def test_the_readme_says_that_no_large_model_was_measured_and_how_to_measure_one():
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert "No large model was measured here; measure yours with `dateline eval CASES --llm SPEC`" in readme
