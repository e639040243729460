"""The plots of a report, as SVG that takes its colours and letters from the page around it.

Only this file knows matplotlib. It is drawn without a window, a user's style or a font of its own: text stays text.
"""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from eval.metrics import Interval
from eval.report.curves import Bin, Point, Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _QUIET, _RULE, _ACCENT, _SOFT, _WARN = "#23211d", "#5d574b", "#e6e1d6", "#214c68", "#8fb0c8", "#8c2f1b"
_VARIABLES = {_INK: "ink", _QUIET: "quiet", _RULE: "rule", _ACCENT: "accent", _SOFT: "soft", _WARN: "warn"}
"""Colours as drawn -> the page's variables, which are others in the dark."""
_SIZE = (5.2, 3.1)
_MARKED = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Confidences whose place on the curve is named,"""
_APART = 0.075
"""and how far apart these must be, as shares of the axis."""
_LOOK = {
    **{"svg.fonttype": "none", "svg.hashsalt": "dateline", "font.size": 10},
    **dict.fromkeys(("figure.facecolor", "axes.facecolor"), "none"),
    **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "xtick.labelcolor"), _QUIET),
    **dict.fromkeys(("text.color", "ytick.labelcolor"), _INK),
    **{"axes.linewidth": 0.8, "grid.linewidth": 0.8, "axes.axisbelow": True, "savefig.transparent": True},
}
_ID = re.compile(r' id="([^"]+)"')


def kinds_figure(shares: Sequence[Share]) -> str:
    """The share of right cases by kind, with its interval."""

    def draw(axes: Axes) -> None:
        for place, share in enumerate(reversed(shares)):
            is_all = share.kind == "all"
            axes.plot([share.interval.low, share.interval.high], [place, place], color=_ACCENT if is_all else _SOFT, lw=5, zorder=2)
            axes.plot(share.right / share.cases, place, "o", color=_INK if is_all else _ACCENT, ms=7, zorder=3)
        axes.set_yticks(range(len(shares)), [f"{share.kind}  {share.right}/{share.cases}" for share in reversed(shares)])
        axes.set_ylim(-0.6, len(shares) - 0.4)
        axes.set_xlabel("share right, 95 % interval")
        _as_shares(axes.set_xlim, axes.set_xticks)
        axes.grid(axis="x", color=_RULE)

    return _drawn(draw)


def abstention_figure(points: Sequence[Point]) -> str:
    """The share of right answers against the share of cases that are answered, as the threshold moves."""

    def draw(axes: Axes) -> None:
        axes.step([point.answered for point in points], [point.right for point in points], where="post", color=_ACCENT, lw=1.8, zorder=2)
        _thresholds(axes, points)
        axes.plot(points[-1].answered, points[-1].right, "o", color=_WARN, ms=7, zorder=4)
        axes.set_xlabel("share of cases answered")
        axes.set_ylabel("share of answers that are right")
        _as_shares(axes.set_xlim, axes.set_xticks)
        _from_below(axes, min(point.right for point in points))
        axes.grid(color=_RULE)

    return _drawn(draw)


def calibration_figure(bins: Sequence[Bin]) -> str:
    """The share of right answers against their confidence, in tenths, with how many answers each stands for."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], ls=(0, (4, 3)), color=_QUIET, lw=1, zorder=1)
        for held in bins:
            axes.plot([held.confidence] * 2, list(held.interval), color=_SOFT, lw=4, zorder=2)
            axes.plot(held.confidence, held.right, "o", color=_ACCENT, ms=6, zorder=3)
            axes.annotate(str(held.cases), (held.confidence, 0), (0, 4), textcoords="offset points", ha="center", color=_QUIET, fontsize=9)
        axes.set_xlabel("confidence (below each point: answers)")
        axes.set_ylabel("share right")
        _as_shares(axes.set_xlim, axes.set_xticks)
        _as_shares(axes.set_ylim, axes.set_yticks)
        axes.grid(color=_RULE)

    return _drawn(draw)


def latency_figure(seconds: Sequence[float]) -> str:
    """The share of answers that are there after some seconds."""

    def draw(axes: Axes) -> None:
        ordered = sorted(seconds)
        axes.step([0, *ordered], [place / len(ordered) for place in range(len(ordered) + 1)], where="post", color=_ACCENT, lw=1.8)
        for share in (0.5, 0.95):
            reached = ordered[min(int(share * len(ordered)), len(ordered) - 1)]
            axes.plot([0, reached, reached], [share, share, 0], ls=(0, (4, 3)), color=_QUIET, lw=1, zorder=1)
            axes.annotate(f"{reached:.2g} s", (reached, share), (5, -12), textcoords="offset points", color=_QUIET, fontsize=9)
        axes.set_xlim(0, ordered[-1] * 1.12)
        axes.set_xlabel("seconds")
        axes.set_ylabel("share of cases done")
        _as_shares(axes.set_ylim, axes.set_yticks)
        axes.grid(color=_RULE)

    return _drawn(draw)


def turned_figure(differences: Sequence[tuple[str, float, Interval]]) -> str:
    """The differences between two runs in some measures, with their intervals, around no difference."""

    def draw(axes: Axes) -> None:
        axes.axvline(0, color=_QUIET, lw=1, ls=(0, (4, 3)), zorder=1)
        for place, (_, difference, interval) in enumerate(reversed(differences)):
            axes.plot(list(interval), [place, place], color=_SOFT, lw=5, zorder=2)
            axes.plot(difference, place, "o", color=_ACCENT, ms=7, zorder=3)
        axes.set_yticks(range(len(differences)), [name for name, _, _ in reversed(differences)])
        axes.set_ylim(-0.6, len(differences) - 0.4)
        reach = max([0.05, *(abs(end) for _, _, interval in differences for end in interval)]) * 1.1
        axes.set_xlim(-reach, reach)
        axes.set_xlabel("difference, 95 % interval")
        axes.grid(axis="x", color=_RULE)

    return _drawn(draw, height=0.9 + 0.36 * len(differences))


# What all plots share


def _thresholds(axes: Axes, points: Sequence[Point]) -> None:
    """Name above the plot what is answered from some confidences on, where there is room for it."""
    last = 2.0
    for threshold in _MARKED:
        above = [point.answered for point in points if point.threshold >= threshold]
        if above and last - above[-1] > _APART:
            last = above[-1]
            axes.axvline(last, color=_SOFT, lw=0.8, zorder=1)
            axes.annotate(f"≥ {threshold:g}", (last, 1), (0, 3), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
                          ha="center", color=_QUIET, fontsize=8.5)  # fmt: skip


def _as_shares(limits: Callable[..., object], ticks: Callable[..., object]) -> None:
    """Make an axis one from 0 to 100 %."""
    limits(-0.02, 1.02)
    ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])


def _from_below(axes: Axes, least: float) -> None:
    """Let an axis of shares begin a little below the least of them, at a half at most."""
    lowest = min(0.5, int(least * 10) / 10 - 0.1)
    axes.set_ylim(max(lowest, -0.02), 1.02)
    ticks = [tick / 10 for tick in range(0, 11, 2 if lowest < 0.4 else 1) if tick / 10 >= lowest]
    axes.set_yticks(ticks, [f"{tick:.0%}".replace("%", " %") if tick == 1 else f"{100 * tick:.0f}" for tick in ticks])


def _drawn(draw: Callable[[Axes], None], *, height: float = _SIZE[1]) -> str:
    """What a function draws, as an SVG element."""
    with _style():
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        figure = Figure(figsize=(_SIZE[0], height), layout="constrained")
        canvas: Any = FigureCanvasSVG(figure)
        axes, out = figure.add_subplot(), io.StringIO()
        draw(axes)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _for_page(out.getvalue())


def _for_page(svg: str) -> str:
    """An SVG file as an element of a page: no prologue, the page's colours, and no names that nothing refers to."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = _ID.sub(lambda found: found.group() if found[1] in used else "", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var(--{variable})")
    head, _, rest = svg.partition(">")
    head = re.sub(r' (?:width|height|xmlns|version)="[^"]*"', "", head)
    return f'{head} aria-hidden="true" focusable="false">{rest.strip()}'


@contextmanager
def _style() -> Iterator[None]:
    """The settings that matplotlib ships and ours, whatever the user's are."""
    matplotlib = _matplotlib()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_LOOK)
        yield


@cache
def _matplotlib() -> Any:
    """matplotlib, which keeps its list of fonts in Dateline's cache folder and not in one of its own."""
    from platformdirs import user_cache_path

    os.environ.setdefault("MPLCONFIGDIR", str(user_cache_path("dateline") / "matplotlib"))
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it says on standard error that it looks for fonts
    import matplotlib

    return matplotlib
