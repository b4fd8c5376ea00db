"use strict";

// Without this script the page works, too: it adds the countdown, and loads
// the page again when the invoice changes elsewhere.
(() => {
  const show = () => location.replace(location.pathname);

  const clock = document.querySelector("[data-left]");
  if (clock) {
    const end = performance.now() + Number(clock.dataset.left) * 1000;
    const tick = () => {
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
      clock.textContent = parts.map((part) => String(part).padStart(2, "0")).join(":");
      if (left === 0) {
        clearInterval(timer);
        setTimeout(show, 1000);
      }
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  const state = document.body.dataset.state;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(location.pathname + "/state", { cache: "no-store" });
      if (!response.ok || (await response.text()) !== state) show();
    } catch {
      // The server is away; the next look may find it.
    }
  }, 2000);
})();
