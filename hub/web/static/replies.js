// Canned replies by the keyboard: "/" and a part of the name in a box of words opens the list, Enter puts one in.
// <ul data-replies="f-text" hidden>  the list of the box with that id; each row has its words in data-text.
(() => {
  "use strict";

  document.querySelectorAll("[data-replies]").forEach((list) => {
    const box = document.getElementById(list.dataset.replies);
    if (!box) return;
    const rows = [...list.children];
    let shown = [];
    let at = 0;
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    const hint = list.parentElement.querySelector(".reply-hint");
    if (hint) hint.hidden = false;

    const mark = () => {
      rows.forEach((row) => row.setAttribute("aria-selected", String(row === shown[at])));
      if (shown[at]) {
        box.setAttribute("aria-activedescendant", shown[at].id);
        shown[at].scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };
    const close = () => { shown = []; list.hidden = true; mark(); };
    // The slash has to begin a word, so that a date or a fraction opens nothing.
    const typed = () => /(?:^|[\s，。；：！？、])\/([^\s/]*)$/.exec(box.value.slice(0, box.selectionStart));
    const look = () => {
      const found = typed();
      if (!found) { close(); return; }
      const name = found[1].toLowerCase();
      shown = rows.filter((row) => row.textContent.toLowerCase().includes(name));
      rows.forEach((row) => { row.hidden = !shown.includes(row); });
      list.hidden = !shown.length;
      at = 0;
      mark();
    };
    const put = (row) => {
      const found = typed();
      const end = box.selectionStart;
      const start = found ? end - found[1].length - 1 : end;
      box.setRangeText(row.dataset.text, start, end, "end");
      close();
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    };
    box.addEventListener("input", look);
    box.addEventListener("keydown", (event) => {
      if (!shown.length || event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = (at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
        mark();
      } else if (event.key === "Enter" || event.key === "Tab") put(shown[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    box.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("mousedown", (event) => {
      const row = event.target.closest("[role=option]");
      event.preventDefault();
      if (row) put(row);
    });
  });
})();
