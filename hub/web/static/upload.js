// Files, one request each: two at a time, with progress, again after the line dropped, judged while one waits.
// What is shown and said stands in the page's templates; without this script the same form sends the files itself.
(() => {
  "use strict";
  const form = document.querySelector("form[data-files]");
  const find = (name, within = document) => within.querySelector(name);
  const shape = find("[data-files-row]");
  if (!form || !shape || !shape.content) return;

  const MOST = 10 * 1024 * 1024;
  const AT_ONCE = 2;
  const TRIES = 3;
  const SIDES = [4000, 2800, 2000];
  const sentences = find("[data-files-sentences]");
  const heard = find("[data-files-say]");
  const token = find("[name=csrf_token]", form).value;
  const jobs = [];
  let running = 0;
  let notBefore = 0;
  let button = null;

  const words = (is, file, n) =>
    find(`[data-is=${is}]`, sentences.content).textContent.replace("{f}", file).replace("{n}", n);
  const tell = (text) => { heard.textContent = text; };
  const mebibytes = (size) => Math.ceil((size * 10) / 1048576) / 10;
  const rowsOf = (chooser) => find(".file-rows", chooser.parentNode);

  // A file on its way.

  function begin(chooser, file) {
    const row = shape.content.firstElementChild.cloneNode(true);
    const job = { chooser, file, row, name: file.name, at: "queued", tries: 0 };
    job.key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => (each + 256).toString(16).slice(1)).join("");
    find(".file-name", row).textContent = job.name;
    row.id = `f-${job.key}`;
    row.querySelectorAll("[data-name]").forEach((each) => { each.textContent = job.name; });
    find("[data-cancel]", row).onclick = () => drop(job);
    find("[data-again]", row).onclick = () => { job.tries = 0; queue(job); pump(); };
    const there = rowsOf(chooser);
    const full = there.children.length >= +chooser.dataset.most;
    there.append(row);
    nothing(chooser);
    jobs.push(job);
    if (full) refuse(job, words("many", job.name, chooser.dataset.most));
    else if (!fits(chooser, file)) refuse(job, words("type", job.name));
    else if (file.size > MOST) shrink(job);
    else queue(job);
  }

  function fits(chooser, file) {
    const taken = find(".file-album input", chooser).accept.split(",");
    const name = file.name.toLowerCase();
    return taken.some((each) => (each.endsWith("/*") ? file.type.startsWith(each.slice(0, -1)) : each === file.type || name.endsWith(each)));
  }

  function shrink(job) {
    const tooBig = () => refuse(job, words("big", job.name, mebibytes(job.file.size)));
    if (job.file.type === "application/pdf" || !window.createImageBitmap) { tooBig(); return; }
    show(job, "queued", words("queued"));
    job.at = "shrinking";
    createImageBitmap(job.file).then((picture) => {
      const smaller = (sides) => {
        const scale = Math.min(1, sides[0] / Math.max(picture.width, picture.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((made) => {
          if (job.at !== "shrinking") return;
          if (made && made.size <= MOST) {
            job.file = made;
            job.sentAs = job.name.replace(/\.\w+$/, "") + ".jpg";
            queue(job);
            pump();
          } else if (sides.length > 1) smaller(sides.slice(1));
          else tooBig();
        }, "image/jpeg", 0.85);
      };
      smaller(SIDES);
    }).catch(tooBig);
  }

  function show(job, at, text, isBad) {
    job.at = at;
    const state = find(".file-state", job.row);
    state.textContent = text;
    state.classList.toggle("file-state-bad", !!isBad);
    job.row.classList.toggle("file-row-bad", !!isBad);
    const sign = find("use", job.row);
    sign.setAttribute("href", sign.getAttribute("href").replace(/#.*/, isBad ? "#exclamation-circle" : "#file-earmark-text"));
    find("progress", job.row).hidden = !!isBad;
    find("[data-again]", job.row).hidden = at !== "failed";
    const cancel = find("[data-cancel]", job.row);
    cancel.hidden = false;
    cancel.firstChild.data = words(isBad ? "remove" : "cancel");
  }

  function queue(job) {
    show(job, "queued", words("queued"));
  }

  function refuse(job, text) {
    show(job, "refused", text, true);
    tell(text);
    settle();
  }

  function fail(job, why) {
    const text = words("failed") + words(why);
    show(job, "failed", text, true);
    job.why = why;
    tell(`${job.name} ${text}`);
  }

  function drop(job) {
    settled(job);
    if (job.sending) job.sending.abort();
    leave(job.row);
    tell(words("gone", job.name));
    pump();
  }

  // A file that came over or was taken away is no longer told of at the top.
  function settled(job) {
    jobs.splice(jobs.indexOf(job), 1);
    const link = find(`a[href="#${job.row.id}"]`);
    if (!link) return;
    const summary = link.closest(".error-summary");
    link.parentNode.remove();
    const left = summary.querySelectorAll("li").length;
    if (left) find("h2", summary).textContent = find("h2", find("[data-files-summary]").content).textContent.replace("{n}", left);
    else {
      summary.remove();
      document.title = document.title.replace(words("title"), "");
    }
    if (!jobs.some((each) => each.chooser === job.chooser)) job.chooser.parentNode.classList.remove("file-card-bad");
  }

  // Whoever was on the row stands at the buttons below it.
  function leave(row) {
    const chooser = find(".file-chooser", row.parentNode.parentNode);
    row.remove();
    find(".file-album input", chooser).focus();
    nothing(chooser);
  }

  function nothing(chooser) {
    const box = find(".file-none", chooser.parentNode);
    if (!box) return;
    box.hidden = rowsOf(chooser).children.length > 0;
    if (box.hidden) find("input", box).checked = false;
  }

  function pump() {
    const wait = notBefore - Date.now();
    if (wait > 0) { setTimeout(pump, wait + 50); return; }
    while (running < AT_ONCE) {
      const job = jobs.find((each) => each.at === "queued");
      if (!job) break;
      send(job);
    }
    settle();
  }

  function send(job) {
    const asked = new XMLHttpRequest();
    const done = () => { running -= 1; job.sending = null; };
    running += 1;
    job.sending = asked;
    show(job, "sending", words("sending", "", 0));
    asked.open("POST", `${job.chooser.dataset.sends}&key=${job.key}`);
    asked.setRequestHeader("X-CSRFToken", token);
    asked.setRequestHeader("Content-Type", "application/octet-stream");
    asked.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(job.sentAs || job.name)}`);
    // A line that hardly moves is as good as dropped, and the server waits no longer either.
    asked.timeout = 60000 + job.file.size / 32;
    asked.upload.onprogress = (event) => {
      const part = Math.floor((event.loaded * 100) / (event.total || 1));
      find("progress", job.row).value = part;
      find(".file-state", job.row).textContent = words("sending", "", part);
      // What has arrived whole is taken back by 删除 on its row, which comes with the answer.
      find("[data-cancel]", job.row).hidden = part >= 100;
    };
    asked.onload = () => { done(); answered(job, asked); pump(); };
    asked.onerror = asked.ontimeout = () => { done(); fail(job, "line"); pump(); };
    asked.onabort = () => { done(); pump(); };
    asked.send(job.file);
  }

  function answered(job, asked) {
    const status = asked.status;
    if (status === 201) {
      settled(job);
      put(asked.responseText, job.row);
      tell(words("kept", job.name));
      poll();
    } else if (status === 413 || status === 415 || status === 422) {
      refuse(job, asked.responseText);
    } else if ((status === 429 || status === 503) && (job.tries += 1) <= TRIES) {
      const seconds = Math.min(+asked.getResponseHeader("Retry-After") || 5 * job.tries, 3600);
      notBefore = Date.now() + seconds * 1000;
      show(job, "queued", words("wait", "", seconds));
      tell(words("wait", "", seconds));
    } else {
      fail(job, status === 507 ? "full" : status < 400 || status === 401 ? "out" : "busy");
    }
  }

  // Rows as the server makes them.

  function put(html, instead) {
    const made = document.createElement("template");
    made.innerHTML = html;
    Array.from(made.content.querySelectorAll(".file-row")).forEach((row) => {
      const there = document.getElementById(row.id);
      const old = there || instead;
      const kind = there && find("select", there);
      if (kind) find("select", row).value = kind.value;
      const held = old && old.contains(document.activeElement);
      if (old) old.replaceWith(row);
      if (there && instead && instead !== there) instead.remove();
      if (held) row.focus();
      if (there && row.classList.contains("file-row-bad")) tell(words("judged", find(".file-name", row).textContent));
    });
  }

  let later = 0;
  let pause = 0;
  function poll() {
    clearTimeout(later);
    pause = 1500;
    later = setTimeout(ask, pause);
  }

  function ask() {
    const waiting = Array.from(document.querySelectorAll("[data-checking]"), (each) => `id=${each.dataset.file}`);
    if (!waiting.length || !sentences.dataset.rows) return;
    const again = () => { later = setTimeout(ask, pause = Math.min(pause * 1.5, 30000)); };
    const asked = new XMLHttpRequest();
    asked.open("GET", `${sentences.dataset.rows}?${waiting.join("&")}`);
    asked.onload = () => {
      if (asked.status === 200) put(asked.responseText);
      again();
    };
    asked.onerror = again;
    asked.send();
  }

  function post(address, fields, then) {
    const asked = new XMLHttpRequest();
    asked.open("POST", address);
    asked.setRequestHeader("X-CSRFToken", token);
    asked.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    asked.onloadend = () => then(asked.status === 204);
    asked.send(Object.keys(fields).map((name) => `${name}=${encodeURIComponent(fields[name])}`).join("&"));
  }

  // What a person does.

  form.querySelectorAll(".file-chooser").forEach((chooser) => {
    find(".file-camera", chooser).hidden = false;
    chooser.querySelectorAll("input").forEach((input) => {
      input.onchange = () => {
        const chosen = Array.from(input.files);
        input.value = "";
        chosen.forEach((file) => begin(chooser, file));
        pump();
      };
    });
  });
  form.classList.add("has-files-script");

  form.addEventListener("change", (event) => {
    const chosen = event.target;
    if (!chosen.dataset.keeps) return;
    // The form brings it as well, should this be lost.
    post(chosen.dataset.keeps, { id: chosen.closest("[data-file]").dataset.file, kind: chosen.value }, () => {});
  });

  form.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.type === "submit") button = pressed;
    const row = pressed.closest(".file-row");
    const name = row && find(".file-name", row).textContent;
    if ("drops" in pressed.dataset) {
      event.preventDefault();
      leave(row);
      tell(words("gone", name));
    }
    if (!pressed.dataset.removes) return;
    event.preventDefault();
    pressed.disabled = true;
    post(pressed.dataset.removes, { id: pressed.value }, (isGone) => {
      pressed.disabled = false;
      if (!isGone) { tell(words("busy")); return; }
      leave(row);
      tell(words("gone", name));
    });
  });

  // Leaving the page: files on their way are waited for, and one that did not come over is told of.

  let leaving = null;
  const isUnderWay = () => jobs.some((each) => each.at !== "failed" && each.at !== "refused");

  form.addEventListener("submit", (event) => {
    const pressed = event.submitter || button;
    const goesOn = !pressed || pressed.value !== "later";
    if (isUnderWay()) {
      leaving = pressed || form;
      tell(words("until"));
      heard.classList.add("file-words-seen");
    } else if (goesOn && jobs.length) {
      complain();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  function settle() {
    if (!leaving || isUnderWay()) return;
    const pressed = leaving;
    leaving = null;
    heard.classList.remove("file-words-seen");
    if (pressed === form) form.submit();
    else pressed.click();
  }

  function complain() {
    const before = find(".error-summary");
    if (before) before.remove();
    const summary = find("[data-files-summary]").content.firstElementChild.cloneNode(true);
    const title = find("h2", summary);
    title.textContent = title.textContent.replace("{n}", jobs.length);
    jobs.forEach((job) => {
      const link = document.createElement("a");
      const line = document.createElement("li");
      link.href = `#${job.row.id}`;
      link.textContent = words(job.at === "failed" ? "stop" : "swap", job.name);
      line.append(link);
      find("ul", summary).append(line);
      job.chooser.parentNode.classList.add("file-card-bad");
    });
    find("main").prepend(summary);
    if (!document.title.startsWith(words("title"))) document.title = words("title") + document.title;
    summary.focus();
    summary.scrollIntoView();
  }

  addEventListener("online", () => {
    jobs.forEach((job) => { if (job.at === "failed" && job.why === "line") queue(job); });
    pump();
  });
  addEventListener("beforeunload", (event) => {
    if (isUnderWay()) event.preventDefault();
  });
  poll();
})();
