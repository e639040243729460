// Run once, when the corpus card appears. A click that syncs a folder again or forgets it goes to the server as the card's
// "submit"; in the histogram, the arrow keys move from bar to bar.
element.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button[data-sync], button[data-forget]");
  if (button) trigger("submit", { sync: button.dataset.sync, forget: button.dataset.forget });
});

element.addEventListener("keydown", (event) => {
  const bar = event.target instanceof Element && event.target.closest(".dl-bars li");
  if (!bar) return;
  const bars = [...bar.parentElement.querySelectorAll("li[tabindex]")];
  const at = bars.indexOf(bar);
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
  if (next === undefined || !bars[next]) return;
  event.preventDefault();
  bar.tabIndex = -1;
  bars[next].tabIndex = 0;
  bars[next].focus();
});
