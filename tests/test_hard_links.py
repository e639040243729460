"""An installation of hard links, made under umask 002, as some installers and some people make them: nltk's own loader refuses it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import llama_index.core
import pytest

ROOT = Path(__file__).parent.parent
SYNC = """
import sys
import llama_index.core
assert llama_index.core.__file__.startswith(sys.argv[1]), llama_index.core.__file__
from index.home import Home
with Home.open(sys.argv[2], encoder="hash", create=True) as home:
    print(home.sync(sys.argv[3]).added, len(home.search("harbour master")[0].sentences))
"""


@pytest.mark.slow
def test_sync_over_hard_linked_group_writable_data(tmp_path: Path, corpus: Path) -> None:
    installed = tmp_path / "cache" / "llama_index" / "core"
    site = tmp_path / "site"
    shutil.copytree(Path(llama_index.core.__file__).parent, installed, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (file for file in installed.rglob("*") if file.is_file()):
        file.chmod(0o664)
        linked = site / "llama_index" / "core" / file.relative_to(installed)
        linked.parent.mkdir(mode=0o775, parents=True, exist_ok=True)
        os.link(file, linked)
    environment = {**os.environ, "PYTHONPATH": f"{site}:{ROOT}", "NLTK_DATA": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-c", SYNC, str(site), str(tmp_path / "home"), str(corpus)],
        capture_output=True,
        text=True,
        env=environment,
        umask=0o002,
        cwd=tmp_path,
    )
    assert (done.stdout, done.returncode) == ("3 4\n", 0), done.stderr
