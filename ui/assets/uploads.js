// Run once, when the zone for files appears. What is dropped on the pane or chosen goes to the server file by file; then the
// server is told what came, and under which names, as the "upload" of this component. Bounds are checked there again.
const zone = element.querySelector(".dl-zone");
const pane = element.closest("#dl-left") ?? element;
const [status, stop] = [zone.querySelector("[role=status]"), zone.querySelector("[data-stop]")];
const kinds = zone.dataset.kinds.split(" ");
const [size, bytes, most] = [zone.dataset.size, zone.dataset.bytes, zone.dataset.files].map(Number);
let stopped = false;

const bare = (name) => name.split("/").pop();
const isHidden = (name) => name.startsWith(".") || name.startsWith("~$");
const isArticle = (name) => kinds.some((kind) => name.length > kind.length && name.toLowerCase().endsWith(kind));
const isWanted = (name) => isArticle(name) && !isHidden(name);
const inFolder = ({ name }) => name.includes("/");

// Files and folders as {file, name}, the name with all folders from the dropped one on.
async function* within(entry, above) {
  if (entry.isFile) {
    yield { file: await new Promise((found, failed) => entry.file(found, failed)), name: above + entry.name };
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((found, failed) => reader.readEntries(found, failed));
    if (!some.length) return;
    for (const child of some) if (!isHidden(child.name)) yield* within(child, `${above}${entry.name}/`);
  }
}

async function give(sources) {
  if (!stop.hidden) return;
  stopped = false;
  const found = [];
  for await (const each of sources) {
    // Of a folder only what can be an article comes along; a file that somebody chose is refused by name.
    if (!inFolder(each) || isWanted(bare(each.name))) found.push(each);
  }
  if (!found.some(({ name }) => isWanted(bare(name))) && found.every(inFolder)) {
    status.textContent = "That folder holds no article of these kinds.";
    return;
  }
  const total = found.reduce((sum, { file }) => sum + file.size, 0);
  if (found.length > most || total > bytes) {
    const bounds = `${most.toLocaleString("en")} files or ${bytes / 1e6} MB`;
    status.textContent = `These are more than ${bounds}: type the path of their folder below instead.`;
    return;
  }
  await send(found);
}

async function send(found) {
  const files = [];
  let next = 0;
  const worker = async () => {
    while (next < found.length && !stopped) {
      const { file, name } = found[next++];
      let path = "";
      if (isWanted(bare(name)) && file.size <= size) {
        try {
          ({ path } = await upload(file));
        } catch {
          path = "";
        }
      }
      files.push({ path, name, size: file.size });
      status.textContent = `Adding ${files.length.toLocaleString("en")} of ${found.length.toLocaleString("en")} …`;
    }
  };
  stop.hidden = false;
  status.textContent = "Adding …";
  try {
    await Promise.all([worker(), worker(), worker()]);
  } finally {
    stop.hidden = true;
    status.textContent = "";
  }
  files.sort((one, other) => (one.name < other.name ? -1 : 1));
  if (files.length) trigger("upload", { files });
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const isOver = (event) => event.target instanceof Node && pane.contains(event.target);

// A file that misses the pane must not open in place of the page.
for (const kind of ["dragenter", "dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = isOver(event) ? "copy" : "none";
    zone.classList.toggle("dl-over", kind !== "drop" && isOver(event));
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) zone.classList.remove("dl-over");
});

pane.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  give((async function* () {
    for (const entry of entries) {
      if (entry instanceof File) yield { file: entry, name: entry.name };
      else if (entry) yield* within(entry, "");
    }
  })());
});

zone.addEventListener("change", (event) => {
  const chosen = [...event.target.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
  event.target.value = "";
  give(chosen);
});

zone.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === stop) stopped = true;
  else if (button) zone.querySelector(`[data-input=${button.dataset.choose}]`).click();
});
