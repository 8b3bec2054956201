"use strict";

// A text with the class `clamp` longer than three lines is cut and gets «Показать полностью».
// Without JavaScript it is simply whole.
(() => {
  function disclose(text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link clamp-more small";
    button.textContent = "Показать полностью";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const isClamped = text.classList.toggle("is-clamped");
      button.textContent = isClamped ? "Показать полностью" : "Свернуть";
      button.setAttribute("aria-expanded", String(!isClamped));
    });
    text.after(button);
  }

  function clamp(place) {
    const texts = [...place.querySelectorAll(".clamp:not(.is-seen)")];
    texts.forEach((text) => text.classList.add("is-clamped", "is-seen"));
    texts
      .filter((text) => text.scrollHeight <= text.clientHeight + 2)
      .forEach((text) => text.classList.remove("is-clamped"));
    texts.filter((text) => text.classList.contains("is-clamped")).forEach(disclose);
  }

  clamp(document);
  document.addEventListener("htmx:load", (event) => clamp(event.target));
})();
