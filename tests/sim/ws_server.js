// A call WebSocket server written with Node's `ws`, for interoperability; it has the manners of
// tests/sim/call_socket_manners.py and prints what it sees, one JSON object a line.
//
// usage: node ws_server.js SUB_PROTOCOLS [CERTIFICATE KEY]     (sub-protocols with commas between)
// It listens on a free port of 127.0.0.1 and ends when its standard input does.

"use strict";

const fs = require("fs");
const http = require("http");
const https = require("https");
const { WebSocketServer } = require("ws");

const FRAME_SAMPLES = 160;
const AHEAD_FRAMES = 10;
const BEFORE = new Set(["/status", "/broken", "/stall"]);
const GARBAGE = [
  "{",
  "[]",
  '{"type": "sing"}',
  '{"type": "audio_play_start", "channels": 3}',
  '{"type": "audio_play_start", "format": "mp3"}',
  '{"type": "call_hangup", "cause": "BORED"}',
];

const [wanted, certificate, key] = process.argv.slice(2);
const subProtocols = wanted ? wanted.split(",") : [];
let calls = 0;

function tell(fact, members) {
  process.stdout.write(JSON.stringify({ fact, ...members }) + "\n");
}

function message(type, members) {
  return JSON.stringify({ type, ...members });
}

function toneOf(query) {
  const turn = (2 * Math.PI * Number(query.get("hertz") || 440)) / 8000;
  let sample = 0;
  return () => {
    const frame = Buffer.alloc(2 * FRAME_SAMPLES);
    for (let at = 0; at < FRAME_SAMPLES; at++, sample++) {
      frame.writeInt16LE(Math.round(8000 * Math.sin(turn * sample)), 2 * at);
    }
    return frame;
  };
}

function begin(socket, manner, query, tone) {
  const play = (id, frames) => {
    socket.send(message("audio_play_start", { id }));
    for (let n = 0; n < frames; n++) socket.send(tone());
  };
  switch (manner) {
    case "/echo":
      return play("echo", 0);
    case "/tone":
      return play("tone", AHEAD_FRAMES);
    case "/garbled":
      GARBAGE.forEach((text) => socket.send(text));
      play("echo", 0);
      return socket.send(Buffer.from("odd"));
    case "/hang_up": {
      const cause = query.get("cause") || "NORMAL";
      return socket.send(message("call_hangup", { cause, raw_cause: Number(query.get("raw_cause") || 0) }));
    }
    case "/close":
      return socket.close(Number(query.get("code") || 1000));
    case "/vanish":
      return socket.terminate();
    case "/deaf":
      return socket.pause();
    case "/flood":
      return play("flood", Number(query.get("frames") || 2000));
    case "/huge":
      play("huge", 0);
      return socket.send(Buffer.alloc(Number(query.get("bytes") || 1601)));
  }
}

function goOn(socket, manner, sound, tone) {
  if (manner === "/echo" || manner === "/garbled") socket.send(sound);
  if (manner === "/tone") socket.send(tone());
}

function serve(socket, request, url) {
  const call = ++calls;
  const offered = (request.headers["sec-websocket-protocol"] || "").split(/, */).filter(Boolean);
  const after = Number(url.searchParams.get("after") || 0);
  const tone = toneOf(url.searchParams);
  let heard = 0;
  tell("connected", { call, path: request.url, offered, selected: socket.protocol });
  socket.on("message", (data, isSound) => {
    if (isSound) {
      heard += 1;
      tell("sound", { call, sound: data.toString("base64") });
      if (after > 0 && heard === after) begin(socket, url.pathname, url.searchParams, tone);
      if (heard > after) goOn(socket, url.pathname, data, tone);
    } else {
      tell("text", { call, text: data.toString() });
      const isStart = JSON.parse(data.toString()).type === "audio_start";
      if (isStart && after === 0) begin(socket, url.pathname, url.searchParams, tone);
    }
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", (code) => tell("over", { call, code }));
}

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => subProtocols.find((one) => offered.has(one)) || false,
});
const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) })
  : http.createServer();

server.on("upgrade", (request, raw, head) => {
  const url = new URL(request.url, "ws://localhost");
  tell("asked", { path: request.url });
  raw.on("error", () => raw.destroy());
  if (!BEFORE.has(url.pathname)) {
    sockets.handleUpgrade(request, raw, head, (socket) => serve(socket, request, url));
  } else if (url.pathname === "/status") {
    const code = url.searchParams.get("code") || "404";
    raw.end(`HTTP/1.1 ${code} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  } else if (url.pathname === "/broken") {
    raw.end("this is no HTTP\r\n\r\n");
  }
});
server.on("tlsClientError", () => {});
server.listen(0, "127.0.0.1", () => tell("listens", { port: server.address().port }));
process.stdin.on("end", () => process.exit(0)).resume();
