// Run once, when the evidence pane appears. A click on anything that names a passage ([n] markers in the chat, cards,
// the close button) goes to the server as a click on the pane; when the pane then shows a passage, bring it into view.
let waiting = false;

document.addEventListener("click", (event) => {
  const source = event.target instanceof Element && event.target.closest("button[data-open]");
  if (!source) return;
  waiting = true;
  trigger("click", { open: source.dataset.open });
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
