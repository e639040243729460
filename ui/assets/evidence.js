// Run once, when the evidence pane appears. A click on anything that names a passage ([n] markers in the chat, cards,
// the close button) goes to the server as a click on the pane; when the pane then shows a passage, bring it into view.
// So does, as the pane's "submit", what asks a question again for other dates: a button, or a form with the dates.
let waiting = false;

document.addEventListener("click", (event) => {
  const source = event.target instanceof Element && event.target.closest("button[data-open]");
  if (!source) return;
  waiting = true;
  trigger("click", { open: source.dataset.open });
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button[data-again]");
  if (button) trigger("submit", { again: button.dataset.again });
});

document.addEventListener("submit", (event) => {
  const form = event.target instanceof Element && event.target.closest("form[data-again]");
  if (!form) return;
  event.preventDefault();
  trigger("submit", { again: form.dataset.again, since: form.elements.since.value, until: form.elements.until.value });
});

watch("value", () => {
  if (!waiting) return;
  waiting = false;
  requestAnimationFrame(() => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const place = element.querySelector("#dl-quote") ?? element.querySelector(".dl-article");
    place?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  });
});
