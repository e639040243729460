// Run once, when the place for a sync's progress appears. Where the pane scrolls by itself, a sync that begins comes into sight whole, with
// the button that cancels it.
let isUnderWay = false;
watch("value", () => {
  requestAnimationFrame(() => {
    const began = !isUnderWay && element.querySelector("progress") !== null;
    isUnderWay = element.querySelector("progress") !== null;
    const pane = document.querySelector("#dl-left");
    if (began && getComputedStyle(pane).overflowY === "auto") requestAnimationFrame(() => (pane.scrollTop = pane.scrollHeight));
  });
});
