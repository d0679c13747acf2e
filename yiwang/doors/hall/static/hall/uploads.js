// Uploads that can be interrupted (tus protocol 1.0.0): progress, pause, and going on after a reload or a restart of the
// server. An enhancement of <input type="file" data-uploads="ADDRESS">: without it the file travels with the form.
"use strict";
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (zh, en) => (chinese ? zh : en);
  const CHUNK = 64 * 1024 * 1024; // what a broken piece has brought is kept, so its size costs nothing
  const WAITS = [1000, 3000, 5000, 10000, 20000, 30000]; // milliseconds between tries when the net is away
  const PREFIX = "yiwang:upload:";
  const WHO = document.body.dataset.who || "";

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: no resuming after a reload */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
    keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
  };

  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const megabytes = (bytes) => `${(bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0)} MB`;

  // One request; resolves with the answer whatever its status, rejects when there is none.
  function ask(method, address, headers, body, job) {
    return new Promise((answered, lost) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.setRequestHeader("Tus-Resumable", "1.0.0");
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      if (job && body) request.upload.onprogress = (event) => job.shown(job.offset + event.loaded);
      request.onload = () => answered(request);
      request.onerror = request.onabort = request.ontimeout = () => lost(new Error("lost"));
      if (job) job.request = request;
      request.send(body || null);
    });
  }

  function reasons(request) {
    try {
      return JSON.parse(request.responseText).findings.map((each) => each.said).join(" ");
    } catch {
      if (request.responseURL && request.responseURL.includes("/account/")) return say("登录已结束。请在新窗口登录后点“继续”，已传的部分会保留。", "You are logged out. Log in in another window, then press “Go on”: what was sent is kept.");
      return say("服务器没有接受这个文件，请稍后再试。", "The server did not take this file. Try again later.");
    }
  }

  class Job {
    constructor(form, input, file) {
      this.form = form;
      this.input = input;
      this.file = file;
      this.address = input.dataset.uploads;
      this.place = `${location.pathname}#${input.name}`;
      this.key = `${PREFIX}${WHO}:${this.place}:${file.name}:${file.size}:${file.lastModified}`;
      this.offset = 0;
      this.state = "going";
      this.draw();
    }

    draw() {
      this.item = document.createElement("li");
      this.item.className = "upload";
      this.item.innerHTML = '<span class="upload-name"></span><progress max="100" value="0"></progress><span class="upload-said" role="status"></span><span class="upload-acts"><button type="button" class="button quiet"></button><button type="button" class="button quiet"></button></span>';
      this.item.querySelector(".upload-name").textContent = this.file.name;
      this.bar = this.item.querySelector("progress");
      this.bar.setAttribute("aria-label", say("上传进度：", "Progress of ") + this.file.name);
      this.said = this.item.querySelector(".upload-said");
      [this.turn, this.end] = this.item.querySelectorAll("button");
      this.end.textContent = say("取消", "Cancel");
      this.turn.onclick = () => (this.state === "going" ? this.pause() : this.go());
      this.end.onclick = () => this.cancel();
      listOf(this.input).append(this.item);
    }

    tell(text) { this.said.textContent = text; }

    shown(bytes) {
      const percent = this.file.size ? Math.floor((bytes * 100) / this.file.size) : 100;
      this.bar.value = percent;
      this.bar.textContent = `${percent}%`;
      if (this.state === "going") this.tell(`${percent}% · ${megabytes(bytes)} / ${megabytes(this.file.size)}`);
    }

    become(state) {
      this.state = state;
      this.item.dataset.state = state;
      this.turn.textContent = state === "going" ? say("暂停", "Pause") : say("继续", "Go on");
      this.turn.hidden = state === "done" || state === "refused";
      this.end.textContent = state === "done" || state === "refused" ? say("移除", "Remove") : say("取消", "Cancel");
    }

    headers(more) {
      return { "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value, ...more };
    }

    async go() {
      this.become("going");
      this.tell(say("正在上传…", "Uploading…"));
      let tries = 0;
      while (this.state === "going") {
        try {
          if (await this.step()) return;
          tries = 0;
        } catch {
          if (this.state !== "going") return;
          if (tries >= WAITS.length) return this.interrupted(say("网络中断，已传的部分会保留。", "The net is away; what was sent is kept."));
          this.tell(say("网络中断，正在重试…", "The net is away, trying again…"));
          await new Promise((later) => setTimeout(later, WAITS[tries++]));
          this.asked = false; // the server knows best how far it came
        }
      }
    }

    // One request to the server; true where nothing more is to do.
    async step() {
      if (!this.location) {
        const known = store.get(this.key);
        if (known) this.location = known.location;
        else return this.created(await ask("POST", this.address, this.headers({ "Upload-Length": this.file.size, "Upload-Metadata": `filename ${base64(this.file.name)}` })));
      }
      if (!this.asked) return this.resumed(await ask("HEAD", this.location, this.headers({})));
      const piece = this.file.slice(this.offset, this.offset + CHUNK);
      return this.sent(await ask("PATCH", this.location, this.headers({ "Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream" }), piece, this));
    }

    created(answer) {
      if (answer.status !== 201) return this.refused(answer);
      this.location = answer.getResponseHeader("Location");
      this.asked = true;
      this.offset = 0;
      this.remember();
      return false;
    }

    remember(paper) {
      store.set(this.key, { location: this.location, name: this.file.name, place: this.place, offset: this.offset, size: this.file.size, paper });
    }

    resumed(answer) {
      if (answer.status === 404 || answer.status === 410) { // expired or cancelled: from the beginning
        store.drop(this.key);
        this.location = null;
        return false;
      }
      if (answer.status !== 200) return this.refused(answer);
      this.asked = true;
      return this.moved(answer);
    }

    sent(answer) {
      if (answer.status === 204) return this.moved(answer);
      if (answer.status === 409 || answer.status === 423) { this.asked = false; throw new Error("again"); }
      if (answer.status >= 500 && answer.status !== 503) throw new Error("again");
      return this.refused(answer);
    }

    moved(answer) {
      this.offset = Number(answer.getResponseHeader("Upload-Offset"));
      this.shown(this.offset);
      const paper = answer.getResponseHeader("Upload-Paper");
      this.remember(paper);
      if (!paper && this.offset < this.file.size) return false;
      if (!paper) { // whole, but not stored yet: an empty piece asks for it again
        this.tell(say("正在校验…", "Checking…"));
        return false;
      }
      this.keep(paper);
      return true;
    }

    keep(paper) {
      this.become("done");
      this.bar.value = 100;
      this.tell(say("已上传 · ", "Uploaded · ") + megabytes(this.file.size));
      this.hidden = keptField(this.input, paper);
      this.item.append(this.hidden);
      sendWaiting(this.form);
    }

    refused(answer) {
      if (answer.status === 503) return this.interrupted(reasons(answer));
      if (answer.status === 401 || answer.status === 403 || answer.status === 200) return this.interrupted(reasons(answer));
      store.drop(this.key);
      this.become("refused");
      this.tell(reasons(answer));
      return true;
    }

    interrupted(text) {
      this.become("paused");
      this.asked = false;
      this.tell(text);
      return true;
    }

    pause() {
      this.become("paused");
      this.asked = false;
      if (this.request) this.request.abort();
      this.tell(say("已暂停 · ", "Paused · ") + `${megabytes(this.offset)} / ${megabytes(this.file.size)}`);
    }

    cancel() {
      const finished = this.state === "done";
      this.become("gone");
      if (this.request) this.request.abort();
      if (this.location && !finished) ask("DELETE", this.location, this.headers({})).catch(() => {});
      store.drop(this.key);
      this.item.remove();
      jobs.delete(this);
    }
  }

  // What the form sends for a file that is there already: its kind, where the field knows one, and the token.
  function keptField(input, paper) {
    const value = input.dataset.kind ? `${input.dataset.kind}~${paper}` : paper;
    return Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value });
  }

  const jobs = new Set();
  const waiting = new WeakMap(); // forms that were sent before their files were whole, and by which button

  function listOf(input) {
    const holder = input.closest(".field") || input.parentElement;
    let list = holder.querySelector(".uploads");
    if (!list) {
      list = Object.assign(document.createElement("ul"), { className: "uploads" });
      holder.append(list);
    }
    return list;
  }

  const going = (form) => [...jobs].filter((job) => job.form === form && (job.state === "going" || job.state === "paused"));

  function sendWaiting(form) {
    if (!waiting.has(form) || going(form).length) return;
    const button = waiting.get(form);
    waiting.delete(form);
    form.requestSubmit(button && button.isConnected ? button : undefined);
  }

  function begin(form, input, file) {
    const job = new Job(form, input, file);
    jobs.add(job);
    job.go();
  }

  // What was stored before a reload is still there; what was not whole waits for the same file to be chosen again.
  function remind(form, input) {
    const place = `${location.pathname}#${input.name}`;
    for (const key of store.keys()) {
      const known = store.get(key);
      if (!key.startsWith(`${PREFIX}${WHO}:`) || !known || known.place !== place) continue;
      ask("HEAD", known.location, {}).then((answer) => {
        if (answer.status === 404) return store.drop(key);
        if (answer.status !== 200) return;
        const offset = Number(answer.getResponseHeader("Upload-Offset"));
        const paper = answer.getResponseHeader("Upload-Paper");
        if (paper) return restored(form, input, key, known, paper);
        const note = Object.assign(document.createElement("li"), { className: "upload upload-note" });
        note.textContent = say(`“${known.name}”已传 ${Math.floor((offset * 100) / known.size)}%，请重新选择同一文件继续。`, `“${known.name}” is ${Math.floor((offset * 100) / known.size)}% uploaded: choose the same file again to go on.`);
        note.dataset.name = known.name;
        listOf(input).append(note);
      }).catch(() => {});
    }
  }

  function restored(form, input, key, known, paper) {
    const tokens = [...form.querySelectorAll('[name="kept"]')].map((each) => each.value);
    if (tokens.some((each) => each.endsWith(paper))) return;
    const item = Object.assign(document.createElement("li"), { className: "upload" });
    const name = Object.assign(document.createElement("span"), { className: "upload-name", textContent: known.name });
    const said = Object.assign(document.createElement("span"), { className: "upload-said", textContent: say("已上传 · ", "Uploaded · ") + megabytes(known.size) });
    const end = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: say("移除", "Remove") });
    end.onclick = () => { store.drop(key); item.remove(); };
    const acts = Object.assign(document.createElement("span"), { className: "upload-acts" });
    acts.append(end);
    item.append(name, said, acts, keptField(input, paper));
    item.dataset.state = "done";
    listOf(input).append(item);
  }

  function enhance(input) {
    const form = input.form;
    if (!form || !window.XMLHttpRequest || !File.prototype.slice) return;
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      for (const file of [...input.files]) {
        listOf(input).querySelectorAll(".upload-note").forEach((note) => note.dataset.name === file.name && note.remove());
        begin(form, input, file);
      }
      input.value = ""; // the file travels by itself: the form only names it
      input.dispatchEvent(new Event("change", { bubbles: true })); // who lists what was chosen sees that nothing is
    });
    remind(form, input);
    if (form.dataset.sendsUploads) return;
    form.dataset.sendsUploads = "1";
    form.addEventListener("submit", (event) => {
      const left = going(form);
      if (left.length) {
        event.preventDefault();
        event.stopImmediatePropagation();
        waiting.set(form, event.submitter);
        left.forEach((job) => job.state === "paused" && job.go());
        left[0].item.scrollIntoView({ block: "center" });
        left[0].tell(say("传完后自动继续…", "Goes on by itself once the file is there…"));
        return;
      }
      store.keys().forEach((key) => { const known = store.get(key); if (known && known.paper && known.place.startsWith(`${location.pathname}#`)) store.drop(key); });
    }, true);
  }

  document.querySelectorAll("input[type=file][data-uploads]").forEach(enhance);
  window.addEventListener("online", () => jobs.forEach((job) => job.state === "paused" && job.asked === false && !job.request && job.go()));
  window.addEventListener("beforeunload", (event) => {
    if ([...jobs].some((job) => job.state === "going")) event.preventDefault();
  });
})();
