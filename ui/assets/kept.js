// Run once, when the panel of conversations appears. It opens from the masthead, closes with Escape, and gives the focus back to
// what opened it. What is done in it goes to the server as the "submit" of its head.
const panel = element.closest("#dl-kept");
const search = element.querySelector("input[type=search]");
const opener = () => document.querySelector("[data-kept=toggle]");
panel.setAttribute("role", "dialog");
panel.setAttribute("aria-labelledby", "dl-kept-title");

const act = (fields) => trigger("submit", { search: search.value, ...fields });

function open(wanted) {
  panel.classList.toggle("is-open", wanted);
  opener()?.setAttribute("aria-expanded", String(wanted));
  (wanted ? search : opener())?.focus();
  if (wanted) act({ do: "list" });
}

let waiting;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => act({ do: "list" }), 250);
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button[data-kept]");
  if (!button) return;
  const { kept, id, form } = button.dataset;
  if (kept === "toggle" || kept === "close") return open(kept === "toggle" && !panel.classList.contains("is-open"));
  act({ do: kept, id, form });
  if (kept === "open") open(false);
});

panel.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.kept) act({ do: form.dataset.kept, id: form.dataset.id, title: form.elements.title.value });
  else act({ do: "list" });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.classList.contains("is-open")) open(false);
});
