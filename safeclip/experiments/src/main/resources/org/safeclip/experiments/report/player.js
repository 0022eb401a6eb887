"use strict";
// The mixture over the epochs: draws the splits of a method and what lies between two of them.
(function () {
  const NS = "http://www.w3.org/2000/svg";
  const BINS = 80;
  const SECONDS_PER_EPOCH = 0.9;

  // Density of a histogram on the common bins, in pairs per 0.01 of similarity.
  function onCommonBins(counts, from, to, low, high) {
    const density = new Array(BINS).fill(0);
    const width = (to - from) / counts.length || 1;
    for (let i = 0; i < BINS; i++) {
      const middle = low + (high - low) * (i + 0.5) / BINS;
      const at = Math.floor((middle - from) / width);
      if (at >= 0 && at < counts.length) density[i] = counts[at] * 0.01 / width;
    }
    return density;
  }

  function mix(a, b, share) {
    if (Array.isArray(a)) return a.map((value, i) => mix(value, b[i], share));
    return a + (b - a) * share;
  }

  function element(parent, name, attributes) {
    const made = document.createElementNS(NS, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    parent.appendChild(made);
    return made;
  }

  function player(root) {
    const data = JSON.parse(root.querySelector("script").textContent);
    const splits = data.splits;
    const masked = splits.some(split => split.poison);
    const low = Math.min(...splits.map(split => split.low));
    const high = Math.max(...splits.map(split => split.high));
    const divided = splits.every(split => split.safeClean);
    const bySimilarity = splits.every(split => split.cut !== null);
    const frames = splits.map(split => {
      const binned = counts => onCommonBins(counts || split.clean.map(() => 0), split.low, split.high, low, high);
      return {
        clean: binned(split.clean), safeClean: binned(split.safeClean),
        poison: binned(split.poison), safePoison: binned(split.safePoison),
        weights: split.weights, means: split.means, deviations: split.deviations,
        cut: split.cut === null ? high : split.cut, size: split.size, poisons: split.poisons || 0
      };
    });
    const mostClean = 1.08 * Math.max(...frames.flatMap(frame => frame.clean), 1e-9);
    const mostPoison = 1.08 * Math.max(...frames.flatMap(frame => frame.poison), 1e-9);
    const svg = root.querySelector("svg");
    const slider = root.querySelector("input");
    const button = root.querySelector("button");
    const caption = root.querySelector(".caption");
    const epoch = root.querySelector(".epoch");
    let position = Number(slider.value);
    let target = position;
    let playing = false;
    let last = 0;
    let drawing = 0;

    function frameAt(at) {
      const first = Math.min(Math.floor(at), frames.length - 1);
      const next = Math.min(first + 1, frames.length - 1);
      const mixed = {};
      for (const key in frames[first]) mixed[key] = mix(frames[first][key], frames[next][key], at - first);
      return mixed;
    }

    function draw() {
      const width = Math.max(280, svg.clientWidth || 600);
      const height = Math.round(Math.min(420, Math.max(250, width * 0.46)));
      const left = 46, right = width - 8, top = 22, bottom = height - 40;
      const line = masked ? top + 0.7 * (bottom - top) : bottom;
      svg.setAttribute("viewBox", "0 0 " + width + " " + height);
      svg.style.height = height + "px";
      while (svg.lastChild) svg.removeChild(svg.lastChild);
      const frame = frameAt(position);
      const x = value => left + (value - low) / (high - low || 1) * (right - left);
      const up = value => line - Math.min(1, value / mostClean) * (line - top);
      const down = value => line + Math.min(1, value / mostPoison) * (bottom - line);
      const text = (at, y, anchor, words, style) => {
        element(svg, "text", { x: at, y: y, "text-anchor": anchor, class: style || "tick" }).textContent = words;
      };
      const cut = x(frame.cut);
      if (bySimilarity) {
        element(svg, "rect", { class: "safe-zone", x: cut, y: top - 12, width: Math.max(0, right - cut), height: bottom - top + 12 });
      }
      const bars = (values, y) => values.map((value, i) => {
        const a = left + (right - left) * i / BINS, b = left + (right - left) * (i + 1) / BINS;
        return value > 0 ? "M" + a.toFixed(1) + " " + line + "V" + y(value).toFixed(1) + "H" + b.toFixed(1) + "V" + line + "Z" : "";
      }).join("");
      const draws = (style, all, safe, y) => {
        element(svg, "path", { class: style + (divided ? " risky" : ""), d: bars(all, y) });
        if (divided) element(svg, "path", { class: style, d: bars(safe, y) });
      };
      draws("clean", frame.clean, frame.safeClean, up);
      if (masked) draws("poison", frame.poison, frame.safePoison, down);
      for (let k = 0; k < 2; k++) {
        let path = "";
        for (let i = 0; i <= 160; i++) {
          const value = low + (high - low) * i / 160;
          const z = (value - frame.means[k]) / frame.deviations[k];
          const density = data.pairs * 0.01 * frame.weights[k] / (frame.deviations[k] * Math.sqrt(2 * Math.PI)) * Math.exp(-z * z / 2);
          path += (i ? "L" : "M") + x(value).toFixed(1) + " " + up(density).toFixed(1);
        }
        element(svg, "path", { class: "gauss " + (k ? "upper" : "lower"), d: path });
      }
      if (bySimilarity) {
        element(svg, "path", { class: "cut", d: "M" + cut + " " + (top - 12) + "V" + bottom });
        const fits = right - cut > 60;
        text(fits ? cut + 6 : cut - 6, top, fits ? "start" : "end", fits ? "safe \u2192" : "safe", "label");
      }
      element(svg, "path", { class: "axis", d: "M" + left + " " + line + "H" + right });
      if (masked) element(svg, "path", { class: "axis", d: "M" + left + " " + bottom + "H" + right });
      const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find(size => (high - low) / size <= Math.max(3, width / 90)) || 1;
      for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
        element(svg, "path", { class: "axis", d: "M" + x(tick) + " " + bottom + "v5" });
        text(x(tick), bottom + 18, "middle", tick.toFixed(step < 0.1 ? 2 : 1));
      }
      text((left + right) / 2, height - 5, "middle", "similarity of image and caption", "label");
      text(left - 6, up(mostClean / 1.08) + 4, "end", Math.round(mostClean / 1.08).toLocaleString("en"));
      if (masked) text(left - 6, down(mostPoison / 1.08) + 4, "end", (mostPoison / 1.08).toFixed(mostPoison < 10 ? 1 : 0));
      const nearest = splits[Math.min(splits.length - 1, Math.round(position))];
      const share = (100 * nearest.size / data.pairs).toFixed(1) + "\u00a0%";
      let words = "Epoch " + nearest.epoch + ": " + nearest.size.toLocaleString("en") + " safe pairs (" + share + ")";
      if (masked) words += ", " + nearest.poisons + " of " + data.poisons + " poisons among them";
      caption.textContent = words;
      epoch.textContent = "epoch " + nearest.epoch;
      slider.setAttribute("aria-valuetext", words);
    }

    function stop() {
      playing = false;
      button.textContent = "Play";
      button.setAttribute("aria-label", "Play the epochs");
    }

    function tick(now) {
      // a frame may carry a time before that of the event which asked for it
      const passed = Math.max(0, Math.min(0.1, (now - last) / 1000));
      last = now;
      if (playing) {
        position = Math.min(frames.length - 1, position + passed / SECONDS_PER_EPOCH);
        slider.value = Math.round(position);
        if (position >= frames.length - 1) stop();
        target = Math.round(position);
      } else {
        const way = target - position;
        position = Math.abs(way) < 0.01 ? target : position + way * Math.min(1, 10 * passed);
      }
      draw();
      drawing = playing || position !== target ? requestAnimationFrame(tick) : 0;
    }

    function run() {
      if (drawing) return;
      last = performance.now();
      drawing = requestAnimationFrame(tick);
    }

    button.addEventListener("click", () => {
      if (playing) {
        stop();
        target = Math.round(position);
        run();
        return;
      }
      if (position >= frames.length - 1) position = 0;
      playing = true;
      button.textContent = "Pause";
      button.setAttribute("aria-label", "Pause");
      run();
    });
    slider.addEventListener("input", () => {
      if (playing) stop();
      target = Number(slider.value);
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) position = target;
      run();
    });
    addEventListener("resize", draw);
    stop();
    draw();
  }

  window.startPlayers = () => document.querySelectorAll(".player").forEach(player);
  document.documentElement.classList.remove("no-script");
  window.startPlayers();
})();
