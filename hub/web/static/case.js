// The page of a case: names and numbers that are shown in full for a while count down, and are masked again.
//
// <form data-until="…" data-seconds="299">  what is left, and as a count in its [data-left]
// .revealed  what is hidden then; the page itself stays, with all that was typed.
(() => {
  "use strict";

  const bar = document.querySelector("[data-until]");
  if (!bar) return;
  const slot = bar.querySelector("[data-left]");
  // The page's own clock may differ from the browser's: what is left is counted from when the page came.
  const ends = performance.now() + 1000 * bar.dataset.seconds;
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left > 0) {
      slot.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      return;
    }
    clearInterval(timer);
    document.querySelectorAll(".revealed").forEach((each) => { each.textContent = "***"; });
    bar.hidden = true;
  };
  const timer = setInterval(tick, 1000);
  tick();
})();
