"""Photograph the chat page in its main states, light and dark, wide and narrow: `make screenshots` writes docs/images/page-*.png.

It serves the sample corpus from a temporary home, and needs Playwright and Chromium (apt-get install chromium).
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.browser import CHROMIUM, launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from benchmarks.states import Site

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SIZES = {"wide": (1440, 900), "laptop": (1024, 768), "phone": (390, 844)}
PICTURES = {
    ("wide", "light"): (
        "open",
        "settings",
        "answer",
        "article",
        "timeline",
        "making",
        "follow-up",
        "disagreement",
        "no-evidence",
        "syncing",
    ),
    ("wide", "dark"): ("open", "answer", "article", "disagreement"),
    ("laptop", "light"): ("answer", "article"),
    ("laptop", "dark"): ("settings",),
    ("phone", "light"): ("open", "answer", "article"),
    ("phone", "dark"): ("answer",),
}
"""Size and colours -> the states that are kept."""
COLOURS = 128


def take(browser: Browser, site: Site, folder: Path) -> list[Path]:
    """Write the pictures into a folder."""
    from benchmarks.states import states

    written = []
    for (size, scheme), wanted in PICTURES.items():
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light")
        page.set_default_timeout(100_000)
        page.goto(site.url)
        left = set(wanted)
        for state in states(page, site):
            if state in left:
                written.append(folder / f"page-{state}-{size}-{scheme}.png")
                _save(page.screenshot(animations="disabled"), written[-1])
                left.remove(state)
            if not left:
                break
        page.close()
        if left:
            raise SystemExit(f"no such state of the page: {', '.join(sorted(left))}")
    return written


def _save(image: bytes, path: Path) -> None:
    """Write a picture with a small palette: flat colours and text look the same in a third of the bytes."""
    from PIL import Image

    Image.open(BytesIO(image)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main() -> int:
    """Write the images, and remove earlier ones that are no longer taken; 2 where Playwright or Chromium is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        print("screenshots need Playwright: python -m pip install playwright", file=sys.stderr)
        return 2
    if not CHROMIUM:
        print("screenshots need Chromium: apt-get install chromium", file=sys.stderr)
        return 2
    from benchmarks.states import sample_page

    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as base, sample_page(Path(base)) as site, sync_playwright() as playwright:
        browser = launched(playwright)
        written = take(browser, site, IMAGES)
        browser.close()
    for stale in {*IMAGES.glob("page-*.png")} - {*written}:
        stale.unlink()
    print(f"wrote {len(written)} images to {IMAGES}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
