// Run once. Says aloud, once, what an answer is when it is whole. The chat's own log would say every word as it comes, and earlier
// messages again, so it is kept quiet. What Gradio calls a list of examples is a group of buttons, and its label of the question
// has the button's words in it.
const said = element.querySelector("[role=status]");
const pane = () => document.querySelector("#dl-chat");
let busy = null;

const words = (row, selector) => [...row.querySelectorAll(selector)].map((one) => one.textContent.trim()).filter(Boolean);

function told(row) {
  const sources = new Set(words(row, ".dl-cite")).size;
  const lead = words(row, ".dl-short, .dl-lead .dl-claim");
  const blocks = words(row, ".dl-heading, .dl-why, .dl-problem > p:not(.dl-heading)");
  const counted = sources ? [`${sources} ${sources === 1 ? "source" : "sources"}`] : [];
  return [...lead, ...blocks, ...counted].map((line) => (/[.!?…]$/.test(line) ? line : `${line}.`)).join(" ");
}

function look() {
  pane().querySelector("[role=log]")?.setAttribute("aria-live", "off");
  pane().querySelector(".examples[role=list]")?.setAttribute("role", "group");
  document.querySelector("#dl-question textarea")?.setAttribute("aria-label", "Question");
  const rows = pane().querySelectorAll(".bot-row");
  const row = rows[rows.length - 1];
  if (!row) return;
  if (row.querySelector("[aria-busy=true]")) {
    if (busy !== rows.length) said.textContent = "";
    busy = rows.length;
  } else if (busy === rows.length && row.textContent.trim()) {
    busy = null;
    said.textContent = told(row);
  }
}

const begin = () => {
  if (!pane()) return requestAnimationFrame(begin);
  look();
  new MutationObserver(look).observe(pane(), { childList: true, subtree: true, characterData: true });
};
begin();
