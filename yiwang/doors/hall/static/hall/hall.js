// Enhancements only: printing, and pages that wait for the worker.
"use strict";
(() => {
  if (document.querySelector("[data-reload]")) setTimeout(() => location.reload(), 1000);
})();
