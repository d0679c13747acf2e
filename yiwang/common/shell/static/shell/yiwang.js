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
      const on = "elder" in root.dataset; // a cookie, so that pages without scripts know it too
      document.cookie = `yiwang-elder=${on ? "on" : ""}; path=/; max-age=${on ? 31536000 : 0}; samesite=lax`;
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

  // A code behind the # of an address is never sent to the server: it is put into its field here.
  function fragment() {
    const field = document.querySelector("[data-from-fragment]");
    if (field && !field.value && location.hash.length > 1) field.value = decodeURIComponent(location.hash.slice(1));
  }

  function printing() {
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
  }

  function chip() {
    const opened = () => [...document.querySelectorAll("details.chip[open]")];
    const closeBut = (place) => opened().forEach((each) => { if (!each.contains(place)) each.open = false; });
    document.addEventListener("click", (event) => closeBut(event.target));
    document.addEventListener("focusin", (event) => closeBut(event.target)); // who tabs on covers nothing behind
    document.addEventListener("keydown", (event) => {
      const [open] = opened();
      if (event.key !== "Escape" || !open) return;
      open.querySelector("summary").focus();
      open.open = false;
    });
  }

  // Two minutes before the session ends a bar says so; after it, one logs in again in a second window and goes on here.
  function session() {
    const { session: url, login, who } = document.body.dataset;
    if (!url) return;
    const WARN = 120;
    let ends = performance.now() + Number(document.body.dataset.sessionLeft) * 1000;
    const seconds = () => Math.round((ends - performance.now()) / 1000);
    const bar = document.createElement("div");
    bar.className = "session-bar";
    bar.hidden = true;
    bar.setAttribute("role", "alert");
    document.body.append(bar);

    async function ask(method) {
      const body = method === "POST" ? new FormData() : undefined;
      if (body) body.set("csrfmiddlewaretoken", document.querySelector('[name="csrfmiddlewaretoken"]')?.value || "");
      let answer;
      try {
        answer = await fetch(url, { method, body, headers: { Accept: "application/json" } });
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // no network: the clock of the page goes on
        return;
      }
      if (!answer.ok) return;
      const now = await answer.json();
      ends = performance.now() + (now.who === who ? now.left : 0) * 1000;
      for (const field of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) field.value = now.token;
    }

    function show() {
      const left = seconds();
      if (left > WARN) { bar.hidden = true; bar.dataset.state = ""; return; }
      const state = left > 0 ? "soon" : "ended";
      if (!bar.hidden && bar.dataset.state === state) return;
      bar.dataset.state = state;
      const words = document.createElement("p");
      words.textContent = state === "soon"
        ? say("登录即将超时。请选择继续办理，否则两分钟内退出登录；您填写的内容不会丢失。", "Your session ends within two minutes unless you go on. Nothing that you typed is lost.")
        : say("登录已超时。您填写的内容仍在本页：请在新窗口重新登录，再回到这里继续。", "Your session has ended. What you typed is still on this page: log in again in a new window, then go on here.");
      const action = document.createElement(state === "soon" ? "button" : "a");
      action.className = "button";
      if (state === "soon") {
        action.type = "button";
        action.textContent = say("继续办理", "Go on");
        action.addEventListener("click", async () => { await ask("POST"); if (seconds() <= WARN) last(); else show(); });
      } else {
        action.href = login;
        action.target = "_blank";
        action.rel = "noopener";
        action.textContent = say("重新登录（新窗口）", "Log in again (new window)");
      }
      bar.replaceChildren(words, action);
      bar.hidden = false;
    }

    function last() {
      const words = document.createElement("p");
      words.textContent = say("本次登录已到最长时限，即将结束，届时请重新登录；您填写的内容不会丢失。", "This session has reached its limit and ends soon: then log in again. Nothing that you typed is lost.");
      bar.replaceChildren(words);
    }

    async function look() {
      if (seconds() <= WARN) await ask("GET"); // another window may have gone on meanwhile
      show();
    }
    setInterval(() => { if (seconds() <= WARN && bar.dataset.state !== "ended") look(); }, 5000);
    document.addEventListener("visibilitychange", async () => { if (!document.hidden) { await ask("GET"); show(); } });
    addEventListener("focus", async () => { await ask("GET"); show(); });
    show();
  }

  // What went wrong is read first. The skip link leaves its #main in the address, which would take the focus away again.
  function focused() {
    const first = document.querySelector("[data-focus]");
    if (!first) return;
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
    first.focus();
  }

  // Who tabs to a control sees it whole: not half below the window, not behind the bar at the thumb.
  function seen() {
    document.addEventListener("focusin", (event) => {
      if (event.target.matches("main *:focus-visible")) event.target.scrollIntoView({ block: "nearest" });
    });
  }

  // A reason leads into its field: into the first of a group of choices, and into what is folded.
  function reasons() {
    const controls = "input:not([type=hidden]), select, textarea, button";
    for (const link of document.querySelectorAll('.findings.refusal a[href^="#"]')) {
      link.addEventListener("click", (event) => {
        const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        const control = field && (field.matches(controls) ? field : field.querySelector(controls));
        if (!control) return;
        event.preventDefault();
        for (let fold = control.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
        control.focus({ preventScroll: true });
        (control.closest(".field") || control).scrollIntoView({ block: "nearest" });
      });
    }
  }

  // Where a row of links is wider than the window, the one that is open is seen.
  function here() {
    for (const each of document.querySelectorAll(".menu [aria-current], .side [aria-current], .tabs [aria-current], .kinds [aria-current]")) {
      const row = each.closest("ul, nav");
      const holder = [row, row.parentElement].find((one) => one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX !== "visible");
      if (holder) holder.scrollLeft += each.getBoundingClientRect().left - holder.getBoundingClientRect().left - (holder.clientWidth - each.offsetWidth) / 2;
    }
  }

  chip();
  here();
  reasons();
  seen();
  printing();
  fragment();
  session();
  toggles();
  settleDraft();
  document.querySelectorAll("form[data-autosave]").forEach(autosave);
  files();
  forget();
  once();
  focused();
  clock();
})();
