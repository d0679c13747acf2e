// Enhancements only: printing, and pages that wait for the worker.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (document.querySelector("[data-reload]")) setTimeout(() => location.reload(), 1000);
})();
