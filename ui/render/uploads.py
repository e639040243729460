"""Where files are dropped or chosen, as HTML; uploads.js does the rest in the browser."""

from __future__ import annotations

from index.readers import MAX_BYTES
from ui.markup import Html, tag
from ui.uploads import MOST_BYTES, MOST_FILES, kinds


def zone_html() -> Html:
    """The zone with its two buttons, and the bounds that the browser tells at once; `ui.uploads` checks them again."""
    listed = " ".join(kinds())
    files = tag("button", "Choose files", type="button", class_="dl-act", data_choose="files")
    folder = tag("button", "a folder", type="button", class_="dl-act", data_choose="folder", aria_label="Choose a folder")
    words = tag("p", "Drop files or a folder here. ", files, " or ", folder)
    bounds = tag("p", f"txt, md, html, pdf, docx, epub, json, csv; {MAX_BYTES // 10**6} MB each at most", class_="dl-caption")
    inputs = (
        tag("input", type="file", multiple=True, hidden=True, accept=listed.replace(" ", ","), data_input="files", aria_label="Files"),
        tag("input", type="file", webkitdirectory=True, hidden=True, data_input="folder", aria_label="Folder"),
    )
    state = tag("p", tag("span", role="status"), " ", tag("button", "Stop", type="button", class_="dl-act", hidden=True, data_stop=True),
                class_="dl-zone-state dl-caption")  # fmt: skip
    limits = {"data_kinds": listed, "data_size": MAX_BYTES, "data_bytes": MOST_BYTES, "data_files": MOST_FILES}
    return tag("div", words, bounds, *inputs, state, class_="dl-zone", role="group", aria_label="Add files", **limits)
