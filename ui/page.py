"""Start the chat page: checks what was asked, opens the articles, serves until interrupted.

Nothing leaves the machine: no analytics, no fonts or scripts from elsewhere, no share link. What the page looks like is in
`layout` and `theme`.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from index.telemetry import switch_off
from ui.auth import read_users

if TYPE_CHECKING:
    from collections.abc import Callable

    import gradio as gr

    from rag.chatbot import Chatbot
    from ui.library import Library

_LAST_PORT = 65535
_HINT_AUTH = "say who may come in with --auth-file FILE, made by `python -m ui.auth NAME >> FILE`"
_HINT_PORT = "choose one above 1023: --port 7861"


def launch(
    home: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    llm: str | None = None,
    auth_file: Path | None = None,
    open_browser: bool = True,
) -> None:
    """Serve the chat page until Ctrl-C.

    Args:
        home: the home to ask; where it is missing or empty the page opens with the sample corpus.
        host: the address to listen on. Others than loopback need `auth_file`, and do not offer to sync folders of this machine.
        port: the port to listen on.
        llm: the language model's spec, such as `ollama:llama3.2`; None for the setting.
        auth_file: who may come in (see `ui.auth`).
        open_browser: also open the page in a browser.

    Raises:
        UsageError: the port is taken, the host is not of this machine, or is not loopback without `auth_file`.
        DatelineError: the home or the language model cannot be had.
    """
    import typer

    check = read_users(auth_file) if auth_file else None
    is_private = _is_loopback(host)
    if check is None and not is_private:
        raise UsageError(f"{host} can be reached from other machines", hint=_HINT_AUTH)
    _require_free(host, port)
    from ui.library import Library

    library = Library.open(home, llm=llm)
    page = _blocks(library, may_sync=is_private)
    serve(page, host=host, port=port, check=check, open_browser=open_browser)
    typer.echo(f"Dateline is at {page.local_url}  (stop it with Ctrl-C)", err=True)
    page.block_thread()


def build_page(
    chatbot: Chatbot, *, is_sample: bool = False, open_own: Callable[[], Chatbot] | None = None, may_sync: bool = True
) -> gr.Blocks:
    """Lay out the page over a chatbot, without serving it.

    Args:
        chatbot: what to ask.
        is_sample: whether that holds the sample corpus; the page then says so and offers questions.
        open_own: opens the home that the first sync goes to; None to sync into the chatbot's own.
        may_sync: whether visitors may sync folders of this machine.
    """
    from ui.library import Library

    return _blocks(Library(chatbot, is_sample=is_sample, open_own=open_own), may_sync=may_sync)


def serve(page: gr.Blocks, *, host: str, port: int, check: Callable[[str, str], bool] | None = None, open_browser: bool = False) -> None:
    """Start serving a page, and return."""
    from ui.layout import styles
    from ui.theme import newsprint

    options: dict[str, Any] = {
        "server_name": host, "server_port": port, "auth": check, "inbrowser": open_browser, "prevent_thread_lock": True, "quiet": True,
        "theme": newsprint(), "css": styles(), "footer_links": [], "show_error": False, "run_history": False,
        "share": False, "enable_monitoring": False, "ssr_mode": False, "pwa": False, "mcp_server": False,
    }  # fmt: skip
    with _proxies_off():
        page.launch(**options)


def _blocks(library: Library, *, may_sync: bool) -> gr.Blocks:
    switch_off()
    from ui.layout import build

    return build(library, may_sync=may_sync)


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


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
