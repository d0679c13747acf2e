// Enhancements only: printing, pages that wait for the worker, and the keys of the lists.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (document.querySelector("[data-reload]")) setTimeout(() => location.reload(), 1000);

  // Single keys can be switched off (WCAG 2.1.4) and are never taken from somebody who types.
  const dialog = document.querySelector("[data-keys]");
  const hint = document.querySelector("[data-keys-open]");
  const choice = document.querySelector("[data-keys-on]");
  if (!dialog || !hint || !choice || !dialog.showModal) return;
  const stored = () => { try { return localStorage.getItem("yiwang:keys"); } catch { return null; } };
  choice.checked = stored() !== "off";
  choice.addEventListener("change", () => {
    try { localStorage.setItem("yiwang:keys", choice.checked ? "on" : "off"); } catch { /* for this page only */ }
  });
  hint.hidden = false;
  hint.addEventListener("click", () => dialog.showModal());

  const rows = [...document.querySelectorAll("[data-rows] > li, .list tbody tr, .tasks > .task, .events > .event")];
  let here = -1;
  function go(step) {
    if (!rows.length) return;
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    if (focused >= 0) here = focused;
    here = Math.min(rows.length - 1, Math.max(0, here + step));
    rows[here].querySelector("a, button")?.focus();
    rows[here].scrollIntoView({ block: "nearest" });
  }
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    "/": () => document.getElementById("list-q")?.focus(),
    n: () => document.querySelector('a[rel="next"]')?.click(),
    p: () => document.querySelector('a[rel="prev"]')?.click(),
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable], dialog");
    if (typing || !choice.checked || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
