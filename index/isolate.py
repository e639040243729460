"""Has files parsed by another process, so that a crash, a hang or a flood of memory costs that file alone.

What the process does is in `isolated`; which files go there is decided in `readers`.
"""

from __future__ import annotations

import atexit
import logging
import math
import os
import signal
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path
from typing import IO, Any

from index.files import KeptWaiting, Source, Unreadable
from index.frames import BrokenFrame, from_json, receive, send, to_json, unpack_result
from index.parse import parse
from index.types import Draft, Skipped

SECONDS = 20.0
"""Processor time that one file may take; a process that has had nothing to do for so long may end."""
MEMORY = 2_000_000_000
"""Bytes that the process may take beyond what it starts with."""
_PATIENCE = 3
"""So many times that may pass on the clock: what has not had its processor time by then was kept waiting by other work."""
_START_SECONDS = 60.0
_MOST_REPLY = 256_000_000
_GRACE_SECONDS = 5.0
_TOO_SLOW = "reading it took longer than {:g} seconds: split it, or save it anew in a simpler form"
_KEPT_WAITING = "reading it was not done in {:g} seconds, since the machine is busy: the next sync tries it again"
_TOO_LARGE = "reading it needs too much memory: split it, or save it anew in a simpler form"
_CRASHED = "its reader crashed on it ({}): it is damaged, or made to do harm; save it anew, or leave it out"
_FAULT = "its reader failed on it ({}): save it anew, or leave it out"


class Reader:
    """Parses files in one process, which starts with the first file and again after each file that ended it.

    Threads may share it; they take turns.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._startable = True

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process, if there is one; a later file starts another."""
        with self._turn:
            if self._child:
                self._child.close()

    def parse(self, source: Source) -> list[Draft | Skipped]:
        """As `index.parse.parse`, within bounds; without them where no process can be started.

        Raises:
            Unreadable: the file holds no article that can be read, or reading it went beyond a bound.
        """
        with self._turn:
            child = self._ready_child()
            return child.parse(source) if child else parse(source)

    def _ready_child(self) -> _Child | None:
        while self._startable and (self._child is None or not self._child.begin()):
            if self._child:
                self._child.close()
            try:
                self._child = _Child.start(self._seconds, self._memory)
            except (OSError, BrokenFrame) as error:
                self._startable, self._child = False, None
                logging.getLogger(__name__).warning(
                    "no second process could be started (%s): files are read in this one, and a damaged file can stop it", error
                )
        return self._child


@cache
def shared_reader() -> Reader:
    """The reader of this process, closed at its end."""
    reader = Reader()
    atexit.register(reader.close)
    return reader


class _Child:
    """A running process, and the thread that ends it when a file takes too long or no more files come."""

    def __init__(self, process: subprocess.Popen[bytes], requests: IO[bytes], replies: IO[bytes], seconds: float) -> None:
        self._process, self._requests, self._replies = process, requests, replies
        self._seconds = seconds
        self._state = threading.Condition()
        # Guarded by _state. The guard is not woken for each file: it looks again when the deadline that it knew has passed, so that a
        # file never has less than its time, and a pause may last a file's time.
        self._deadline = time.monotonic() + _START_SECONDS
        self._busy = True
        self._ended = False
        self._late = False
        threading.Thread(target=self._guard, daemon=True, name="dateline-parser-guard").start()

    @classmethod
    def start(cls, seconds: float, memory: int) -> _Child:
        """A process that is ready for files.

        Raises:
            OSError: the system starts none.
            BrokenFrame: it ended at once.
        """
        if not sys.executable:
            raise OSError("where Python lies is not known")
        path = [str(Path(__file__).parents[1]), *filter(None, sys.path)]
        process = subprocess.Popen(
            # -P: a folder of articles that is the working directory must not be where modules are looked for.
            [sys.executable, "-P", "-m", "index.isolated", str(memory), str(math.ceil(seconds))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        )  # fmt: skip
        if process.stdin is None or process.stdout is None:
            raise BrokenFrame("it has no pipes")
        child = cls(process, process.stdin, process.stdout, seconds)
        try:
            receive(child._replies, most=_MOST_REPLY)
        except BrokenFrame:
            child.close()
            raise
        child._pause()
        with child._state:
            child._state.notify()  # the guard waits for the end of the longer time that starting may take
        return child

    def begin(self) -> bool:
        """Whether it is there for one more file; if so, the file's time begins now."""
        with self._state:
            if self._ended or self._late or self._process.poll() is not None:
                return False
            self._busy, self._deadline = True, time.monotonic() + _PATIENCE * self._seconds
            return True

    def parse(self, source: Source) -> list[Draft | Skipped]:
        """The results for `source`, after `begin`.

        Raises:
            Unreadable: there are none; the process may have ended.
        """
        reply: dict[str, Any] = {}
        try:
            send(self._requests, to_json({"path": str(source.path), "stem": source.stem}))
            send(self._requests, source.data)
            reply = from_json(receive(self._replies, most=_MOST_REPLY))
            if "fault" not in reply:
                results = [unpack_result(result) for result in reply.get("results", ())]
                self._pause()
        except BrokenFrame as error:
            raise self._cause_of_death() from error
        finally:
            if self._busy or reply.get("spent"):  # busy still: it failed, or the wait for it was interrupted
                self.close()
        if "fault" in reply:
            raise Unreadable(_TOO_LARGE if reply["fault"] == "MemoryError" else _FAULT.format(reply["fault"]))
        if "unreadable" in reply:
            raise Unreadable(str(reply["unreadable"]))
        return results

    def close(self) -> None:
        """Ends the process, at once if it is at work."""
        with self._state:
            ended, self._ended = self._ended, True
            self._state.notify()
        if not ended:
            self._end()

    def _pause(self) -> None:
        with self._state:
            self._busy, self._deadline = False, time.monotonic() + self._seconds

    def _guard(self) -> None:
        """Waits for the deadline: then kills the process if it is busy, and ends it if it is not."""
        with self._state:
            while not self._ended and (left := self._deadline - time.monotonic()) > 0:
                self._state.wait(left)
            if self._ended:
                return
            self._late = self._busy
            if self._busy:
                self._process.kill()
                return
            self._ended = True
        self._end()

    def _end(self) -> None:
        """Closes the pipe, which ends a process that waits; one that does not is killed."""
        if self._busy:
            self._process.kill()
        for pipe in (self._requests, self._replies):
            try:
                pipe.close()
            except OSError:  # what was still to be written to a process that is gone
                continue
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _cause_of_death(self) -> Unreadable:
        """Why the process said nothing sensible; it is ended."""
        self._process.kill()  # it may live and talk nonsense; one that is dead keeps its own exit status
        status = self._process.wait()
        self.close()
        if self._late:
            return KeptWaiting(_KEPT_WAITING.format(_PATIENCE * self._seconds))
        if status == -getattr(signal, "SIGXCPU", 0):
            return Unreadable(_TOO_SLOW.format(self._seconds))
        if status == -getattr(signal, "SIGKILL", 0):
            return Unreadable(_TOO_LARGE)  # what Linux does to a process when memory runs out
        return Unreadable(_CRASHED.format(signal.Signals(-status).name if status < 0 else f"exit status {status}"))
