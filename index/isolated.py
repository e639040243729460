"""The process that parses files for `isolate`: reads one request after the other from its standard input until that ends.

It bounds itself before it reads anything: memory, processor time, no core dump. A fault in a reader ends it, with a last word
that says what happened. It opens no file: the bytes come with the request.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from index.files import Source, Unreadable
from index.frames import BrokenFrame, from_json, pack_result, receive, send, to_json
from index.parse import parse

_MOST_REQUEST = 1_000_000_000
_SPENT_SHARE = 4
"""Once it has needed more than this part of its memory, a new process follows, so that each file finds about as much."""


def main(memory: int, seconds: int) -> None:
    """Answers requests within `memory` bytes beyond what the process has now, and `seconds` of processor time for each."""
    requests, replies = _take_pipes()
    sys.excepthook = lambda kind, error, trace: send(replies, to_json({"fault": _describe(error, trace)}))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks, which then closes the pipe
    _limit_memory(memory)
    began = _most_memory()
    send(replies, to_json({"ready": True}))
    while (head := _next(requests)) is not None:
        _limit_time(seconds)
        path = Path(head["path"])
        reply = _answer(Source(path=path, data=receive(requests, most=_MOST_REQUEST), stem=head["stem"]))
        send(replies, to_json({**reply, "spent": (_most_memory() - began) * _SPENT_SHARE > memory}))


def _next(requests: IO[bytes]) -> dict[str, Any] | None:
    try:
        return from_json(receive(requests, most=_MOST_REQUEST))
    except BrokenFrame:  # the pipe was closed: the work is done
        return None


def _answer(source: Source) -> dict[str, Any]:
    try:
        return {"results": [pack_result(result) for result in parse(source)]}
    except Unreadable as error:
        return {"unreadable": str(error)}


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for frames alone; what a library prints goes nowhere."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    os.close(nothing)
    return requests, replies


def _describe(error: BaseException | None, trace: TracebackType | None) -> str:
    """The kind of a fault and the last line of ours that it came through."""
    if isinstance(error, MemoryError):
        return "MemoryError"
    ours = [frame for frame in traceback.extract_tb(trace) if Path(frame.filename).parent == Path(__file__).parent]
    return f"{type(error).__name__} in {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else type(error).__name__


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit holds there, too
        return
    _set_limit(resource.RLIMIT_CORE, 0)
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        most += int(statistics.read_text().split()[0]) * resource.getpagesize()
        _set_limit(resource.RLIMIT_AS, most)
    else:
        _set_limit(resource.RLIMIT_DATA, most)


def _limit_time(seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _set_limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + seconds + 1)


def _set_limit(which: int, value: int) -> None:
    """Lowers or raises a soft limit; a lower hard one stays, and a platform without this limit goes without it."""
    import resource

    hard = resource.getrlimit(which)[1]
    try:
        resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    except (OSError, ValueError):
        return


def _most_memory() -> int:
    """The most bytes that this process has held at once."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
