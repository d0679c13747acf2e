// Passkeys: asks the browser, puts its answer into the form, sends the form. Without this file the password way remains.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (zh, en) => (chinese ? zh : en);
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function question(form) {
    const body = new FormData();
    body.set("use", form.dataset.passkey);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(form.dataset.question, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status === 429) {
      const { wait_minutes: minutes } = await answer.json();
      throw new Error(say(`操作过于频繁，请 ${minutes} 分钟后再试。`, `Too many tries: come back in ${minutes} minutes.`));
    }
    if (!answer.ok) throw new Error(say("页面已过期，请刷新后重试。", "The page has expired: reload it and try again."));
    return answer.json();
  }

  async function made(options) {
    const credential = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: described(options.excludeCredentials),
      },
    });
    const { response } = credential;
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        transports: response.getTransports ? response.getTransports() : [],
      },
    };
  }

  async function used(options) {
    const credential = await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: described(options.allowCredentials),
      },
    });
    const { response } = credential;
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: response.userHandle && response.userHandle.byteLength ? text(response.userHandle) : null,
      },
    };
  }

  function reason(error) {
    if (!(error instanceof DOMException)) return error.message;
    if (error.name === "InvalidStateError") {
      return say("这台设备或安全密钥已经登记过。", "This device or security key is on file already.");
    }
    if (error.name === "SecurityError") {
      return say("当前网址不能使用通行密钥，请使用本站的正式网址。", "Passkeys work only at the public address of this site.");
    }
    return say("没有完成验证，请重试或改用动态口令。", "It was not completed: try again, or use a one-time code.");
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const note = form.querySelector("[data-passkey-note]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      note.textContent = say("请按设备提示操作……", "Follow your device …");
      try {
        const options = await question(form);
        const answer = form.dataset.passkey === "make" ? await made(options) : await used(options);
        form.elements.credential.value = JSON.stringify(answer);
        note.textContent = "";
        form.submit();
      } catch (error) {
        note.textContent = reason(error);
      }
    });
  }
})();
