"use strict";

const PERIOD = 2000; /* ms */
const CONNECTIONS_SHOWN = 50;
const TOKEN = "twitch-httpd-token";

const element = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

const number = (n) => n === undefined ? "–" : whole.format(n);

function span(ms) {
	const s = Math.max(0, Math.round(ms / 1000));

	if (s < 100)
		return `${s} s`;
	if (s < 6000)
		return `${Math.round(s / 60)} min`;
	return s < 172800 ? `${Math.round(s / 3600)} h` :
	    `${Math.round(s / 86400)} d`;
}

function size(bytes) {
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	let unit = 0;

	if (bytes === undefined)
		return "–";
	for (; bytes >= 1024 && unit < units.length - 1; unit++)
		bytes /= 1024;
	return `${tenths.format(bytes)} ${units[unit]}`;
}

function text(id, value) {
	element(id).textContent = value;
}

/* The token is for this window only, and goes nowhere but to its server. */
function ask(path, options = {}) {
	const token = sessionStorage.getItem(TOKEN);

	if (token !== null)
		options.headers = { Authorization: `Bearer ${token}` };
	return fetch(path, { cache: "no-store", ...options });
}

/* A row of cells, each a text, or a text and the classes of its cell. */
function row(cells) {
	const tr = document.createElement("tr");

	for (const cell of cells) {
		const [content, classes] = [].concat(cell);
		const td = document.createElement("td");

		td.textContent = content;
		td.className = classes ?? "";
		tr.append(td);
	}
	return tr;
}

function rows(id, items, cells, none) {
	const list = items.map((item) => row(cells(item)));

	element(id).replaceChildren(
	    ...(list.length > 0 ? list : [row([none])]));
}

function state(ready, words) {
	text("state", words);
	element("state").className = ready ? "good" : "bad";
}

function faults(lines) {
	const list = element("faults");

	list.hidden = lines.length === 0;
	list.replaceChildren(...lines.map((line) => {
		const li = document.createElement("li");

		li.textContent = line;
		return li;
	}));
}

function curve(rates) {
	const peak = Math.max(1, ...rates);
	const x = (i) => 300 - rates.length + 1 + i;
	const points = rates.map(
	    (rate, i) => `${x(i)},${(58 - 54 * rate / peak).toFixed(2)}`);
	const line = points.length > 0 ? `M${points.join("L")}` : "";

	element("curve").setAttribute("d", line);
	element("area").setAttribute(
	    "d", line && `${line}L300,60L${x(0)},60Z`);
	text("peak", `at most ${whole.format(Math.max(0, ...rates))}`);
}

/* A channel's rate is what its count grew by between two status files. */
let before = { at: 0, lines: new Map(), rates: new Map() };

function channelRates(status) {
	const now = { at: status.written, lines: new Map(), rates: new Map() };
	const seconds = (now.at - before.at) / 1000;

	if (seconds === 0)
		return before.rates;
	for (const { channel, lines } of status.channels) {
		const last = before.lines.get(channel);

		if (lines === undefined)
			continue;
		now.lines.set(channel, lines);
		if (last !== undefined && lines >= last && seconds > 0)
			now.rates.set(channel, (lines - last) / seconds);
	}
	before = now;
	return now.rates;
}

function showChannels(status) {
	const rates = channelRates(status);

	rows("channels", status.channels, (c) => [
		c.channel,
		[c.phase + (c.reason ? `: ${c.reason}` : ""),
			c.phase === "joined" ? "good" :
			c.phase === "refused" ? "bad" : ""],
		[rates.has(c.channel) ?
			tenths.format(rates.get(c.channel)) : "–", "n"],
		[number(c.lines), "n wide"],
		[c.last_line ? span(status.now - c.last_line) : "–", "n wide"],
	], "none");
	text("found", status.found > status.channels.length ?
	    `${status.channels.length} of ${whole.format(status.found)}` : "");
}

function publisherState(p) {
	if (p.stale)
		return ["ended, or hangs", "bad"];
	return p.up ? ["up", "good"] : ["does not answer", "bad"];
}

/* How much waits there, and how old the oldest of it is. */
function spool(p) {
	const age = p.spool_bytes > 0 && p.spool_seconds !== undefined ?
	    `, ${span(1000 * p.spool_seconds)}` : "";

	return size(p.spool_bytes) + age;
}

function showPublishers(publishers) {
	rows("publishers", publishers, (p) => [
		p.name,
		publisherState(p),
		[number(p.acknowledged), "n"],
		[number(p.in_flight), "n wide"],
		[number(p.rejected), "n wide"],
		[spool(p), "n"],
	], "none");
}

/* Those that are not ready first. */
function showConnections(connections, now) {
	const ready = (c) => c.state === "ready";
	const shown = [...connections].sort((a, b) => ready(a) - ready(b))
	    .slice(0, CONNECTIONS_SHOWN);

	text("ready", `${whole.format(connections.filter(ready).length)} of ` +
	    whole.format(connections.length));
	rows("connections", shown, (c) => [
		c.conn,
		c.identity,
		[c.state, ready(c) ? "good" : ""],
		[number(c.channels), "n"],
		[span(now - c.since), "n wide"],
	], "none");
}

function show(status) {
	const all = Object.values(status.phases).reduce((a, b) => a + b, 0);

	state(status.ready, status.ready ? "ready" : "not ready");
	faults(status.faults.split("\n").filter((line) => line !== ""));
	text("rate", whole.format(status.rate));
	curve(status.rates);
	text("joined",
	    `${whole.format(status.phases.joined)} of ${whole.format(all)}`);
	text("lines", number(status.lines));
	text("gaps", number(status.gaps));
	text("dropped", number(status.dropped));
	showChannels(status);
	showPublishers(status.publishers);
	showConnections(status.connections ?? [], status.now);
	text("version", `twitch-httpd ${status.version}`);
	document.title = `${whole.format(status.rate)}/s – twitch-ingest`;
}

async function refresh() {
	const find = encodeURIComponent(element("find").value.toLowerCase());

	try {
		const answer = await ask(`status.json?find=${find}`);

		element("login").hidden = answer.status !== 401;
		if (answer.ok)
			show(await answer.json());
		else
			state(false, answer.status === 401 ?
			    "a token is required" : await answer.text());
	} catch {
		state(false, "twitch-httpd does not answer");
	}
}

async function refreshForEver() {
	for (;;) {
		if (!document.hidden)
			await refresh();
		await new Promise((done) => setTimeout(done, PERIOD));
	}
}

element("steer").addEventListener("submit", async (event) => {
	const verb = event.submitter?.hasAttribute("formaction") ?
	    "part" : "join";
	const body = new URLSearchParams(new FormData(event.target));

	event.preventDefault();
	try {
		const answer = await ask(verb, { method: "POST", body });

		text("answer", await answer.text());
		if (answer.ok)
			event.target.reset();
	} catch {
		text("answer", "twitch-httpd does not answer");
	}
	refresh();
});

element("login").addEventListener("submit", (event) => {
	event.preventDefault();
	sessionStorage.setItem(TOKEN, element("token").value);
	refresh();
});

element("find").addEventListener("input", refresh);
refreshForEver();
