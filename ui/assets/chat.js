// Run once, when the chat appears. What the messages hold is markup of ours: what its buttons and forms say (their data-
// attributes and fields) goes to the server as the "submit" of the pane's silent component. Copying happens here.
const pane = () => document.querySelector("#dl-chat");
const isBusy = () => pane()?.querySelector(".dl-pending[aria-busy]") != null;

const send = (source, fields = {}) => {
  if (source.dataset.do === "judge" && isBusy()) return;
  trigger("submit", { ...source.dataset, ...fields });
};

const copy = async (words) => {
  try {
    await navigator.clipboard.writeText(words);
  } catch { // no secure connection, or not allowed
    const box = Object.assign(document.createElement("textarea"), { value: words, readOnly: true });
    box.style.cssText = "position:fixed;opacity:0";
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
};

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element)) return;
  for (const open of document.querySelectorAll(".dl-chips details[open], .dl-dislike[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
  const button = event.target.closest("button[data-do], button[data-copy]");
  if (!button) return;
  if (button.dataset.do) return send(button);
  await copy(button.dataset.copy);
  const words = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = words), 1600);
});

document.addEventListener("submit", (event) => {
  const form = event.target instanceof Element && event.target.closest("form[data-do]");
  if (!form) return;
  event.preventDefault();
  send(form, Object.fromEntries(new FormData(form)));
  const around = form.closest("details");
  if (around) around.open = false;
});

document.addEventListener("keydown", (event) => {
  const around = event.target instanceof Element && event.target.closest(".dl-chips details[open], .dl-dislike[open], .dl-edit[open]");
  if (!around) return;
  if (event.key === "Escape") {
    around.open = false;
    around.querySelector("summary").focus();
  } else if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

document.addEventListener("toggle", (event) => {
  const box = event.target instanceof Element && event.target.open && event.target.closest(".dl-chips details, .dl-dislike, .dl-edit");
  if (!box) return;
  box.querySelector("textarea, input")?.focus({ preventScroll: true });
  box.querySelector(".dl-pop, form").scrollIntoView({ block: "nearest" });
}, true);

// The pane follows the newest words, unless the reader has scrolled up: then not before the next question. A finished answer
// does not push its own question out of sight.
let follows = true, asked = 0, moved = 0;

const view = () => {
  const inner = pane().querySelector(".panel-wrap");
  if (getComputedStyle(inner).overflowY !== "visible") {
    const box = inner.getBoundingClientRect();
    return { scroller: inner, top: box.top, bottom: box.bottom };
  }
  const form = document.querySelector("#dl-question").getBoundingClientRect();
  return { scroller: document.scrollingElement, top: 0, bottom: Math.min(innerHeight, form.top) };
};

const follow = () => {
  const rows = pane()?.querySelectorAll(".message-row");
  if (!rows?.length) return;
  const questions = pane().querySelectorAll(".user-row").length, last = rows[rows.length - 1];
  if (questions !== asked) follows = true;
  asked = questions;
  if (!follows) return;
  const { scroller, top, bottom } = view();
  const under = last.getBoundingClientRect().bottom - bottom + 12;
  const question = pane().querySelectorAll(".user-row")[questions - 1].getBoundingClientRect().top - top;
  const down = isBusy() ? under : Math.min(under, Math.max(0, question));
  if (down < 1) return;
  moved = performance.now();
  scroller.scrollTop += down;
};

const watchScroll = (event) => {
  if (performance.now() - moved < 60 || !pane()?.querySelector(".message-row")) return;
  const { scroller, bottom } = view();
  if (event.target !== scroller && event.target !== document) return;
  const rows = pane().querySelectorAll(".message-row");
  follows = rows[rows.length - 1].getBoundingClientRect().bottom - bottom < 60;
};

document.addEventListener("scroll", watchScroll, { capture: true, passive: true });
const begin = () => {
  if (!pane()) return requestAnimationFrame(begin);
  new MutationObserver(() => requestAnimationFrame(follow)).observe(pane(), { childList: true, subtree: true, characterData: true });
};
begin();
