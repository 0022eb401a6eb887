"use strict";
(function () {
  const field = document.querySelector("#words");
  const message = document.querySelector(".message");
  const columns = document.querySelector(".columns");
  const dialog = document.querySelector("dialog");
  let latest = 0;

  function make(parent, name, text, style) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (style) made.className = style;
    parent.appendChild(made);
    return made;
  }

  async function ask(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  async function search(words) {
    const mine = ++latest;
    field.value = words;
    message.textContent = "Searching\u2026";
    try {
      const models = await ask("search?q=" + encodeURIComponent(words));
      if (mine !== latest) return;
      columns.replaceChildren();
      for (const model of models) {
        const section = make(columns, "section");
        make(section, "h2", model.title);
        const list = make(section, "ul", undefined, "pictures");
        for (const picture of model.pictures) {
          const button = make(make(list, "li"), "button", undefined, picture.attacked ? "attacked" : "");
          button.type = "button";
          const image = make(button, "img");
          image.src = picture.src;
          image.alt = "";
          make(button, "span", picture.caption);
          make(button, "span", "similarity " + picture.similarity.toFixed(2), "number");
          if (picture.attacked) make(button, "span", "\u2717 of the attacker", "mark");
          button.addEventListener("click", () => inspect(picture.image));
        }
      }
      const count = models.map(model => model.title + ": " + model.pictures.filter(p => p.attacked).length).join(", ");
      message.textContent = "Nearest to \u201c" + words + "\u201d. Pictures of the attacker among them: " + count + ".";
    } catch (problem) {
      message.textContent = problem.message;
    }
  }

  async function inspect(image) {
    try {
      const answer = await ask("nearest?image=" + image);
      dialog.querySelector("img").src = answer.src;
      dialog.querySelector("#chosen-caption").textContent =
        "\u201c" + answer.caption + "\u201d" + (answer.attacked ? " (of the attacker)" : "");
      const words = dialog.querySelector(".words");
      words.replaceChildren();
      for (const model of answer.models) {
        const section = make(words, "section");
        make(section, "h2", model.title);
        const list = make(section, "ol");
        for (const one of model.words) {
          const item = make(list, "li", one.word + " ");
          make(item, "span", one.similarity.toFixed(2), "number").style.display = "inline";
        }
      }
      dialog.showModal();
    } catch (problem) {
      message.textContent = problem.message;
    }
  }

  document.querySelector("form[role=search]").addEventListener("submit", event => {
    event.preventDefault();
    if (field.value.trim()) search(field.value.trim());
  });

  ask("about").then(about => {
    document.querySelector(".about").textContent =
      (about.attack === "none" ? "no attack" : about.attack + " attack") + " \u00b7 " + about.models.join(" and ") +
      " \u00b7 " + about.pictures.toLocaleString("en") + " pictures";
    if (about.wanted.length) {
      const list = document.querySelector(".try ul");
      for (const word of about.wanted) {
        const button = make(make(list, "li"), "button", word);
        button.type = "button";
        button.addEventListener("click", () => search(word));
      }
      document.querySelector(".try").hidden = false;
      search(about.wanted[0]);
    }
  });
})();
