// Forms: nothing that was typed is lost. Every page works without this file.
//
// <form data-autosave>             posted to its own address with do=draft a moment after a change; 204 is "kept"
// <form data-preview="/address">   posted there a moment after a change; the HTML goes to [data-preview-target]
// <output data-ten-thousands for="id">  says what is typed in that field in 万, where it is ten thousand or more
// <body data-session-left="7200">  seconds until the session ends by itself
// The words are in the page, in its language, hidden: #saved, #offline, #session-soon, #session-last, #session-over.
(() => {
  "use strict";

  const AFTER_TYPING = 1500;
  const BEFORE_PREVIEW = 350;
  const WARN_BEFORE = 120000;
  const LONGEST_WAIT = 4000;
  const RETRY_AFTER = 30000;
  const LOOK_AROUND = 30000;
  const OWN_ADDRESS = document.currentScript.src;

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const part = (id) => document.getElementById(id);
  const show = (id, is) => { const it = part(id); if (it) it.hidden = !is; };

  // Fields alone: files go their own way.
  const fieldsOf = (form, more) => {
    const fields = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (typeof value === "string") fields.append(name, value); });
    Object.entries(more).forEach(([name, value]) => fields.set(name, value));
    return fields;
  };
  const post = (address, fields, more = {}) => fetch(address, {
    method: "POST", body: fields, credentials: "same-origin", redirect: "manual",
    headers: { "X-Requested-With": "form.js" }, ...more,
  });
  const addressOf = (form) => form.getAttribute("action") || location.href;

  // ---- The session: its end is told two minutes before, and is put off by one press.
  let endsAt = Infinity;
  let isOver = false;
  // Staying did not help: it ends however much is done.
  let isLast = false;
  const sessionLasts = (seconds) => {
    if (!(seconds > 0)) return;
    endsAt = Date.now() + seconds * 1000;
    isOver = false;
    lookAtSession();
  };
  const lookAtSession = () => {
    const left = endsAt - Date.now();
    if (left <= 0) isOver = true;
    show("session-over", isOver);
    const isSoon = !isOver && left <= WARN_BEFORE;
    show("session-soon", isSoon && !isLast);
    show("session-last", isSoon && isLast);
  };
  const sessionIsOver = () => { isOver = true; endsAt = 0; lookAtSession(); };
  const stay = async (address) => {
    const token = document.querySelector("input[name=csrf_token]");
    try {
      const answer = await post(address, new URLSearchParams({ csrf_token: token ? token.value : "" }));
      if (answer.status === 204) {
        const left = +answer.headers.get("Session-Left");
        isLast = left * 1000 <= WARN_BEFORE;
        sessionLasts(left);
      } else if (answer.status === 401) sessionIsOver();
    } catch { lineIs(false); }
  };

  // ---- The line: a bar says that it is gone; what waited goes on when it is back.
  let isOffline = false;
  let held = null;
  let retry = 0;
  let waits = 2000;
  const lineIs = (there) => {
    isOffline = !there;
    show("offline", isOffline);
    clearTimeout(retry);
    if (!there) {
      // Not every phone says when the line is back.
      retry = setTimeout(goOn, waits);
      waits = Math.min(waits * 2, 30000);
      return;
    }
    waits = 2000;
    if (!held) return;
    const { form, button } = held;
    held = null;
    if (form.requestSubmit) form.requestSubmit(button); else if (button) button.click(); else form.submit();
  };
  const goOn = async () => {
    const unkept = drafts.filter((draft) => draft.isDirty);
    if (unkept.length) await Promise.all(unkept.map((draft) => draft.save()));
    else if (isOffline) await fetch(OWN_ADDRESS, { method: "HEAD", cache: "no-store" }).then(
      () => lineIs(true), () => lineIs(false));
  };

  // ---- Drafts: each form is kept on the server as it is, sound or not.
  const draftOf = (form) => {
    const draft = { form, isDirty: false, isSent: false, hasFailed: false, saving: null };
    let timer = 0;
    const send = async (isLast) => {
      draft.isDirty = false;
      try {
        const answer = await post(addressOf(form), fieldsOf(form, { do: "draft" }), { keepalive: isLast });
        draft.hasFailed = answer.status !== 204;
        if (answer.status === 401) {
          // The hub holds what was sent until the person has signed in again, but of who signed out.
          draft.hasFailed = draft.isDirty = !answer.headers.get("Draft-Held");
          sessionIsOver();
        } else if (draft.hasFailed) {
          draft.isDirty = true;
          timer = setTimeout(draft.save, RETRY_AFTER);
        } else {
          sessionLasts(+answer.headers.get("Session-Left"));
          said(answer.headers.get("Draft-Saved"));
        }
        lineIs(true);
      } catch {
        draft.hasFailed = true;
        draft.isDirty = true;
        lineIs(false);
      }
    };
    draft.save = (isLast = false) => {
      clearTimeout(timer);
      if (draft.isSent || !draft.isDirty) return draft.saving;
      // One after the other, so that an older one never comes last.
      const before = isLast ? null : draft.saving;
      const now = (before ? before.then(() => send(isLast)) : send(isLast)).finally(() => {
        if (draft.saving === now) draft.saving = null;
      });
      draft.saving = now;
      return now;
    };
    draft.changed = () => {
      draft.isDirty = true;
      clearTimeout(timer);
      timer = setTimeout(draft.save, AFTER_TYPING);
    };
    return draft;
  };
  const drafts = all("form[data-autosave]").map(draftOf);
  const ofForm = (form) => drafts.find((draft) => draft.form === form);
  const said = (at) => {
    const slot = part("saved");
    if (!slot || !at) return;
    slot.querySelector("[data-time]").textContent = at;
    slot.hidden = false;
  };

  // ---- Sending: held while there is no line, after the last draft has arrived, and once.
  const buttonsOf = (form) => [...form.elements].filter((each) => each.type === "submit");
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    const form = event.target;
    const button = event.submitter || null;
    const draft = ofForm(form);
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (isOffline || !navigator.onLine) {
      event.preventDefault();
      held = { form, button };
      lineIs(false);
      return;
    }
    if (draft && draft.saving) {
      event.preventDefault();
      const again = () => { draft.saving = null; held = held || { form, button }; if (!isOffline) lineIs(true); };
      Promise.race([draft.saving, new Promise((done) => setTimeout(done, LONGEST_WAIT))]).then(again);
      return;
    }
    if (draft) draft.isSent = true;
    form.dataset.sent = "1";
    // After the browser has taken the button's own value along.
    setTimeout(() => buttonsOf(form).forEach((each) => {
      // Firefox would remember it over a reload.
      each.setAttribute("autocomplete", "off");
      each.disabled = true;
    }));
  });
  window.addEventListener("pageshow", () => all("form").forEach((form) => {
    if (!form.dataset.sent) return;
    delete form.dataset.sent;
    buttonsOf(form).forEach((each) => { each.disabled = false; });
    const draft = ofForm(form);
    if (draft) draft.isSent = false;
  }));

  // ---- Previews: the newest alone counts.
  const previewOf = (form) => {
    let timer = 0;
    let asked = null;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (asked) asked.abort();
        const mine = asked = new AbortController();
        const target = form.querySelector("[data-preview-target]") || document.querySelector("[data-preview-target]");
        target.setAttribute("aria-busy", "true");
        try {
          const answer = await post(form.dataset.preview, fieldsOf(form, {}), { signal: mine.signal });
          const html = await answer.text();
          if (answer.ok && mine === asked) target.innerHTML = html;
          if (answer.status === 401) sessionIsOver();
        } catch (error) {
          if (error.name !== "AbortError") lineIs(false);
        } finally {
          if (mine === asked) target.removeAttribute("aria-busy");
        }
      }, BEFORE_PREVIEW);
    };
  };
  const previews = new Map(all("form[data-preview]").map((form) => [form, previewOf(form)]));

  // ---- 万, below amounts; English does not count by it.
  const inChinese = document.documentElement.lang !== "en";
  const inTenThousands = (typed) => {
    const text = typed.normalize("NFKC").replace(/[\s,¥元]/g, "");
    const found = /^([0-9]+(?:\.[0-9]*)?)([万w]?)$/i.exec(text);
    const yuan = found ? found[1] * (found[2] ? 10000 : 1) : 0;
    return yuan >= 10000 && inChinese ? `${+(yuan / 10000).toFixed(2)} 万` : "";
  };
  const tenThousandsOf = new Map(all("output[data-ten-thousands]").map((output) => [part(output.htmlFor.value), output]));

  const changed = ({ target }) => {
    const shown = tenThousandsOf.get(target);
    if (shown) shown.value = inTenThousands(target.value);
    const draft = ofForm(target.form);
    if (draft) draft.changed();
    const preview = previews.get(target.form);
    if (preview) preview();
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);

  const saveAll = () => drafts.forEach((draft) => draft.save(true));
  window.addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveAll(); else lookAtSession();
  });
  window.addEventListener("online", () => { lineIs(true); goOn(); });
  window.addEventListener("offline", () => lineIs(false));
  window.addEventListener("beforeunload", (event) => {
    if (drafts.some((draft) => draft.hasFailed && draft.isDirty && !draft.isSent)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stay]");
    if (button) stay(button.dataset.stay);
  });
  setInterval(lookAtSession, 5000);

  // ---- Colleagues at the same case: looked for now and then while the page is seen.
  const around = document.querySelector("[data-presence]");
  const lookAround = async () => {
    if (document.hidden || isOver) return;
    const token = document.querySelector("input[name=csrf_token]");
    const fields = new URLSearchParams({ csrf_token: token ? token.value : "", seen: around.dataset.seen });
    try {
      const answer = await post(around.dataset.presence, fields);
      const html = await answer.text();
      // What is the same is not read out again.
      if (answer.ok && html !== around.innerHTML) around.innerHTML = html;
      if (answer.status === 401) sessionIsOver();
    } catch { /* The next look finds the line again. */ }
  };
  if (around) setInterval(lookAround, LOOK_AROUND);
  sessionLasts(+document.body.dataset.sessionLeft);
  if (!navigator.onLine) lineIs(false);
})();
