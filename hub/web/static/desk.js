// The keyboard of a desk. Marks in the page say everything:
//   [data-row="id"]    a row that J and K move along; in it [data-open] leads to its case, [name=case] selects it
//   [data-key="p"]     what that key presses, or goes to where it is a field; "j" and "k" where there are no rows
//   [data-send]            what Ctrl and Enter press from a field of its form, where single keys are text
//   [data-all], [data-clear], [data-count]   select every row, none, and how many are selected
//   dialog#keys, [data-keys]                 the list of keys, and what opens it
// data-keyboard="off" at the body switches single keys off. Nothing else happens in fields, nor with Ctrl, Alt or Meta.
(() => {
  "use strict";
  const KEPT = "desk-row";
  const find = (selector, within = document) => within.querySelector(selector);
  const list = (selector, within = document) => [...within.querySelectorAll(selector)];
  const rows = list("[data-row]");
  const boxes = list("[name=case]", find("[data-desk]") || document);
  const dialog = find("dialog#keys");
  const here = location.pathname + location.search;
  let current = -1;

  const box = () => (current < 0 ? null : find("[name=case]", rows[current]));

  function mark(index, focuses) {
    if (index < 0 || index >= rows.length) return;
    if (current >= 0) rows[current].removeAttribute("aria-current");
    current = index;
    rows[current].setAttribute("aria-current", "true");
    const link = find("[data-open]", rows[current]);
    if (focuses && link) link.focus({ preventScroll: true });
    rows[current].scrollIntoView({ block: "nearest" });
  }

  function counted() {
    const selected = boxes.filter((each) => each.checked).length;
    for (const each of list("[data-count]")) each.textContent = selected;
    for (const each of list("[data-all]")) {
      each.checked = selected > 0 && selected === boxes.length;
      each.indeterminate = selected > 0 && selected < boxes.length;
    }
  }

  function select(checked) {
    for (const each of boxes) each.checked = checked;
    counted();
  }

  // The row is kept for the way back, by its place as well: after a decision the case may have left the list.
  function keep(row) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ here, id: row.dataset.row, index: rows.indexOf(row) }));
    } catch { /* A browser that keeps nothing: the row is marked by its address alone. */ }
  }

  function comeBack() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
    } catch { /* As above. */ }
    const named = rows.findIndex((row) => location.hash === `#${row.id}`);
    if (named >= 0) mark(named, true);
    else if (kept && kept.here === here) {
      const there = rows.findIndex((row) => row.dataset.row === kept.id);
      mark(there >= 0 ? there : Math.min(kept.index, rows.length - 1), location.hash.startsWith("#row-"));
    }
  }

  function press(key) {
    const found = list(`[data-key="${CSS.escape(key)}"]`).find((each) => each.getClientRects().length > 0);
    if (!found) return false;
    if (found.matches("input:not([type=checkbox]), textarea, select")) {
      found.focus();
      if (found.select) found.select();
    } else found.click();
    return true;
  }

  function help() {
    if (dialog && !dialog.open) dialog.showModal();
  }

  const ACTS = {
    j: () => (rows.length ? mark(current + 1, true) : press("j")),
    k: () => (rows.length ? mark(Math.max(current - 1, 0), true) : press("k")),
    x: () => {
      const it = box();
      if (it) it.click();
    },
    a: () => {
      const it = box();
      if (it && !boxes.some((each) => each.checked)) it.click();
      press("a");
    },
    enter: () => current >= 0 && find("[data-open]", rows[current]).click(),
    "?": help,
    escape: () => select(false),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const send = event.target.form && find("[data-send]", event.target.form);
      if (send) {
        event.preventDefault();
        send.click();
      }
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
    const key = event.key.toLowerCase();
    // These two are no single character: they stay where the others are switched off.
    const isNamed = key === "escape" || key === "enter";
    if (!isNamed && (document.body.dataset.keyboard === "off" || (event.shiftKey && key !== "?"))) return;
    if (key === "enter" && (event.shiftKey || event.target !== document.body)) return;
    if (Object.hasOwn(ACTS, key)) {
      if (!isNamed) event.preventDefault();
      ACTS[key]();
    } else if (key.length === 1 && press(key)) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) select(event.target.checked);
    else if (boxes.includes(event.target)) counted();
  });
  document.addEventListener("click", (event) => {
    const opened = event.target.closest("[data-open]");
    if (opened) keep(opened.closest("[data-row]"));
    if (event.target.closest("[data-clear]")) select(false);
    if (event.target.closest("[data-keys]")) help();
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && rows.indexOf(row) !== current) mark(rows.indexOf(row), false);
  });
  for (const each of list("[data-keys], [data-all]")) each.hidden = false;
  counted();
  comeBack();
})();
