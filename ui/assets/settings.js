// Run once, when the settings appear. The panel opens from the masthead, closes with Escape, and gives the focus back to what
// opened it. What is chosen goes to the server as the "submit" of the form; a key leaves the page with it and is wiped when it is used.
const panel = element.closest("#dl-settings");
const form = element.querySelector("form");
const opener = () => document.querySelector("[data-settings=toggle]");
panel.setAttribute("role", "dialog");
panel.setAttribute("aria-labelledby", "dl-settings-title");

function open(wanted) {
  panel.classList.toggle("is-open", wanted);
  opener()?.setAttribute("aria-expanded", String(wanted));
  (wanted ? form.elements.provider : opener())?.focus();
  if (!wanted) form.elements.key.value = "";
}

function shown() {
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(form.elements.provider.value);
}

function send(what) {
  const fields = new FormData(form);
  trigger("submit", { ...Object.fromEntries(fields), strict: fields.has("strict"), what });
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button[data-settings]");
  if (!button) return;
  if (button.dataset.settings === "test") send("test");
  else open(button.dataset.settings === "toggle" && !panel.classList.contains("is-open"));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.classList.contains("is-open")) open(false);
});
form.addEventListener("change", shown);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send("use");
  form.elements.key.value = "";
});
new MutationObserver(() => opener()?.setAttribute("aria-expanded", String(panel.classList.contains("is-open")))) // drawn anew with each model
  .observe(document.querySelector("#dl-masthead"), { childList: true, subtree: true });
shown();
