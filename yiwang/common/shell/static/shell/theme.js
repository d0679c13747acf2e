// Runs before the page is painted, so that a chosen theme does not flash.
(function () {
  "use strict";
  try {
    var root = document.documentElement;
    var theme = localStorage.getItem("yiwang:theme");
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
    if (/(^|; )yiwang-elder=on(;|$)/.test(document.cookie)) root.dataset.elder = "";
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // storage switched off: the system's theme stands
  }
})();
