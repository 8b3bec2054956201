// Keys of the review page: J/K next and previous question, Enter accept, E mend.
// Without this file every key has its link or button.
(function () {
  "use strict";
  var here = new URLSearchParams(location.search).get("item");

  function links() {
    return Array.prototype.slice.call(document.querySelectorAll("[data-question-link]"));
  }

  function typing(target) {
    return target.closest("input, textarea, select, button, a, summary, [contenteditable]");
  }

  function go(step) {
    var all = links();
    if (!all.length) return;
    var place = all.findIndex(function (link) {
      return new URL(link.href).searchParams.get("item") === here;
    });
    var next = place < 0 ? 0 : (place + step + all.length) % all.length;
    location.assign(all[next].href);
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.code === "KeyJ") go(1);
    else if (event.code === "KeyK") go(-1);
    else if (event.code === "KeyE") {
      var field = document.querySelector("#mend-deadline") || document.querySelector("[data-mend]");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.code === "Enter") {
      var accept = document.querySelector("[data-accept]");
      if (accept) { event.preventDefault(); accept.requestSubmit(); }
    }
  });

  var chosen = document.querySelector("tr.is-chosen");
  var table = chosen && chosen.closest(".table-wrap");
  if (table) table.scrollTop = chosen.offsetTop - (table.clientHeight - chosen.offsetHeight) / 2;
})();
