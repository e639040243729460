// Run once, when the evidence pane appears. A click on anything that names a source ([n] markers in the chat, cards, rows of the
// timeline, the steps and the close button of an article) goes to the server as a click on the pane; when the pane then shows
// an article, its quote is brought into view. Which tab is chosen is known here alone, and put right after every update.
const narrow = matchMedia("(max-width: 900px)");
let chosen = "evidence";
let before = chosen; // the tab to go back to when the article is closed
let opener = null; // what has the focus again when the article is closed
let waiting = null; // what was clicked and not yet answered, and whether an article was open then

const find = (selector) => element.querySelector(selector);
const article = () => find(".dl-article");

function choose(name) {
  chosen = name;
  for (const tab of element.querySelectorAll("[role=tab]")) {
    const isChosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    find(`#${tab.getAttribute("aria-controls")}`).hidden = !isChosen;
  }
}

// On a narrow screen an open article covers the rest of the page, which then takes no focus
function cover() {
  const isCovered = narrow.matches && chosen === "evidence" && Boolean(article());
  document.documentElement.classList.toggle("dl-covered", isCovered);
  for (const other of document.querySelectorAll("[data-covered]")) {
    other.inert = false;
    delete other.dataset.covered;
  }
  for (let node = isCovered ? article() : document.body; node !== document.body; node = node.parentElement) {
    for (const other of node.parentElement.children) {
      if (other === node || other.inert) continue;
      other.inert = true;
      other.dataset.covered = "";
    }
  }
}
narrow.addEventListener("change", cover);

function bringIntoView(isStep) {
  const box = article();
  const quote = find("#dl-quote");
  const calm = !isStep || matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = quote ? quote.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - box.clientHeight * 0.3 : 0;
  box.scrollTo({ top, behavior: calm ? "instant" : "smooth" });
}

function opened(source) {
  const step = source.dataset.step;
  bringIntoView(Boolean(step));
  const next = (step && find(`[data-step="${step}"]`)) || find("#dl-quote") || article();
  next.focus({ preventScroll: true });
}

function closed() {
  if (before !== chosen) choose(before);
  const back = opener?.isConnected ? opener : find(`.dl-card[data-open="${opener?.dataset.open}"]`);
  (back ?? find("[role=tab][aria-selected=true]"))?.focus();
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const source = event.target.closest("[data-open]");
  const tab = event.target.closest("[role=tab][data-tab], button[data-tab]");
  if (tab) choose(tab.dataset.tab);
  cover();
  if (!source) return;
  if (source.matches("mark") && !getSelection().isCollapsed) return; // words of the article are being selected
  if (!article()) {
    opener = source;
    before = chosen;
  }
  if (!tab) choose("evidence");
  waiting = { source, wasOpen: Boolean(article()) };
  trigger("click", { open: source.dataset.open });
});

watch("value", () => {
  choose(chosen);
  cover();
  const clicked = waiting;
  waiting = null;
  if (!clicked) return;
  requestAnimationFrame(() => {
    if (article()) opened(clicked.source);
    else if (clicked.wasOpen) closed();
  });
});

element.addEventListener("keydown", (event) => {
  if (!event.target.matches("[role=tab]")) return;
  const tabs = [...element.querySelectorAll("[role=tab]")];
  const at = tabs.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = tabs[(to + tabs.length) % tabs.length];
  choose(next.dataset.tab);
  cover();
  next.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || chosen !== "evidence" || !article()) return;
  if (event.target instanceof Element && event.target.closest("dialog, [role=dialog], textarea, input, select")) return;
  find(".dl-close").click();
});

// The clipboard takes words from a page of this machine or of https; elsewhere the selection does it
async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: words });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

element.addEventListener("click", async (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-copy]");
  if (!button) return;
  await copy(button.dataset.copy);
  button.focus();
  const told = find(".dl-bar [role=status]");
  button.textContent = "Copied";
  if (told) told.textContent = "Copied";
  setTimeout(() => {
    if (button.isConnected) button.textContent = "Copy";
    if (told) told.textContent = "";
  }, 2000);
});
