"use strict";

// Nothing typed is ever lost. A form with `data-draft` keeps its changed fields in this browser, apart
// for every person and address, until a page or part with `data-draft-done` says they are saved.
// Passwords, files and hidden fields are never kept.
(() => {
  const user = document.body.dataset.user;
  if (!user) {
    return;
  }
  const PREFIX = "draft:";
  const SENT = "draft-sent";
  const KEPT_DAYS = 30;
  const PAUSE_MS = 300;
  const LEFT_OUT = ["hidden", "password", "file", "submit", "button", "reset", "search"];

  function addressOf(form) {
    const address = form.getAttribute("hx-post") || form.getAttribute("action") || "";
    return new URL(address, window.location.href).pathname;
  }

  // Forms without a name that post to one address are told apart by their order.
  function nameOfForm(form) {
    const twins = [...document.querySelectorAll("form[data-draft]")].filter(
      (other) => addressOf(other) === addressOf(form),
    );
    return form.dataset.draft || form.id || twins.indexOf(form) || "";
  }

  function keyOf(form) {
    return `${PREFIX}${user}:${addressOf(form)}:${nameOfForm(form)}`;
  }

  function fieldsOf(form) {
    return [...form.elements].filter(
      (field) => field.name && !LEFT_OUT.includes(field.type) && field.tagName !== "FIELDSET",
    );
  }

  // After a refusal the page already holds what was typed: all of it counts as not saved.
  function isRefused(form) {
    return Boolean(form.querySelector(".error-summary, [aria-invalid='true']"));
  }

  function isChanged(field) {
    if (isRefused(field.form)) {
      return true;
    }
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked !== field.defaultChecked;
    }
    if (field.tagName === "SELECT") {
      return [...field.options].some((option) => option.selected !== option.defaultSelected);
    }
    return field.value !== field.defaultValue;
  }

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked;
    }
    if (field.tagName === "SELECT") {
      return [...field.selectedOptions].map((option) => option.value);
    }
    return field.value;
  }

  function put(field, value) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = value;
    } else if (field.tagName === "SELECT") {
      [...field.options].forEach((option) => {
        option.selected = value.includes(option.value);
      });
    } else {
      field.value = value;
    }
  }

  function settle(field) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.defaultChecked = field.checked;
    } else if (field.tagName === "SELECT") {
      [...field.options].forEach((option) => {
        option.defaultSelected = option.selected;
      });
    } else {
      field.defaultValue = field.value;
    }
  }

  function nameOf(field) {
    const isOneOfMany = field.type === "checkbox" || field.type === "radio";
    return isOneOfMany ? `${field.name}=${field.value}` : field.name;
  }

  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function keep(form) {
    const fields = {};
    fieldsOf(form)
      .filter(isChanged)
      .forEach((field) => {
        fields[nameOf(field)] = valueOf(field);
      });
    try {
      if (Object.keys(fields).length) {
        localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields }));
      } else {
        localStorage.removeItem(keyOf(form));
      }
    } catch {
      // The browser keeps nothing (private window, full store): the page works on without drafts.
    }
  }

  function timeWords(at) {
    const moment = new Date(at);
    const time = moment.toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
    if (moment.toDateString() === new Date().toDateString()) {
      return time;
    }
    const day = moment.toLocaleDateString("ru", { day: "2-digit", month: "2-digit" });
    return `${day}, ${time}`;
  }

  function showNote(form, at) {
    const note = document.createElement("div");
    note.className = "note row";
    note.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = `Восстановлен черновик от ${timeWords(at)}`;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "link";
    drop.textContent = "Удалить черновик";
    drop.addEventListener("click", () => {
      localStorage.removeItem(keyOf(form));
      form.reset();
      note.remove();
      const first = fieldsOf(form)[0];
      if (first) {
        first.focus();
      }
    });
    note.append(words, drop);
    form.prepend(note);
  }

  function restore(form) {
    const draft = stored(keyOf(form));
    if (!draft) {
      return;
    }
    let isRestored = false;
    fieldsOf(form).forEach((field) => {
      const name = nameOf(field);
      if (name in draft.fields && JSON.stringify(valueOf(field)) !== JSON.stringify(draft.fields[name])) {
        put(field, draft.fields[name]);
        isRestored = true;
      }
    });
    if (isRestored) {
      showNote(form, draft.at);
    } else if (!isRefused(form)) {
      localStorage.removeItem(keyOf(form));
    }
  }

  function watch(form) {
    if (form.draftWatched) {
      return;
    }
    form.draftWatched = true;
    restore(form);
    let timer = 0;
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => keep(form), PAUSE_MS);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", () => {
      window.clearTimeout(timer);
      keep(form);
      sessionStorage.setItem(SENT, keyOf(form));
    });
    window.addEventListener("pagehide", () => {
      if (form.isConnected) {
        keep(form);
      }
    });
  }

  function forget(key) {
    localStorage.removeItem(key);
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      if (form.draftWatched && keyOf(form) === key) {
        fieldsOf(form).forEach(settle);
      }
    });
  }

  function clearSaved(place) {
    const signs = [...place.querySelectorAll("[data-draft-done]")];
    if (place.matches && place.matches("[data-draft-done]")) {
      signs.push(place);
    }
    signs.forEach((sign) => {
      const path = sign.dataset.draftDone;
      const sent = sessionStorage.getItem(SENT);
      if (path) {
        Object.keys(localStorage)
          .filter((key) => key.startsWith(`${PREFIX}${user}:${path}:`))
          .forEach(forget);
      } else if (sent) {
        forget(sent);
      }
      sessionStorage.removeItem(SENT);
    });
  }

  function dropOld() {
    const limit = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => {
        const draft = stored(key);
        if (!draft || draft.at < limit) {
          localStorage.removeItem(key);
        }
      });
  }

  dropOld();
  clearSaved(document);
  document.querySelectorAll("form[data-draft]").forEach(watch);
  document.addEventListener("htmx:load", (event) => {
    clearSaved(event.target);
    if (event.target.matches("form[data-draft]")) {
      watch(event.target);
    }
    event.target.querySelectorAll("form[data-draft]").forEach(watch);
  });
})();
