// Run once, when the chat appears. What the messages hold is markup of ours; a click in it goes to the server as the
// "submit" of the pane's silent component: a button or a form that asks a question again.
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
