// Run once, when the list of conversations appears: a memo that the server wrote is saved as a file.
watch("value", () => {
  const memo = element.querySelector("[data-download]");
  if (!memo) return;
  const address = URL.createObjectURL(new Blob([memo.textContent], { type: "text/plain;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: address, download: memo.dataset.download }).click();
  memo.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
});
