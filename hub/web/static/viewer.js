// A page of a file: larger, turned, and on by keys, without loading it anew. Marks in the page:
//   [data-zoom="fit|100|200"], [data-turn]   links that do the same by their address
//   [data-step]                              links to other pages and files, which keep size and turn
//   .view-picture[data-width|height|turned|zoomed]
// Letters are pressed by desk.js; here are + and - and the arrows. data-keyboard="off" at the body switches them off.
(() => {
  "use strict";
  const picture = document.querySelector(".view-picture");
  if (!picture) return;
  const stage = picture.parentElement;
  const zooms = [...document.querySelectorAll("[data-zoom]")];
  const turner = document.querySelector("[data-turn]");
  const image = picture.querySelector("image");
  const width = Number(picture.dataset.width), height = Number(picture.dataset.height);
  let turn = Number(picture.dataset.turned), zoom = picture.dataset.zoomed;

  function withState(address, changes) {
    const url = new URL(address, location.href);
    for (const [name, value, usual] of [["zoom", zoom, "fit"], ["turn", turn, 0], ...changes]) {
      if (value === usual) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return url.pathname + url.search;
  }

  function draw() {
    const lies = turn % 180 === 90, times = zoom === "200" ? 2 : 1;
    const [wide, high] = lies ? [height, width] : [width, height];
    picture.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    picture.setAttribute("width", wide * times);
    picture.setAttribute("height", high * times);
    picture.classList.toggle("view-fit", zoom === "fit");
    const moved = { 0: "", 90: `translate(${height} 0)`, 180: `translate(${width} ${height})`, 270: `translate(0 ${width})` };
    image.setAttribute("transform", `${moved[turn]} rotate(${turn})`);
    for (const each of zooms) {
      each.href = withState(each.href, [["zoom", each.dataset.zoom, "fit"]]);
      if (each.dataset.zoom === zoom) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    turner.href = withState(turner.href, [["turn", (turn + 90) % 360, 0]]);
    for (const each of document.querySelectorAll("a[data-step]")) {
      if (new URL(each.href).searchParams.has("page")) each.href = withState(each.href, []);
    }
    const here = withState(location.href, [["done", null, null]]);
    history.replaceState(null, "", here);
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("[data-zoom], [data-turn]");
    if (!link) return;
    event.preventDefault();
    if (link === turner) turn = (turn + 90) % 360;
    else zoom = link.dataset.zoom;
    draw();
  });

  function press(key) {
    const link = document.querySelector(`a[data-key="${key}"]`);
    if (link) link.click();
    return Boolean(link);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (document.body.dataset.keyboard === "off") return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const place = zooms.findIndex((each) => each.dataset.zoom === zoom);
    const to = { "+": place + 1, "=": place + 1, "-": place - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (zooms[to]) zooms[to].click();
    }
    // What is larger than its frame is scrolled by the arrows.
    const scrolls = stage.scrollWidth > stage.clientWidth + 1;
    const step = { ArrowLeft: "k", ArrowRight: "j" }[event.key];
    if (step && !scrolls && press(step)) event.preventDefault();
  });
})();
