"""Start the chat page: checks what was asked, opens the articles, serves until interrupted.

Nothing leaves the machine: no analytics, no fonts or scripts from elsewhere, no share link. What the page looks like is in
`layout` and `theme`.
"""

from __future__ import annotations

import asyncio
import atexit
import errno
import os
import shutil
import socket
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from index.readers import MAX_BYTES
from index.telemetry import switch_off
from rag.llm.reach import is_this_machine
from ui.auth import read_users
from ui.guard import Guard, Rules

if TYPE_CHECKING:
    from collections.abc import Callable

    import gradio as gr

    from ui.library import Library

_LAST_PORT = 65535
_HINT_AUTH = "say who may come in with --auth-file FILE, made by `python -m ui.auth NAME >> FILE`; or let everybody in: --open-to-everyone"
_THREADS = 40
"""Of the server together: for questions, syncs and whatever else is not answered at once."""
_HINT_PORT = "choose one above 1023: --port 7861"


def launch(
    home: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    llm: str | None = None,
    auth_file: Path | None = None,
    open_to_everyone: bool = False,
    names: Sequence[str] = (),
    open_browser: bool = True,
) -> None:
    """Serve the chat page until Ctrl-C.

    Args:
        home: the home to ask; where it is missing or empty the page opens with the sample corpus.
        host: the address to listen on. Others than loopback need `auth_file` or `open_to_everyone`, and do not offer to sync folders of
            this machine, nor language models at addresses of a visitor's choice.
        port: the port to listen on.
        llm: the language model's spec, such as `ollama:llama3.2`; None for the setting.
        auth_file: who may come in (see `ui.auth`).
        open_to_everyone: whether everybody who reaches the host may come in without a password.
        names: further names by which browsers may reach the page, such as that of a proxy before it; with one, the page is for others, too,
            whatever the host.
        open_browser: also open the page in a browser.

    Raises:
        UsageError: the port is taken, the host is not of this machine, or is not loopback and nothing says who may come in.
        DatelineError: the home or the language model cannot be had.
    """
    import typer

    check = read_users(auth_file) if auth_file else None
    is_private = is_this_machine(host) and not names
    if check is None and not is_private and not open_to_everyone:
        raise UsageError(f"{names[0] if names else host} can be reached from other machines", hint=_HINT_AUTH)
    _require_free(host, port)
    from ui.library import Library

    library = Library.open(home, llm=llm)
    page = build_page(library, may_sync=is_private, keeps=is_private or check is not None)
    rules = Rules(names=_names(host, names), needs_login=check is not None, takes_files=is_private)
    serve(page, library, host=host, port=port, check=check, rules=rules, open_browser=open_browser)
    typer.echo(f"Dateline is at {page.local_url}  (stop it with Ctrl-C)", err=True)
    page.block_thread()


def build_page(library: Library, *, may_sync: bool = True, keeps: bool = True) -> gr.Blocks:
    """Lay out the page, without serving it.

    Args:
        library: what to ask.
        may_sync: whether visitors may sync folders of this machine.
        keeps: whether conversations are kept and listed (see `ui.layout.build`).
    """
    switch_off()
    _keep_uploads_apart()
    from ui.layout import build

    return build(library, may_sync=may_sync, keeps=keeps)


@cache
def _keep_uploads_apart() -> None:
    """Have Gradio receive files in a folder of this process alone, which goes when it ends, unless the user named one."""
    if "GRADIO_TEMP_DIR" not in os.environ:
        folder = os.environ["GRADIO_TEMP_DIR"] = os.path.realpath(mkdtemp(prefix="dateline-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def serve(
    page: gr.Blocks,
    library: Library,
    *,
    host: str,
    port: int,
    check: Callable[[str, str], bool] | None = None,
    rules: Rules | None = None,
    open_browser: bool = False,
) -> None:
    """Start serving a page, and beside it the HTTP API and MCP over the same library; return.

    Without `rules`, those of a page on this machine.
    """
    from starlette.middleware import Middleware

    from ui.layout import styles
    from ui.serving.beside import beside
    from ui.theme import newsprint

    options: dict[str, Any] = {
        "server_name": host, "server_port": port, "auth": _off_the_loop(check), "inbrowser": open_browser,
        "prevent_thread_lock": True, "quiet": True,
        "theme": newsprint(), "css": styles(), "footer_links": [], "show_error": False, "run_history": False,
        "share": False, "enable_monitoring": False, "ssr_mode": False, "pwa": False, "mcp_server": False,
        "app_kwargs": {**beside(library, check), "middleware": [Middleware(Guard, rules=rules or Rules(needs_login=check is not None))]},
        "max_threads": _THREADS, "max_file_size": MAX_BYTES, "allowed_paths": [], "root_path": "",
    }  # fmt: skip
    with _proxies_off():
        page.launch(**options)


def _names(host: str, names: Sequence[str]) -> frozenset[str]:
    """The names by which browsers may reach the page: those given, and those of this machine where others can reach it."""
    own = () if is_this_machine(host) else (socket.gethostname(), f"{socket.gethostname()}.local")
    return frozenset(name.lower() for name in (host, *own, *names))


def _off_the_loop(check: Callable[[str, str], bool] | None) -> Callable[[str, str], Awaitable[bool]] | None:
    """The check of a password as Gradio may call it: it takes its time, and the server goes on meanwhile."""
    if check is None:
        return None

    async def let_in(name: str, password: str) -> bool:
        return await asyncio.to_thread(check, name, password)

    return let_in


@contextmanager
def _proxies_off() -> Iterator[None]:
    """While Gradio calls its own server to see whether it is up, no http_proxy may come between; afterwards all is as before."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    os.environ.update(dict.fromkeys(before, "*"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _require_free(host: str, port: int) -> None:
    """Say in one line what is wrong with a host and port before anything slow is done."""
    if not 0 < port <= _LAST_PORT:
        raise UsageError(f"{port} is no port", hint=f"choose one from 1024 to {_LAST_PORT} with --port")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        raise UsageError(f"port {port} needs rights that you do not have", hint=_HINT_PORT) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} is in use already", hint=f"choose another one: --port {port % _LAST_PORT + 1}") from None
        raise UsageError(f"{host} is not an address of this machine", hint="leave --host out, or give one of its addresses") from None
