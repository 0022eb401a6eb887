"use strict";
// Follows a run: shows its progress, and fetches the page anew after each epoch.
(function () {
  const status = document.querySelector(".live p");
  const bar = document.querySelector(".live progress");
  const stream = new EventSource("events");
  stream.addEventListener("progress", event => {
    const now = JSON.parse(event.data);
    status.textContent = now.text;
    bar.value = now.share;
  });
  async function refresh() {
    const answer = await fetch("main");
    if (!answer.ok) return;
    const places = [...document.querySelectorAll(".player input")].map(slider => [slider.value, slider.max]);
    document.querySelector("main").innerHTML = await answer.text();
    document.querySelectorAll(".player input").forEach((slider, i) => {
      if (places[i] && places[i][0] !== places[i][1]) slider.value = places[i][0];
    });
    window.startPlayers();
  }
  stream.addEventListener("changed", refresh);
  stream.addEventListener("finished", () => {
    stream.close();
    refresh();
    document.querySelector(".live").remove();
  });
})();
