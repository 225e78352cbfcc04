// Scenes of the sandbox's media: each draws itself at time t (0..1) on a canvas of w by h.
(() => {
  const ink = "#4a2f27", tea = "#b5642a", glaze = "#2f7f79", paper = "#f4ead8";
  const wash = (c, w, h, a, b) => { const g = c.createLinearGradient(0, 0, 0, h); g.addColorStop(0, a); g.addColorStop(1, b); c.fillStyle = g; c.fillRect(0, 0, w, h); };
  const oval = (c, x, y, rx, ry, fill) => { c.beginPath(); c.ellipse(x, y, rx, ry, 0, 0, 7); c.fillStyle = fill; c.fill(); };
  const mug = (c, x, y, s, body) => {
    c.lineWidth = s * 0.13; c.strokeStyle = body; c.beginPath(); c.arc(x + s * 0.92, y + s * 0.42, s * 0.32, -1.4, 1.6); c.stroke();
    c.fillStyle = body; c.beginPath(); c.moveTo(x - s, y); c.bezierCurveTo(x - s, y + s * 1.25, x + s, y + s * 1.25, x + s, y); c.closePath(); c.fill();
    oval(c, x, y, s, s * 0.27, "#fff8ec"); oval(c, x, y + s * 0.03, s * 0.88, s * 0.2, tea);
  };
  const vapour = (c, x, y, s, t, colour) => {
    c.strokeStyle = colour; c.lineCap = "round"; c.lineWidth = s * 0.1;
    for (let k = -1; k <= 1; k++) { c.beginPath(); for (let i = 0; i <= 20; i++) { const p = i / 20; const px = x + k * s * 0.45 + Math.sin(p * 5 + t * 6.283 + k) * s * 0.12; const py = y - s * 0.25 - p * s * 0.9; i ? c.lineTo(px, py) : c.moveTo(px, py); } c.stroke(); }
  };
  const leaf = (c, x, y, s, a, fill) => {
    c.save(); c.translate(x, y); c.rotate(a); c.beginPath(); c.moveTo(0, -s); c.bezierCurveTo(s * 0.8, -s * 0.3, s * 0.5, s * 0.7, 0, s); c.bezierCurveTo(-s * 0.5, s * 0.7, -s * 0.8, -s * 0.3, 0, -s); c.fillStyle = fill; c.fill();
    c.strokeStyle = "#0003"; c.lineWidth = s * 0.07; c.beginPath(); c.moveTo(0, -s * 0.7); c.lineTo(0, s * 1.2); c.stroke(); c.restore();
  };
  const S = {
    cup(c, w, h) { wash(c, w, h, "#dfe9e4", "#c8b79b"); oval(c, w / 2, h * 0.8, w * 0.36, h * 0.07, "#0002"); mug(c, w * 0.47, h * 0.45, w * 0.2, glaze); vapour(c, w * 0.47, h * 0.45, w * 0.14, 0.2, "#fff9"); leaf(c, w * 0.82, h * 0.78, 26, 1.1, "#5b8a4a"); leaf(c, w * 0.14, h * 0.84, 20, -0.8, "#6f9a53"); },
    teapot(c, w, h) { wash(c, w, h, "#e9dfd0", "#b59b80"); oval(c, w / 2, h * 0.82, w * 0.34, h * 0.06, "#0003"); c.strokeStyle = ink; c.lineWidth = 20; c.beginPath(); c.arc(w * 0.76, h * 0.55, 50, -1.5, 1.6); c.stroke(); c.beginPath(); c.moveTo(w * 0.3, h * 0.62); c.quadraticCurveTo(w * 0.16, h * 0.55, w * 0.15, h * 0.36); c.lineWidth = 26; c.stroke(); oval(c, w / 2, h * 0.58, w * 0.26, h * 0.26, ink); oval(c, w / 2, h * 0.33, w * 0.13, h * 0.035, "#6b473c"); oval(c, w / 2, h * 0.28, 13, 13, "#6b473c"); c.strokeStyle = "#e7d6c5"; c.lineWidth = 2.5; c.beginPath(); let x = w * 0.55, y = h * 0.38; c.moveTo(x, y); for (const [dx, dy] of [[9, 22], [-12, 20], [14, 24], [-6, 22]]) c.lineTo(x += dx, y += dy); c.stroke(); },
    leaves(c, w, h) { wash(c, w, h, "#f2ebdc", "#d8c9ac"); for (let i = 0; i < 46; i++) { const a = i * 2.4, r = Math.sqrt(i) * 27; leaf(c, w / 2 + Math.cos(a) * r, h / 2 + Math.sin(a) * r * 1.15, 20 + (i * 7) % 14, a * 1.7, ["#3e4a2c", "#59512f", "#6c7d3f", "#2f3423"][i % 4]); } },
    parcel(c, w, h) { wash(c, w, h, "#d5dcdf", "#9aa6a8"); c.fillStyle = "#c2955d"; c.fillRect(w * 0.2, h * 0.3, w * 0.6, h * 0.5); c.fillStyle = "#a97e4b"; c.beginPath(); c.moveTo(w * 0.2, h * 0.3); c.lineTo(w * 0.28, h * 0.18); c.lineTo(w * 0.88, h * 0.18); c.lineTo(w * 0.8, h * 0.3); c.fill(); c.fillStyle = "#8c6538"; c.beginPath(); c.moveTo(w * 0.8, h * 0.3); c.lineTo(w * 0.88, h * 0.18); c.lineTo(w * 0.88, h * 0.66); c.lineTo(w * 0.8, h * 0.8); c.fill(); c.fillStyle = "#efe3c8"; c.fillRect(w * 0.46, h * 0.18, w * 0.09, h * 0.62); c.fillStyle = paper; c.fillRect(w * 0.25, h * 0.58, w * 0.17, h * 0.15); c.fillStyle = ink; for (let i = 0; i < 4; i++) c.fillRect(w * 0.265, h * (0.605 + i * 0.03), w * (0.13 - i * 0.02), 3); },
    cupSticker(c, w) { c.lineJoin = "round"; vapour(c, w * 0.45, w * 0.42, w * 0.22, 0.15, "#8fb5b0"); mug(c, w * 0.44, w * 0.46, w * 0.32, glaze); for (const x of [0.34, 0.54]) oval(c, w * x, w * 0.6, 13, 17, "#fff"), oval(c, w * x + 3, w * 0.605, 7, 10, ink); c.strokeStyle = "#fff"; c.lineWidth = 10; c.lineCap = "round"; c.beginPath(); c.arc(w * 0.44, w * 0.65, 34, 0.35, 2.8); c.stroke(); },
    catSticker(c, w) { c.fillStyle = "#5a5560"; c.beginPath(); c.moveTo(110, 90); c.lineTo(200, 160); c.lineTo(312, 160); c.lineTo(402, 90); c.lineTo(420, 300); c.bezierCurveTo(420, 470, 92, 470, 92, 300); c.fill(); for (const x of [190, 322]) oval(c, x, 270, 30, 36, "#f0c64e"), oval(c, x, 272, 10, 30, "#1c1a20"); oval(c, 256, 336, 18, 12, "#f2a6a0"); c.strokeStyle = "#fff"; c.lineWidth = 5; for (const [x, d] of [[170, -1], [342, 1]]) for (const y of [325, 345, 365]) { c.beginPath(); c.moveTo(x, 345); c.lineTo(x + d * 110, y + (y - 345)); c.stroke(); } mug(c, 256, 405, 62, glaze); },
    steam(c, w, h, t) { wash(c, w, h, "#24343a", "#47606a"); mug(c, w * 0.47, h * 0.52, w * 0.19, "#d9a441"); vapour(c, w * 0.47, h * 0.52, w * 0.16, t, "#fff8"); },
    falling(c, w, h, t) { wash(c, w, h, "#e6efe2", "#b9cfae"); for (let i = 0; i < 5; i++) { const p = (t + i / 5) % 1; leaf(c, w * (0.15 + i * 0.17) + Math.sin(p * 9 + i) * 14, p * (h + 60) - 30, 18, p * 4 + i, "#5b8a4a"); } },
    shelf(c, w, h, t) { wash(c, w, h, "#8a6a52", "#5f4636"); for (let r = 0; r < 3; r++) { const y = h * (0.32 + r * 0.27); c.fillStyle = "#3c2a20"; c.fillRect(0, y, w, 8); for (let i = 0; i < 6; i++) { if (r === 1 && (i === 2 || i === 4)) continue; c.fillStyle = ["#2f7f79", "#c75c3a", "#d9a441", "#6c7d3f"][(i + r) % 4]; c.fillRect(i * 46 - ((t * 46) | 0) % 46 + 4, y - 44, 36, 44); } } },
    steamSticker(c, w, h, t) { vapour(c, 230, 270, 130, t, "#8fb5b0"); mug(c, 230, 300, 140 + Math.sin(t * 6.283) * 3, "#c75c3a"); },
  };
  const canvas = (w, h) => Object.assign(document.createElement("canvas"), { width: w, height: h });
  const encode = async (blob) => { const b = new Uint8Array(await blob.arrayBuffer()); let s = ""; for (let i = 0; i < b.length; i += 8192) s += String.fromCharCode(...b.subarray(i, i + 8192)); return btoa(s); };
  window.still = (scene, w, h, kind) => new Promise((done) => { const v = canvas(w, h); S[scene](v.getContext("2d"), w, h, 0); v.toBlob((b) => encode(b).then(done), kind, 0.72); });
  window.moving = async (scene, w, h, kind) => {
    const v = canvas(w, h), c = v.getContext("2d"), parts = [];
    const rec = new MediaRecorder(v.captureStream(15), { mimeType: kind, videoBitsPerSecond: h > 400 ? 30000 : 60000 });
    rec.ondataavailable = (e) => parts.push(e.data);
    const ended = new Promise((r) => { rec.onstop = r; });
    rec.start();
    const began = performance.now(), long = h > 400 ? 1500 : 2000;
    await new Promise((r) => { const step = () => { const t = (performance.now() - began) / long; c.clearRect(0, 0, w, h); S[scene](c, w, h, t % 1); t < 1 ? setTimeout(step, 66) : r(); }; step(); });
    rec.stop(); await ended;
    return encode(new Blob(parts, { type: kind }));
  };
  window.sound = async (kind, which, seconds) => {
    const air = new AudioContext({ sampleRate: 48000 }), out = air.createMediaStreamDestination(), parts = [];
    out.channelCount = 1;
    const tone = (f, at, long, loud) => { const o = air.createOscillator(), g = air.createGain(); o.frequency.value = f; g.gain.setValueAtTime(0, air.currentTime + at); g.gain.linearRampToValueAtTime(loud, air.currentTime + at + 0.03); g.gain.exponentialRampToValueAtTime(0.001, air.currentTime + at + long); o.connect(g).connect(out); o.start(air.currentTime + at); o.stop(air.currentTime + at + long); };
    if (which === "bell") for (const [f, l] of [[660, 0.5], [1320, 0.25], [1990, 0.12]]) tone(f, 0.1, 1.8, l);
    else [196, 220, 262, 247, 220, 294, 262, 196].forEach((f, i) => { tone(f, i * 0.36, 0.34, 0.4); tone(f * 2, i * 0.36, 0.3, 0.15); });
    const rec = new MediaRecorder(out.stream, { mimeType: kind, audioBitsPerSecond: 16000 });
    rec.ondataavailable = (e) => parts.push(e.data);
    const ended = new Promise((r) => { rec.onstop = r; });
    rec.start(); await new Promise((r) => setTimeout(r, seconds * 1000)); rec.stop(); await ended;
    return encode(new Blob(parts, { type: kind }));
  };
})();
