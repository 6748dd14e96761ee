"use strict";
// Lists the operations of ../openapi.json and lets one try them. Everything from the description or an answer is set as text, never as HTML.

const METHODS = ["get", "post", "put", "patch", "delete"];
let description;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function resolve(thing) {
  if (!thing || !thing.$ref) return thing;
  return thing.$ref.slice(2).split("/").reduce((part, step) => part[step.replaceAll("~1", "/").replaceAll("~0", "~")], description);
}

function typeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf || schema.oneOf) return (schema.anyOf || schema.oneOf).map(typeOf).join(" or ");
  if (schema.enum) return schema.enum.map(String).join(" | ");
  if ("const" in schema) return String(schema.const);
  if (schema.type === "array") return `list of ${typeOf(schema.items)}`;
  return [].concat(schema.type || "anything").join(" or ") + (schema.format ? ` (${schema.format})` : "");
}

function sample(schema, depth = 0) {
  schema = resolve(schema) || {};
  if (schema.examples && schema.examples.length) return schema.examples[0];
  if ("default" in schema) return schema.default;
  if ("const" in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const branches = schema.anyOf || schema.oneOf;
  if (branches) return sample(branches[0], depth);
  if (depth > 5) return null;
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, sample(field, depth + 1)]));
  }
  const plain = { array: [], object: {}, string: "", integer: schema.minimum || 0, number: 0, boolean: false };
  return plain[schema.type] ?? null;
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function parameterRow(parameter) {
  const schema = resolve(parameter.schema) || {};
  const choices = schema.type === "boolean" ? [true, false] : schema.enum;
  const input = choices
    ? make("select", {}, make("option", { value: "" }), ...choices.map((choice) => make("option", { value: String(choice) }, String(choice))))
    : make("input", { autocomplete: "off", spellcheck: false, placeholder: "default" in schema ? String(schema.default) : "" });
  input.setAttribute("aria-label", parameter.name);
  const row = make("tr", {},
    make("td", {}, make("code", {}, parameter.name), parameter.required ? " *" : "", make("div", { className: "note" }, parameter.in)),
    make("td", {}, typeOf(parameter.schema), make("div", { className: "note" }, parameter.description || "")),
    make("td", {}, input));
  return { row, parameter, input, isList: schema.type === "array" };
}

function multipartFields(schema) {
  return Object.entries((resolve(schema) || {}).properties || {}).map(([name, field]) => {
    const isFile = field.format === "binary" || (field.items || {}).format === "binary";
    const input = make("input", isFile ? { type: "file", multiple: field.type === "array" } : { autocomplete: "off" });
    input.setAttribute("aria-label", name);
    return { row: make("tr", {}, make("td", {}, make("code", {}, name)), make("td", {}, typeOf(field)), make("td", {}, input)), name, input };
  });
}

function bodyEditor(operation) {
  if (!operation.requestBody) return null;
  const [media, { schema, example }] = Object.entries(operation.requestBody.content)[0];
  const heading = make("h3", {}, "Body ", make("span", { className: "note" }, `${media}, ${typeOf(schema)}`));
  if (media === "multipart/form-data") {
    const fields = multipartFields(schema);
    const read = () => {
      const form = new FormData();
      for (const { name, input } of fields) {
        if (input.type === "file") for (const file of input.files) form.append(name, file);
        else if (input.value !== "") form.append(name, input.value);
      }
      return form;
    };
    return { view: make("div", {}, heading, make("table", {}, ...fields.map((field) => field.row))), media: null, read };
  }
  const text = make("textarea", { spellcheck: false, value: JSON.stringify(example ?? sample(schema), null, 2) });
  text.setAttribute("aria-label", "body");
  return { view: make("div", {}, heading, text, schemaView(schema)), media, read: () => text.value };
}

function schemaView(schema) {
  if (!schema) return null;
  return make("details", {}, make("summary", {}, `Schema of ${typeOf(schema)}`), make("pre", {}, JSON.stringify(resolve(schema), null, 2)));
}

function answersView(operation) {
  const rows = Object.entries(operation.responses).map(([status, reference]) => {
    const answer = resolve(reference);
    const media = Object.entries(answer.content || {})[0];
    const kind = media ? `${media[0]} ${typeOf(media[1].schema)}` : "no body";
    const isModel = media && media[1].schema && !status.startsWith("4") && !status.startsWith("5") && status !== "default";
    return make("tr", {}, make("td", {}, make("code", {}, status)),
      make("td", {}, answer.description, make("div", { className: "note" }, kind), isModel ? schemaView(media[1].schema) : null));
  });
  return make("details", {}, make("summary", {}, "Answers"), make("table", {}, ...rows));
}

function addressFor(path, rows) {
  const query = new URLSearchParams();
  for (const { parameter, input, isList } of rows) {
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    if (parameter.in !== "query" || input.value === "") continue;
    for (const value of isList ? input.value.split(",") : [input.value]) query.append(parameter.name, value.trim());
  }
  const root = new URL(".", document.baseURI).pathname.replace(/\/$/, "");
  return root + path + (String(query) ? `?${query}` : "");
}

function headersFor(rows, body) {
  const headers = new Headers({ Accept: "application/json, application/problem+json, */*" });
  const token = document.getElementById("token").value.trim();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body && body.media) headers.set("Content-Type", body.media);
  for (const { parameter, input } of rows) if (parameter.in === "header" && input.value) headers.set(parameter.name, input.value);
  return headers;
}

async function readInto(output, response, head) {
  const type = response.headers.get("Content-Type") || "";
  if (!/json|^text\//.test(type)) {
    const bytes = (await response.blob()).size;
    output.textContent = `${head}\n\n${bytes ? `(${bytes} bytes of ${type})` : ""}`;
    return;
  }
  const decoder = new TextDecoder();
  let text = "";
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    output.textContent = `${head}\n\n${text}`;
  }
  output.textContent = `${head}\n\n${pretty(text)}`;
}

async function send(method, path, rows, body, output, signal) {
  const address = addressFor(path, rows);
  output.hidden = false;
  output.textContent = `${method.toUpperCase()} ${address} …`;
  try {
    const started = performance.now();
    const response = await fetch(address, { method: method.toUpperCase(), headers: headersFor(rows, body), body: body ? body.read() : undefined, signal });
    const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    const took = Math.round(performance.now() - started);
    await readInto(output, response, [`${response.status} ${response.statusText} (${took} ms)`, ...lines].join("\n"));
  } catch (error) {
    output.textContent += error.name === "AbortError" ? "\n\n(stopped)" : `\n\nNo answer: ${error.message}`;
  }
}

function tryForm(method, path, operation) {
  const rows = (operation.parameters || []).map(resolve).map(parameterRow);
  const body = bodyEditor(operation);
  const output = make("pre", { hidden: true });
  output.setAttribute("aria-live", "polite");
  const stop = make("button", { type: "button", disabled: true }, "Stop");
  const form = make("form", {},
    rows.length ? make("table", {}, ...rows.map(({ row }) => row)) : null,
    body ? body.view : null,
    make("div", { className: "actions" }, make("button", { type: "submit" }, "Send"), stop), output);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const control = new AbortController();
    stop.onclick = () => control.abort();
    stop.disabled = false;
    await send(method, path, rows, body, output, control.signal);
    stop.disabled = true;
  });
  return form;
}

function operationView(method, path, operation) {
  const details = make("details", { className: "operation", id: operation.operationId },
    make("summary", {}, make("span", { className: `method ${method}` }, method.toUpperCase()), make("code", {}, path),
      make("span", { className: "note" }, operation.summary || "")));
  details.dataset.words = `${method} ${path} ${operation.summary} ${operation.operationId} ${operation.tags}`.toLowerCase();
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    const paragraphs = (operation.description || "").split("\n\n").map((text) => make("p", {}, text));
    details.append(make("div", {}, ...paragraphs, tryForm(method, path, operation), answersView(operation)));
  });
  return details;
}

function show() {
  document.getElementById("version").textContent = description.info.version;
  const main = document.getElementById("operations");
  main.replaceChildren();
  const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ method, path, operation: item[method] })));
  for (const tag of description.tags) {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag.name));
    const views = own.map(({ method, path, operation }) => operationView(method, path, operation));
    main.append(make("section", {}, make("h2", {}, tag.name), make("p", { className: "note" }, tag.description || ""), ...views));
  }
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (linked && linked.matches(".operation")) { linked.open = true; linked.scrollIntoView(); }
}

function filter() {
  const words = document.getElementById("find").value.toLowerCase().split(/\s+/);
  for (const view of document.querySelectorAll(".operation")) view.hidden = !words.every((word) => view.dataset.words.includes(word));
  for (const section of document.querySelectorAll("main > section")) section.hidden = !section.querySelector(".operation:not([hidden])");
}

async function start() {
  document.getElementById("bar").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("find").addEventListener("input", filter);
  try {
    const response = await fetch("openapi.json");
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    description = await response.json();
    show();
  } catch (error) {
    document.getElementById("state").textContent = `The description could not be loaded: ${error.message}`;
  }
}

start();
