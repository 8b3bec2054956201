"use strict";

// The browser names its file button in its own language; here it speaks as the rest of the page.
// The field itself stays, for keys and screen readers; without JavaScript it is shown as it is.
(() => {
  const NONE = "Файл не выбран";
  const units = ["Б", "КБ", "МБ", "ГБ"];
  const format = new Intl.NumberFormat("ru", { maximumFractionDigits: 1 });

  function size(bytes) {
    const step = Math.min(Math.floor(Math.log2(bytes || 1) / 10), units.length - 1);
    return `${format.format(bytes / 1024 ** step)}\u00a0${units[step]}`;
  }

  function dress(input) {
    const box = document.createElement("div");
    box.className = "file-choice";
    const button = document.createElement("label");
    button.className = "button button-quiet";
    button.htmlFor = input.id;
    button.textContent = input.multiple ? "Выбрать файлы" : "Выбрать файл";
    const chosen = document.createElement("output");
    chosen.textContent = NONE;
    input.before(box);
    input.classList.add("visually-hidden");
    box.append(input, button, chosen);
    input.addEventListener("change", () => {
      const names = [...input.files].map((file) => `${file.name}, ${size(file.size)}`);
      chosen.textContent = names.join("; ") || NONE;
    });
  }

  function dressAll(place) {
    place.querySelectorAll('input[type="file"]:not(.visually-hidden)').forEach((input) => {
      if (input.id) {
        dress(input);
      }
    });
  }

  dressAll(document);
  document.addEventListener("htmx:load", (event) => dressAll(event.target));
})();
