"use strict";

// «Выбрано 37 из 120»: counts the chosen rows of a form with `data-select`; the box of the heading
// chooses all rows of the page, the box of the bar all rows of all pages.
(() => {
  const format = new Intl.NumberFormat("ru");

  function watch(form) {
    const all = form.querySelector("[data-select-all]");
    const pages = form.querySelector("[data-select-pages]");
    const count = form.querySelector("[data-select-count]");
    const boxes = () => [...form.querySelectorAll(".row-check")];

    const show = () => {
      const chosen = boxes().filter((box) => box.checked).length;
      const total = Number(count.dataset.total);
      const isAllPages = Boolean(pages && pages.checked);
      count.hidden = false;
      count.textContent = isAllPages
        ? `Выбраны все ${format.format(total)} на всех страницах`
        : `Выбрано ${format.format(chosen)} из ${format.format(total)}`;
      if (all) {
        all.checked = chosen > 0 && chosen === boxes().length;
        all.indeterminate = chosen > 0 && !all.checked;
      }
    };
    form.addEventListener("change", (event) => {
      if (event.target === all || event.target === pages) {
        boxes().forEach((box) => {
          box.checked = event.target.checked;
        });
      } else if (event.target.matches(".row-check") && pages && !event.target.checked) {
        pages.checked = false;
      }
      show();
    });
    show();
  }

  document.querySelectorAll("form[data-select]").forEach((form) => {
    if (form.querySelector("[data-select-count]")) {
      watch(form);
    }
  });
})();
