"use strict";

// A form of filters sends itself when a choice is made by the mouse; by keys, when the field is left
// or Enter is pressed: arrows walk through a select without leading away. Empty fields stay out of
// the address. The field in use has the focus again on the new page.
(() => {
  const FOCUS = "filter-focus";

  function watch(form) {
    let byKeys = false;
    let isChanged = false;
    form.classList.add("is-auto");

    const send = () => {
      if (document.activeElement && form.contains(document.activeElement)) {
        sessionStorage.setItem(FOCUS, document.activeElement.name || "");
      }
      form.requestSubmit();
    };
    form.addEventListener("keydown", (event) => {
      byKeys = event.key !== "Enter";
      if (event.key === "Enter" && event.target.tagName === "SELECT" && isChanged) {
        event.preventDefault();
        send();
      }
    });
    form.addEventListener("pointerdown", () => {
      byKeys = false;
    });
    form.addEventListener("change", (event) => {
      isChanged = true;
      const isText = ["text", "search"].includes(event.target.type);
      if (!byKeys && !isText) {
        send();
      }
    });
    form.addEventListener("focusout", (event) => {
      if (isChanged && byKeys && event.target.tagName === "SELECT") {
        send();
      }
    });
    form.addEventListener("formdata", (event) => {
      [...event.formData.entries()].forEach(([name, value]) => {
        if (value === "") {
          event.formData.delete(name);
        }
      });
    });
  }

  // On a phone the fields leave the screen to the list, until they are asked for or filters are on.
  const narrow = window.matchMedia("(max-width: 640px)");
  const fold = () => {
    document.querySelectorAll("details[data-filters]").forEach((filters) => {
      filters.open = !narrow.matches || "isOn" in filters.dataset;
    });
  };
  fold();
  narrow.addEventListener("change", fold);

  document.querySelectorAll("form[data-autosubmit]").forEach(watch);
  const name = sessionStorage.getItem(FOCUS);
  sessionStorage.removeItem(FOCUS);
  const field = name && document.querySelector(`form[data-autosubmit] [name="${CSS.escape(name)}"]`);
  if (field) {
    field.focus({ preventScroll: true });
  }
})();
