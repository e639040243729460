"""Whole processes, measured: seconds to the last line they print and to their end, processor time, peak memory.

Several commands take turns (A B A B), so that whatever else the machine does falls on all of them alike.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_ALIKE = {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "PYTHONUNBUFFERED": "1",  # a line counts as printed when it is written, not when the process ends
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """What to run."""

    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to this process's own."""
    folder: Path | None = None
    """Working directory."""
    clear: Path | None = None
    """Deleted before each run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """How one process went."""

    code: int
    printed: float
    """Seconds from start to the last output."""
    wall: float
    """Seconds from start to end."""
    cpu: float
    """Processor seconds, of all cores together."""
    peak: float
    """Largest resident memory, in MB."""
    others: float
    """Cores that other processes kept busy meanwhile."""
    stdout: str
    stderr: str


def run(command: Command) -> Run:
    """Run a command to its end and measure it."""
    if command.clear is not None:
        shutil.rmtree(command.clear, ignore_errors=True)
    environment = {**os.environ, **_ALIKE, **command.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as errors:
        busy, began = _busy_seconds(), time.monotonic()
        process = subprocess.Popen(
            command.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=command.folder
        )
        assert process.stdout is not None
        output, printed = b"", began
        while piece := os.read(process.stdout.fileno(), 1 << 16):
            output, printed = output + piece, time.monotonic()
        process.stdout.close()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        cpu = used.ru_utime + used.ru_stime
        return Run(
            code=process.returncode, printed=printed - began, wall=wall, cpu=cpu, peak=used.ru_maxrss / 1024,
            others=max(0.0, (_busy_seconds() - busy - cpu) / wall), stdout=output.decode(errors="replace"),
            stderr=errors.read().decode(errors="replace"),
        )  # fmt: skip


def succeed(command: Command) -> Run:
    """The same; a command that fails ends the benchmark."""
    result = run(command)
    if result.code:
        raise SystemExit(f"{' '.join(command.words)} ended with {result.code}:\n{result.stderr[-3000:]}")
    return result


def in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Run]]:
    """Every command once a round, in order; name -> its runs."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            result = succeed(command)
            runs[name].append(result)
            print(
                f"round {number + 1} {name}: {result.wall:.2f} s, {result.cpu:.1f} s of processor, {result.peak:.0f} MB, "
                f"others {result.others:.1f} cores",
                file=sys.stderr, flush=True,
            )  # fmt: skip
    return runs


def _busy_seconds() -> float:
    """Processor seconds that the whole machine has spent on processes; 0 where there is no /proc."""
    try:
        user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
    except OSError:
        return 0.0
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")
