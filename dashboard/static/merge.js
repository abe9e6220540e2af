// The script of a merge: All mine and All theirs choose at once; without it, the server answers with the page so chosen.

const merging = document.querySelector(".merge");

merging.addEventListener("click", (event) => {
  const button = event.target.closest('button[value="mine"], button[value="theirs"]');
  if (!button) return;
  event.preventDefault();
  for (const radio of merging.querySelectorAll(`[data-side="${button.value}"]`)) radio.checked = true;
  merging.querySelector("[data-chosen]").textContent = `${button.textContent} chosen. Nothing is saved yet.`;
});

// Another choice afterwards.
merging.addEventListener("change", () => (merging.querySelector("[data-chosen]").textContent = ""));
