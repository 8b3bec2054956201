"use strict";

// What a person must know about an answer that htmx could not show: no connection, a refusal,
// a sign-in page instead of the part.
(() => {
  const words = {
    0: "Нет связи с порталом. Введённое сохранено в этом браузере, попробуйте ещё раз.",
    403: "Это действие вам недоступно.",
    404: "Этого больше нет или оно вам недоступно. Обновите страницу.",
    413: "Файл слишком большой.",
    429: "Слишком много обращений. Подождите минуту.",
  };
  const other = "Портал не смог ответить. Введённое сохранено в этом браузере, попробуйте позже.";

  function say(text) {
    const toast = document.getElementById("toast");
    if (toast) {
      toast.textContent = text;
    }
  }

  document.addEventListener("htmx:sendError", () => say(words[0]));
  document.addEventListener("htmx:timeout", () => say(words[0]));
  document.addEventListener("htmx:responseError", (event) => {
    say(words[event.detail.xhr.status] || other);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const isPlainPage = /<html[^>]*\sdata-plain/.test(event.detail.xhr.responseText);
    if (isPlainPage && event.detail.xhr.status < 400) {
      // The session has ended: the reload leads to sign-in and back here.
      event.detail.shouldSwap = false;
      window.location.reload();
    } else if (event.detail.shouldSwap) {
      say("");
    }
  });
})();
