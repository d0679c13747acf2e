// Enhancements only: every page reads and every form works without this file.
"use strict";
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (zh, en) => (chinese ? zh : en);
  const root = document.documentElement;

  function stored(key, value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // storage is off or full: nothing is kept
    }
    return null;
  }

  function toggles() {
    const theme = document.querySelector("[data-toggle-theme]");
    const elder = document.querySelector("[data-toggle-elder]");
    if (!theme || !elder) return;
    const isDark = () =>
      root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const show = () => {
      theme.setAttribute("aria-pressed", String(isDark()));
      elder.setAttribute("aria-pressed", String("elder" in root.dataset));
    };
    theme.hidden = elder.hidden = false;
    theme.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      stored("yiwang:theme", root.dataset.theme);
      show();
    });
    elder.addEventListener("click", () => {
      if ("elder" in root.dataset) delete root.dataset.elder;
      else root.dataset.elder = "";
      stored("yiwang:elder", "elder" in root.dataset ? "on" : "off");
      show();
    });
    show();
  }

  // Countdowns run by the server's clock: the page's data-now, else the address in data-clock.
  function left(seconds) {
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor((seconds % 86400) / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    if (days) return say(`还有 ${days} 天 ${hours} 小时`, `${days} d ${hours} h left`);
    if (hours) return say(`还有 ${hours} 小时 ${minutes} 分`, `${hours} h ${minutes} min left`);
    return say(`还有 ${minutes} 分 ${seconds % 60} 秒`, `${minutes} min ${seconds % 60} s left`);
  }

  function countdowns(nowAtLoad) {
    const loaded = performance.now();
    const places = [...document.querySelectorAll("[data-deadline]")];
    const live = document.createElement("div");
    live.className = "visually-hidden";
    live.setAttribute("aria-live", "polite");
    document.body.append(live);
    const told = new Map();
    const tick = () => {
      const now = nowAtLoad + (performance.now() - loaded);
      for (const place of places) {
        const seconds = Math.floor((Date.parse(place.dataset.deadline) - now) / 1000);
        const box = place.closest(".deadline, .until") || place;
        place.textContent = seconds > 0 ? left(seconds) : say("已到期", "Passed");
        box.classList.toggle("is-past", seconds <= 0);
        box.classList.toggle("is-soon", seconds > 0 && seconds < 3 * 86400);
        // A screen reader hears it at ten minutes, at one minute and at the end, not every second.
        const mark = seconds <= 0 ? 0 : seconds <= 60 ? 1 : seconds <= 600 ? 10 : 99;
        if (told.has(place) && told.get(place) !== mark) live.textContent = place.textContent;
        told.set(place, mark);
      }
    };
    tick();
    setInterval(tick, 1000);
  }

  async function clock() {
    if (!document.querySelector("[data-deadline]")) return;
    if (document.body.dataset.now) countdowns(Date.parse(document.body.dataset.now));
    else if (document.body.dataset.clock) {
      const answer = await fetch(document.body.dataset.clock);
      if (answer.ok) countdowns(Date.parse((await answer.json()).now));
    }
  }

  // What is typed is kept in this browser until a page says that it was done.
  const kept = (field) =>
    field.name && !["password", "file", "hidden", "submit"].includes(field.type) && field.autocomplete !== "one-time-code";

  function autosave(form) {
    const path = location.pathname.replace(/^\/en\//, "/");
    const key = `yiwang:draft:${document.body.dataset.who || ""}:${form.dataset.autosave}:${path}`;
    const fields = () => [...form.elements].filter(kept);
    const write = () => {
      const values = fields().map((field) => [field.name, ["checkbox", "radio"].includes(field.type) ? field.checked : field.value, field.value]);
      stored(key, JSON.stringify(values));
    };
    const draft = stored(key);
    if (draft && !form.hasAttribute("data-bound")) {
      for (const [name, value, own] of JSON.parse(draft)) {
        for (const field of fields().filter((each) => each.name === name)) {
          if (["checkbox", "radio"].includes(field.type)) { if (field.value === own) field.checked = value; }
          else if (!field.readOnly) field.value = value;
        }
      }
      const note = document.createElement("p");
      note.className = "autosave-note";
      note.setAttribute("role", "status");
      note.textContent = say("已恢复您上次未提交的内容。", "What you typed last time was restored.");
      const drop = document.createElement("button");
      drop.type = "button";
      drop.textContent = say("清除", "Clear");
      drop.addEventListener("click", () => { stored(key, null); location.reload(); });
      note.append(drop);
      form.prepend(note);
    }
    form.addEventListener("input", write);
    form.addEventListener("submit", () => { write(); stored("yiwang:pending", key); });
  }

  function settleDraft() {
    const pending = stored("yiwang:pending");
    if (!pending || !document.querySelector(".message-success, [data-done]")) return;
    stored(pending, null);
    stored("yiwang:pending", null);
  }

  // Logging out leaves nothing of what was typed on a shared machine.
  function forget() {
    for (const form of document.querySelectorAll("form[data-forget]")) {
      form.addEventListener("submit", () => {
        for (const key of Object.keys(localStorage)) if (key.startsWith("yiwang:draft:")) localStorage.removeItem(key);
      });
    }
  }

  function files() {
    for (const input of document.querySelectorAll('input[type="file"]')) {
      const note = document.createElement("p");
      note.className = "file-size";
      note.setAttribute("role", "status");
      input.closest(".field")?.append(note);
      input.addEventListener("change", () => {
        const most = Number(input.dataset.maxBytes || Infinity);
        const sizes = [...input.files].map((file) => `${file.name} · ${(file.size / 1048576).toFixed(2)} MB`);
        const large = [...input.files].some((file) => file.size > most);
        note.textContent = sizes.join("； ") + (large ? say(`（超过 ${Math.floor(most / 1048576)} MB 上限）`, ` (over the limit of ${Math.floor(most / 1048576)} MB)`) : "");
        input.setCustomValidity(large ? say("文件超过大小上限", "The file is over the limit") : "");
      });
    }
  }

  function once() {
    for (const form of document.querySelectorAll("form[data-once]")) {
      form.addEventListener("submit", (event) => {
        if (form.dataset.sent) event.preventDefault();
        form.dataset.sent = "yes";
      });
    }
    addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
  }

  function chip() {
    const open = () => document.querySelector("details.chip[open]");
    document.addEventListener("click", (event) => { if (open() && !open().contains(event.target)) open().open = false; });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !open()) return;
      open().querySelector("summary").focus();
      open().open = false;
    });
  }

  chip();
  toggles();
  settleDraft();
  document.querySelectorAll("form[data-autosave]").forEach(autosave);
  files();
  forget();
  once();
  document.querySelector("[data-focus]")?.focus();
  clock();
})();
