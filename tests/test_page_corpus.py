"""The corpus pane in a real browser: what there is, files and folders that are dropped, a sync that is cancelled, other writers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.browser import ask, served
from index.encoder import HashEncoder, Progress
from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),
]

ROOT = Path(__file__).parent.parent
FERRY = "Ferry returns\n\nPublished: 5 March 2024\n\nThe ferry to Skarholm sails again from Tuesday, said its captain, Ruth Amsel."
ABBEY = "Abbey sold\n\nThe abbey of Corsham was sold to a brewer, Lord Amis Thorne, for two million crowns."
MILL = "Mill burns\n\nThe paper mill of Drayton burned down on Friday, said the fire chief, Olga Brandt."


class SlowEncoder(HashEncoder):
    """Takes its time with each text while `pause` says so."""

    pause = 0.0

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        for number, _ in enumerate(texts):
            time.sleep(self.pause)
            if progress:
                progress(number)
        return super().encode(texts)


@dataclass(frozen=True)
class Site:
    url: str
    own: Home
    folder: Path
    """For the articles of a test."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page that opens with a small sample, beside the visitor's own empty home."""
    base = tmp_path_factory.mktemp("site")
    articles = {
        "harbour.txt": "Harbour reopens\n\nPublished: 4 March 2024\n\nThe harbour reopened, harbour master Ines Calloway said.",
        "boats.txt": "Boats leave\n\nPublished: 4 March 2024\n\nForty boats left the harbour in the first hour of the morning.",
        "wall.txt": "Wall repaired\n\nPublished: 8 March 2024\n\nRepairs to the north wall of the harbour cost 1.2 million crowns.",
        "tram.txt": "Tram line delayed\n\nThe second tram line will open a year later than planned, said the mayor, Petra Voss.",
    }
    (base / "articles").mkdir()
    for name, words in articles.items():
        (base / "articles" / name).write_text(words)
    sample, own = (Home.open(base / name, encoder=SlowEncoder(), create=True) for name in ("sample", "own"))
    sample.sync(base / "articles")
    chatbots = [Chatbot(home, settings=Settings()) for home in (sample, own)]
    with served(chatbots[0], is_sample=True, open_own=lambda: chatbots[1]) as url:
        yield Site(url, own, base)
    for home in (sample, own):
        home.close()
        home.vectors.close()


def drop(page: Page, *paths: Path) -> None:
    """Drag files or folders from the desktop onto the pane."""
    box = page.locator("#dl-left").bounding_box()
    assert box
    client = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 200}
        client.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})


def report(page: Page) -> str:
    """What the last sync did, in a line."""
    line = page.locator("#dl-sync-state .dl-sync[role=status] p").first
    line.wait_for()
    return line.inner_text()


def unfolded(page: Page, heading: str) -> list[str]:
    """The rows of a list of the report."""
    group = page.locator("#dl-sync-state details", has_text=heading)
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    return group.locator("li").all_inner_texts()


def received() -> list[str]:
    """The files that the server still holds of what it received."""
    return [str(path) for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if path.is_file()]


def test_the_card_tells_what_there_is_and_the_bars_say_their_values(site: Site, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    card = page.get_by_role("region", name="Corpus")
    assert card.get_by_text("4 articles in 4 passages").is_visible()
    figure = card.get_by_role("figure", name="Articles by day of publication, 4 Mar 2024 to 8 Mar 2024")
    assert figure.locator("figcaption").inner_text() == "By day · most 2 on 4 Mar 2024"
    assert figure.locator("li").all_text_contents() == ["4 Mar 2024: 2 articles", "", "", "", "8 Mar 2024: 1 article"]
    assert figure.get_by_role("listitem").count() == 2
    heights = figure.locator("li").evaluate_all("bars => bars.map(bar => parseFloat(getComputedStyle(bar, '::before').height))")
    assert heights == [pytest.approx(2 * heights[4]), 0, 0, 0, pytest.approx(23, abs=1)]
    tips = figure.locator(".dl-tip")
    assert [tip.bounding_box()["width"] for tip in tips.all()] == [1, 1]  # type: ignore[index]
    figure.locator("li").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "8 Mar 2024: 1 article"
    assert tips.nth(1).bounding_box()["width"] > 100  # type: ignore[index]
    assert tips.nth(0).bounding_box()["width"] == 1  # type: ignore[index]
    figure.locator("li").first.hover(position={"x": 2, "y": 2})
    assert tips.nth(0).bounding_box()["width"] > 100  # type: ignore[index]


def test_a_dropped_file_is_added_and_answers(site: Site, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    assert page.get_by_text("Sample corpus — sync your own folder").is_visible()
    file = site.folder / "ferry.txt"
    file.write_text(FERRY)
    drop(page, file)
    assert report(page).startswith("Synced: 1 added in ")
    page.get_by_text("Your articles").wait_for()
    assert unfolded(page, "Added: 1 file") == ["ferry.txt"]
    assert page.locator(".dl-corpus dd").first.inner_text() == "5 March 2024"
    ask(page, "Who is the captain of the ferry to Skarholm?")
    page.locator(".dl-card").first.wait_for()
    assert page.locator(".dl-short").inner_text() == "Ruth Amsel"
    assert (received(), (site.own.path / "uploads" / "ferry.txt").read_text(), file.read_text()) == ([], FERRY, FERRY)
    assert page.request.get(f"{site.url}gradio_api/file={site.own.path}/uploads/ferry.txt").status in (403, 404)


def test_a_dropped_folder_keeps_its_folders_and_what_cannot_be_added_is_told_by_name(site: Site, visit: Callable[[str], Page]) -> None:
    strike = site.folder / "strike"
    (strike / "2024").mkdir(parents=True)
    (strike / ".git").mkdir()
    for place, words in {
        "2024/abbey.txt": ABBEY, "mill.txt": MILL, "broken.pdf": "%PDF-1.4 nothing", "photo.jpg": "jpg", ".git/a.txt": MILL,
        "dateline.csv": "path,published,publisher,title\nmill.txt,2023-01-02,The Drayton Echo,\n",
    }.items():  # fmt: skip
        (strike / place).write_text(words)
    (site.folder / "notes.exe").write_text("no article")
    page = visit(site.url)
    drop(page, strike, site.folder / "notes.exe")
    assert report(page).startswith("Synced: 2 added, 1 unchanged, 2 skipped in ")
    assert unfolded(page, "Added: 2 files") == ["strike/2024/abbey.txt", "strike/mill.txt"]
    skipped = unfolded(page, "Skipped: 2 files")
    assert [line.split(": ")[0] for line in skipped] == ["notes.exe", "strike/broken.pdf"]
    assert "of no kind that Dateline reads" in skipped[0]
    assert site.own.article("mill").publisher == "The Drayton Echo"
    held = sorted(path.relative_to(site.own.path / "uploads").as_posix() for path in (site.own.path / "uploads").rglob("*.*"))
    assert held == ["ferry.txt", "strike/2024/abbey.txt", "strike/dateline.csv", "strike/mill.txt"]
    (strike / "mill.txt").write_text(MILL.replace("Friday", "Saturday"))
    drop(page, strike)
    page.get_by_text("Changed: 1 file").wait_for()
    assert "burned down on Saturday" in site.own.article("mill").text
    assert received() == []


def test_files_and_folders_are_chosen_by_button_too(site: Site, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    (site.folder / "school.txt").write_text(
        "School opens\n\nThe school of Brigg opened on Monday with ninety pupils, said its head, Ulf Dane."
    )
    with page.expect_file_chooser() as files:
        page.get_by_role("button", name="Choose files").click()
    files.value.set_files([site.folder / "school.txt", site.folder / "notes.exe"])
    assert report(page).startswith("Synced: 1 added, 3 unchanged, 1 skipped in ")
    with page.expect_file_chooser() as folder:
        page.get_by_role("button", name="Choose a folder").click()
    empty = site.folder / "empty"
    empty.mkdir()
    (empty / "photo.jpg").write_text("jpg")
    folder.value.set_files(empty)
    page.get_by_text("That folder holds no article of these kinds.").wait_for()


def test_a_sync_shows_its_progress_to_everybody_is_cancelled_and_goes_on(
    site: Site, visit: Callable[[str], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = site.folder / "many"
    many.mkdir()
    for number in range(240):
        (many / f"{number:03}.txt").write_text(
            f"Notice {number}\n\nStreet {number} of Port Ellery is closed to cars, said clerk number {number}."
        )
    page = visit(site.url)
    monkeypatch.setattr(SlowEncoder, "pause", 0.05)
    page.get_by_label("Folder of articles").fill(str(many))
    page.get_by_role("button", name="Sync", exact=True).click()
    bar = page.get_by_role("progressbar", name=f"Sync of {many}")
    bar.wait_for()
    page.locator("progress[value]").wait_for()
    assert bar.get_attribute("max") == "240"
    page.get_by_text(" of 240 files · ").wait_for()
    other = visit(site.url)
    other.get_by_text(f"A sync is under way: {many}").wait_for()
    assert other.get_by_role("button", name="Sync", exact=True).is_disabled()
    other.get_by_label("Folder of articles").fill(str(site.folder / "strike"))
    other.keyboard.press("Enter")
    other.get_by_role("alert").get_by_text(f"A sync is under way: {many}.").wait_for()
    ask(other, "Who is the captain of the ferry to Skarholm?")
    other.locator(".dl-card").first.wait_for()
    assert other.locator(".dl-short").inner_text() == "Ruth Amsel"
    page.get_by_role("button", name="Cancel").click()
    words = report(page)
    assert words.startswith("Cancelled: ")
    done = site.own.stats().articles - 4
    assert 0 < done < 240
    assert f"{done} added" in words
    page.get_by_text("the next sync of this folder goes on from there").wait_for()
    page.get_by_role("button", name="Cancel").wait_for(state="hidden")
    monkeypatch.setattr(SlowEncoder, "pause", 0.0)
    page.get_by_role("button", name=f"Sync {many} again").click()
    page.get_by_text(f"{240 - done} added, {done} unchanged").wait_for()
    page.get_by_role("region", name="Corpus").get_by_text("244 articles").wait_for()
    other.get_by_role("region", name="Corpus").get_by_text("244 articles").wait_for()


def test_what_another_process_syncs_is_shown_without_a_reload(site: Site, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    card = page.get_by_role("region", name="Corpus")
    card.get_by_text("244 articles").wait_for()
    late = site.folder / "late"
    late.mkdir()
    (late / "late.txt").write_text(
        "Zeppelin seen\n\nPublished: 3 May 2022\n\nA zeppelin was seen over Corsham, the watchman Ulf Brandt said."
    )
    script = (
        "import sys; from index.home import Home; from index.encoder import HashEncoder\n"
        "home = Home.open(sys.argv[1], encoder=HashEncoder()); print(home.sync(sys.argv[2]).added); home.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(site.own.path), str(late)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "1", done.stderr
    card.get_by_text("245 articles").wait_for(timeout=15_000)
    assert card.get_by_role("figure").get_attribute("aria-label") == "Articles by month of publication, 3 May 2022 to 5 Mar 2024"
    assert page.locator("#dl-sync-state").inner_text() == ""


def test_a_folder_is_forgotten_after_a_second_click(site: Site, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    many, row = site.folder / "many", page.locator(".dl-roots li", has_text="/many")
    assert not row.get_by_role("button", name=f"Forget {many}").is_visible()
    row.get_by_text("Forget …").click()
    assert row.get_by_text("240 articles will leave the corpus; the files stay where they are.").is_visible()
    row.get_by_role("button", name=f"Forget {many}").click()
    page.get_by_text(f"240 articles of {many}.").wait_for()
    page.get_by_role("region", name="Corpus").get_by_text("5 articles").wait_for()
    row.wait_for(state="detached")
    assert len([*many.iterdir()]) == 240


def test_a_page_for_everybody_takes_no_files(
    site: Site, visit: Callable[[str], Page], open_home: Callable[..., Home], corpus: Path
) -> None:
    home = open_home()
    home.sync(corpus)
    with served(Chatbot(home, settings=Settings()), may_sync=False) as url:
        page = visit(url)
        card = page.get_by_role("region", name="Corpus")
        assert card.get_by_text("3 articles").is_visible()
        assert (page.locator("#dl-zone, #dl-folder, #dl-sync").count(), card.get_by_role("button").count()) == (0, 0)
        (corpus / "ferry.txt").write_text(FERRY)
        home.sync(corpus)
        card.get_by_text("4 articles").wait_for()
