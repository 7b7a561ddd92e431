"use strict";
// Everything is addressed relative to the page, so that it works behind any gateway or prefix.
(() => {
  const $ = (id) => document.getElementById(id);
  const state = { account: null, customer: null, conversation: null, transcript: null, people: [], typing: false, seen: 0 };
  let language = localStorage.getItem("language") || "pt";
  const t = (key) => window.WORDS[language][key] || window.WORDS.pt[key] || key;

  async function call(method, path, body) {
    const response = await fetch(`api/${path}`, {
      method, headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${response.status}: ${(await response.text()).slice(0, 200)}`);
    return response.json();
  }

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  let problemTimer;
  function problem(error) {
    $("problem").textContent = error.message;
    $("problem").hidden = false;
    clearTimeout(problemTimer);
    problemTimer = setTimeout(() => { $("problem").hidden = true; }, 6000);
  }
  const guarded = (work) => async (...given) => { try { await work(...given); } catch (error) { problem(error); } };

  // The text as the phone shows it: *bold*, _italic_ and addresses, made of nodes, never of markup.
  function words(text) {
    const made = element("span", { className: "words" });
    const pattern = /(https?:\/\/[^\s]+)|\*([^*\n]+)\*|_([^_\n]+)_/g;
    let from = 0;
    for (const found of text.matchAll(pattern)) {
      made.append(text.slice(from, found.index));
      if (found[1]) made.append(element("a", { href: found[1], textContent: found[1], rel: "noreferrer", target: "_blank" }));
      else if (found[2]) made.append(element("strong", { textContent: found[2] }));
      else made.append(element("em", { textContent: found[3] }));
      from = found.index + found[0].length;
    }
    made.append(text.slice(from));
    return made;
  }

  function ticks(line) {
    if (line.who === "customer") return element("span", { textContent: "✓✓" });
    if (line.status === "failed") return element("span", { className: "error", textContent: `⚠ ${t("failed")}` });
    if (!line.on_phone_at) return element("span", { textContent: `◷ ${t("onWay")}` });
    const made = element("span", { textContent: line.status === "sent" ? "✓" : "✓✓" });
    if (line.status === "read") made.className = "read";
    return made;
  }

  function bubble(line, asked, isLast) {
    const made = element("li", { className: `bubble ${line.who}` });
    if (line.status === "failed") made.classList.add("failed");
    else if (line.who !== "customer" && !line.on_phone_at) made.classList.add("away");
    if (line.who !== "customer") {
      const how = line.who === "phone" ? ` · ${t("from_phone")}` : line.who === "template" ? ` · ${t("greeting")}` : "";
      made.append(element("span", { className: "name", textContent: line.name + how }));
    }
    if (line.attachments.length) made.append(element("span", { className: "quiet", textContent: `📎 ${line.attachments.join(", ")} ` }));
    made.append(words(line.on_phone_text || line.text));
    if (line.choices.length) made.append(choices(line, isLast));
    if (line.error) made.append(element("p", { className: "error", textContent: line.error }));
    const meta = element("span", { className: "meta" });
    if (line.who === "assistant" && asked) meta.append(element("span", { textContent: `${t("answered")} ${(line.at - asked).toFixed(1)} s` }));
    meta.append(element("time", { textContent: clock(line.at) }), ticks(line));
    made.append(meta);
    return made;
  }

  function choices(line, isLast) {
    const made = element("span", { className: "choices" });
    for (const title of line.choices) {
      const button = element("button", { type: "button", textContent: title, disabled: !isLast });
      button.addEventListener("click", guarded(() => send([title], line.id)));
      made.append(button);
    }
    return made;
  }

  function showChat() {
    const chat = $("chat");
    const nearEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
    chat.replaceChildren();
    const lines = state.transcript ? state.transcript.lines : [];
    const visible = lines.filter((line) => !line.private && line.who !== "system");
    let asked = null;
    visible.forEach((line, index) => {
      chat.append(bubble(line, asked, index === visible.length - 1));
      if (line.who === "customer") asked = line.at;
    });
    if (!visible.length) chat.append(element("li", { className: "empty", textContent: t("empty") }));
    if (state.typing) chat.append(element("li", { className: "between", textContent: t("typing") }));
    if (nearEnd || visible.length !== state.seen) chat.scrollTop = chat.scrollHeight;
    state.seen = visible.length;
  }

  function showSide() {
    const found = state.transcript;
    const facts = $("facts");
    facts.replaceChildren();
    const add = (key, value) => facts.append(element("dt", { textContent: t(key) }), element("dd", {}, value));
    if (found) {
      add("status", element("span", { className: `pill ${found.status}`, textContent: `${t(found.status)} (${found.status})` }));
      add("assignee", found.assignee || t("nobody"));
      if (found.labels.length) add("labels", found.labels.join(", "));
      add("window", found.can_reply ? t("yes") : t("no"));
    }
    const lines = found ? found.lines.filter((line) => line.private || line.who === "system") : [];
    $("notes").replaceChildren(...lines.reverse().map((line) => element(
      "li", { className: line.private ? "note" : "system" },
      element("time", { textContent: `${clock(line.at)} · ${line.name}` }), line.text,
    )));
    for (const button of document.querySelectorAll("aside [data-action], #person button")) button.disabled = !found;
  }

  function showHead() {
    const person = state.people.find((each) => each.id === state.customer);
    $("chat-title").textContent = person ? person.name : "";
    $("chat-sub").textContent = person ? person.phone || person.source_id : "";
    $("avatar").textContent = person ? person.name.slice(0, 1).toUpperCase() : "";
    $("avatar").hidden = !person;
    $("text").disabled = !person;
  }

  function showPeople() {
    $("people").replaceChildren(...state.people.map((person) => {
      const button = element(
        "button", { type: "button" }, element("strong", { textContent: person.name }),
        element("span", { className: "last", textContent: person.last || t("no_conversation") }),
      );
      button.setAttribute("aria-current", String(person.id === state.customer));
      button.addEventListener("click", guarded(() => choose(person.id)));
      return element("li", {}, button);
    }));
    showHead();
  }

  async function loadPeople() {
    const [customers, conversations] = await Promise.all([
      call("GET", `accounts/${state.account}/customers`), call("GET", `accounts/${state.account}/conversations`),
    ]);
    const newest = new Map();
    for (const row of conversations.conversations) if (!newest.has(row.customer_id)) newest.set(row.customer_id, row);
    state.people = customers.customers.map((each) => ({
      ...each, at: newest.has(each.id) ? newest.get(each.id).last_activity_at : Infinity,
      last: newest.has(each.id) ? newest.get(each.id).last_text : "",
    })).sort((a, b) => b.at - a.at).slice(0, 200);
    showPeople();
  }

  async function loadChat() {
    const person = state.people.find((each) => each.id === state.customer);
    state.conversation = person && person.conversation_ids.length ? person.conversation_ids.at(-1) : null;
    state.transcript = state.conversation
      ? await call("GET", `accounts/${state.account}/conversations/${state.conversation}`) : null;
    showChat();
    showSide();
  }

  async function choose(id) {
    state.customer = id;
    state.typing = false;
    showPeople();
    await loadChat();
    $("text").focus();
  }

  async function send(texts, inReplyTo) {
    if (state.customer === null) return;
    const body = { texts, gap_seconds: texts.length > 1 ? 0.3 : 0, in_reply_to: inReplyTo || null };
    await call("POST", `accounts/${state.account}/customers/${state.customer}/messages`, body);
    await refresh();
  }

  const FAULTS = [
    ["f_500", { surface: "chatwoot", kind: "status", endpoint: "create_message", status: 500, count: 1 }],
    ["f_applied", { surface: "chatwoot", kind: "applied_then_timeout", endpoint: "create_message", count: 1 }],
    ["f_odoo", { surface: "odoo", kind: "status", status: 503, for_seconds: 30 }],
    ["f_odoo_slow", { surface: "odoo", kind: "slow", delay: 3, for_seconds: 30 }],
    ["f_dup", { surface: "webhook", kind: "duplicate", copies: 3, for_seconds: 30 }],
    ["f_order", { surface: "webhook", kind: "reorder", delay: 1, for_seconds: 30 }],
    ["f_drop", { surface: "webhook", kind: "drop", endpoint: "message_created", count: 1 }],
    ["f_wa", { surface: "whatsapp", kind: "fail", count: 1 }],
    ["f_model", { surface: "model", kind: "status", status: 503, for_seconds: 30 }],
  ];

  function showPresets() {
    $("presets").replaceChildren(...FAULTS.map(([key, spec]) => {
      const button = element("button", { type: "button", textContent: t(key) });
      button.addEventListener("click", guarded(async () => { await call("POST", "faults", spec); await loadFaults(); }));
      return element("li", {}, button);
    }));
  }

  async function loadFaults() {
    const { faults } = await call("GET", "faults");
    $("faults").replaceChildren(...faults.map((fault) => {
      const amount = fault.left !== null ? `${t("left")} ${fault.left}` : fault.for_seconds ? `${fault.for_seconds} s` : t("always");
      const button = element("button", { type: "button", className: "small", textContent: t("remove") });
      button.addEventListener("click", guarded(async () => { await call("DELETE", `faults/${fault.id}`); await loadFaults(); }));
      return element("li", {}, element("span", { textContent: `${fault.surface} · ${fault.kind} · ${amount}` }), button);
    }));
  }

  async function refresh() {
    await loadPeople();
    await loadChat();
  }

  // Events come in bursts: one reading for all that came within a moment.
  let planned = null;
  function soon() {
    planned ??= setTimeout(guarded(async () => { planned = null; await refresh(); }), 120);
  }

  let source = null;
  function watch() {
    source?.close();
    source = new EventSource(`api/accounts/${state.account}/events`);
    source.onopen = () => { $("live").className = "live on"; $("live").textContent = t("live"); soon(); };
    source.onerror = () => { $("live").className = "live"; $("live").textContent = t("polling"); };
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.conversation_id === state.conversation && event.event.startsWith("typing_")) {
        state.typing = event.event === "typing_on";
        showChat();
        return;
      }
      if (event.event === "message_created") state.typing = false;
      soon();
    };
  }

  function translate() {
    document.documentElement.lang = { pt: "pt-BR", es: "es", en: "en" }[language];
    for (const each of document.querySelectorAll("[data-t]")) each.textContent = t(each.dataset.t);
    for (const each of document.querySelectorAll("[data-p]")) each.placeholder = t(each.dataset.p);
    $("live").textContent = t($("live").classList.contains("on") ? "live" : "polling");
    showPresets();
    showPeople();
    showChat();
    showSide();
  }

  const NAMES = ["Mariana Alves", "João Batista", "Camila Duarte", "Roberto Nakamura", "Teresa Prado", "Luís Otávio", "Iara Gomes"];
  function suggestCustomer() {
    $("new-name").value = NAMES[Math.floor(Math.random() * NAMES.length)];
    $("new-phone").value = `+55319${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
  }

  $("new").addEventListener("click", () => {
    $("new-form").hidden = !$("new-form").hidden;
    suggestCustomer();
    $("new-name").select();
  });
  $("new-form").addEventListener("submit", guarded(async (event) => {
    event.preventDefault();
    const body = { name: $("new-name").value.trim(), phone: $("new-phone").value.trim() || null };
    const made = await call("POST", `accounts/${state.account}/customers`, body);
    $("new-form").hidden = true;
    await loadPeople();
    await choose(made.id);
  }));
  $("composer").addEventListener("submit", guarded(async (event) => {
    event.preventDefault();
    const text = $("text").value.trim();
    if (!text) return;
    $("text").value = "";
    const lines = $("burst").checked ? text.split("\n").map((each) => each.trim()).filter(Boolean) : [text];
    await send(lines);
  }));
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !$("burst").checked && !event.isComposing) {
      event.preventDefault();
      $("composer").requestSubmit();
    }
  });
  $("person").addEventListener("submit", guarded(async (event) => {
    event.preventDefault();
    await act(event.submitter ? event.submitter.value : "reply", $("person-text").value.trim());
    $("person-text").value = "";
  }));
  for (const button of document.querySelectorAll("aside [data-action]")) {
    button.addEventListener("click", guarded(() => act(button.dataset.action, "")));
  }
  async function act(action, text) {
    if (!state.conversation) return;
    await call("POST", `accounts/${state.account}/conversations/${state.conversation}/actions`, { action, text });
    await refresh();
  }
  $("language").addEventListener("change", () => {
    language = $("language").value;
    localStorage.setItem("language", language);
    translate();
  });
  $("account").addEventListener("change", guarded(async () => {
    state.account = Number($("account").value);
    state.customer = null;
    watch();
    await refresh();
  }));

  guarded(async () => {
    const { accounts } = await call("GET", "accounts");
    state.account = accounts[0].id;
    $("account").replaceChildren(...accounts.map((each) => element("option", { value: each.id, textContent: `${each.id} · ${each.name}` })));
    $("account").hidden = accounts.length < 2;
    if (!(language in window.WORDS)) language = "pt";
    $("language").value = language;
    await loadPeople();
    if (state.people.length) await choose(state.people[0].id);
    else { const made = await call("POST", `accounts/${state.account}/customers`, { name: NAMES[0], phone: "+5531995550101" }); await loadPeople(); await choose(made.id); }
    translate();
    watch();
    await loadFaults();
    // Also catches what a lost stream missed, and faults that ran out.
    setInterval(() => { if (!document.hidden) { loadFaults().catch(problem); if (source.readyState !== EventSource.OPEN) soon(); } }, 3000);
  })();
})();
