"use strict";

// Keeps the status page fresh: asks for the JSON once a second and writes what changed as text, never as markup.
// Every table and number is on the page already, so it is complete without this script.
(() => {
  const live = document.getElementById("live");
  if (!live) return;

  const every = 1000;
  const units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

  const bytes = (count) => {
    if (count < 1024) return `${Math.floor(count)} B`;
    let unit = -1;
    while (count >= 1024 && unit < units.length - 1) {
      count /= 1024;
      unit += 1;
    }
    return `${(Math.floor(count * 10) / 10).toFixed(1)} ${units[unit]}`;
  };

  const duration = (seconds) => {
    seconds = Math.max(0, Math.floor(seconds));
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
    return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds / 3600) % 24} h`;
  };

  const date = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;

  // One list of cell texts a table, in the order of its columns.
  const cells = {
    connections: (c, at) => [
      c.id, c.peer, c.name || "", c.protocol, c.decision, c.tunnel || c.upstream || "", duration(at.now - c.since),
      bytes(c.raw.received), bytes(c.raw.sent), bytes(c.payload.received + c.payload.sent), at.rate(c),
    ],
    tunnels: (t, at) => [
      t.id, t.identity || "", t.profile, t.peer, [...t.names, ...t.ports.map((port) => `:${port}`)].join(", "),
      String(t.streams), duration(at.now - t.since), `${duration(at.now - t.lastHeard)} ago`,
      bytes(t.raw.received), bytes(t.raw.sent), bytes(t.payload.received + t.payload.sent), at.rate(t),
    ],
    names: (n, at) => [
      n.pattern, n.away ? "away" : "served", n.tunnels.join(", "),
      n.lastSeen == null ? "" : `${duration(at.now - n.lastSeen)} ago`,
    ],
    listeners: (l) => [l.address, l.fallback, String(l.accepted), String(l.open)],
    certificates: (c, at) => [
      c.names.join(", "), c.key, date(c.notAfter),
      c.notAfter <= at.now ? "expired" : `in ${duration(c.notAfter - at.now)}`,
    ],
  };
  const keys = {
    connections: (c) => c.id,
    tunnels: (t) => t.id,
    names: (n) => n.pattern,
    listeners: (l) => l.address,
    certificates: (c, index) => `${index} ${c.names.join(" ")}`,
  };
  const badges = {
    names: [1, (n) => (n.away ? "warn" : "good")],
    certificates: [3, (c, at) => (c.notAfter <= at.now ? "bad" : c.notAfter - at.now < 14 * 86400 ? "warn" : "good")],
  };

  const setText = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };

  const makeRow = (table, key) => {
    const row = document.createElement("tr");
    row.dataset.key = key;
    for (const head of table.tHead.rows[0].cells) {
      const cell = row.insertCell();
      cell.className = head.className;
      cell.dataset.label = head.textContent;
    }
    return row;
  };

  const fill = (name, entries, total, at) => {
    const table = document.getElementById(`table-${name}`);
    if (!table) return;
    const body = table.tBodies[0];
    const rows = new Map(Array.from(body.rows, (row) => [row.dataset.key, row]));
    let place = body.firstElementChild;
    entries.forEach((entry, index) => {
      const key = keys[name](entry, index);
      const row = rows.get(key) || makeRow(table, key);
      rows.delete(key);
      if (row === place) place = row.nextElementSibling;
      else body.insertBefore(row, place);
      const texts = cells[name](entry, at);
      const badge = badges[name];
      texts.forEach((text, column) => {
        const cell = row.cells[column];
        if (!badge || badge[0] !== column) return setText(cell, text);
        let label = cell.firstElementChild;
        if (!label) {
          label = document.createElement("span");
          cell.replaceChildren(label);
        }
        label.className = `badge ${badge[1](entry, at)}`;
        setText(label, text);
      });
      row.classList.toggle("moving", at.isMoving(entry));
    });
    for (const row of rows.values()) row.remove();
    setText(document.getElementById(`count-${name}`), String(total));
    document.getElementById(`none-${name}`).hidden = entries.length > 0;
    table.hidden = entries.length === 0;
    const more = document.getElementById(`more-${name}`);
    more.hidden = total <= entries.length;
    setText(more, `and ${total - entries.length} more`);
  };

  let before = null;

  const show = (status, instant) => {
    const seconds = before ? (instant - before.instant) / 1000 : 0;
    const readings = new Map();
    const rates = new Map();
    for (const entry of [...status.connections, ...status.tunnels]) {
      // A tunnel and the connection that it is have identities of their own: t7, c42.
      const moved = entry.raw.received + entry.raw.sent;
      readings.set(entry.id, moved);
      const earlier = before ? before.readings.get(entry.id) : undefined;
      if (earlier !== undefined && seconds > 0) rates.set(entry.id, Math.max(0, moved - earlier) / seconds);
    }
    const perSecond = (rate) => (rate ? `${bytes(rate)}/s` : "");
    const at = {
      now: status.started + status.uptimeSeconds,
      rate: (entry) => perSecond(rates.get(entry.id)),
      isMoving: (entry) => (rates.get(entry.id) || 0) > 0,
    };

    fill("connections", status.connections, status.connectionCount, at);
    fill("tunnels", status.tunnels, status.tunnelCount, at);
    fill("names", status.names, status.nameCount, at);
    fill("listeners", status.listeners, status.listeners.length, at);
    fill("certificates", status.certificates, status.certificates.length, at);

    const field = (name, text) => setText(document.getElementById(`field-${name}`), text);
    const visitors = status.totals.visitors;
    field("uptime", duration(status.uptimeSeconds));
    field("tunnels", String(status.tunnelCount));
    field("open", String(status.totals.openConnections));
    field("visitors", String(visitors.connections));
    field("received", bytes(visitors.raw.received));
    field("sent", bytes(visitors.raw.sent));
    if (before && seconds > 0) {
      const earlier = before.status.totals.visitors.raw;
      field("received-rate", perSecond(Math.max(0, visitors.raw.received - earlier.received) / seconds));
      field("sent-rate", perSecond(Math.max(0, visitors.raw.sent - earlier.sent) / seconds));
    }
    field("version", status.version);
    field("openssl", status.openSSLVersion);
    field("swift", status.swiftVersion);
    const ready = document.getElementById("field-ready");
    ready.className = `badge ${status.ready ? "good" : "warn"}`;
    setText(ready, status.ready ? "ready" : "not ready");
    before = { status, instant, readings };
  };

  const refresh = async () => {
    try {
      if (!document.hidden) {
        const answer = await fetch("/api/v1/status", {
          headers: { Accept: "application/json" },
          signal: AbortSignal.timeout(5000),
        });
        if (!answer.ok) throw new Error(String(answer.status));
        show(await answer.json(), performance.now());
        live.dataset.state = "on";
        setText(live, "live");
      }
    } catch {
      live.dataset.state = "lost";
      setText(live, "no answer, trying again");
    }
    setTimeout(refresh, every);
  };
  refresh();
})();
