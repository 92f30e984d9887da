// Makes the page smoother; everything works without it. Swaps parts that the server made.
"use strict";
(() => {
  const made = window.trustedTypes
    ? trustedTypes.createPolicy("stillwell", { createHTML: (html) => html })
    : { createHTML: (html) => html };
  const read = (html) => new DOMParser().parseFromString(made.createHTML(html), "text/html");

  const show = (page, url) => {
    const fresh = page.getElementById("main");
    const old = document.getElementById("main");
    if (!fresh || !old) return false;
    old.replaceWith(document.adoptNode(fresh));
    const way = page.querySelector(".way");
    const oldWay = document.querySelector(".way");
    if (way && oldWay) oldWay.replaceWith(document.adoptNode(way));
    document.title = page.title;
    if (url) history.pushState({ swapped: true }, "", url);
    fresh.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    return true;
  };

  // an answer: the new bars at once, then the next question
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.id !== "question") return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const buttons = form.querySelectorAll("button");
    buttons.forEach((b) => { b.disabled = true; });
    try {
      const saved = await fetch(form.action || location.href, {
        method: "POST", body: new URLSearchParams(data), headers: { "X-Part": "bars" },
      });
      const type = saved.headers.get("Content-Type") || "";
      if (saved.redirected || !type.includes("html")) { location.assign(saved.url); return; }
      const text = await saved.text();
      const next = saved.headers.get("X-Next");
      if (!next) { if (!show(read(text))) location.reload(); return; }
      const bars = document.getElementById("so-far");
      const fresh = read(text).body;
      if (bars) bars.replaceChildren(...fresh.childNodes);
      const answer = await fetch(next);
      if (!answer.ok || !show(read(await answer.text()), answer.url)) location.assign(next);
    } catch {
      buttons.forEach((b) => { b.disabled = false; });
      form.submit();
    }
  });
  window.addEventListener("popstate", () => location.reload());

  document.addEventListener("change", (event) => {
    const { files, dataset } = event.target;
    if (!files || !dataset.most) return;
    event.target.setCustomValidity(files[0] && files[0].size > dataset.most ? dataset.tooLarge : "");
    event.target.reportValidity();
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.closest && field.closest(".inner") && field.value) {
      const some = document.getElementById("choice-some");
      if (some) some.checked = true;
    }
  });
  // what is put right in a list leaves the reader where they were
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".chips")) sessionStorage.setItem("place", `${location.pathname} ${scrollY}`);
  });
  const [where, height] = (sessionStorage.getItem("place") || "").split(" ");
  sessionStorage.removeItem("place");
  if (where === location.pathname) window.scrollTo(0, Number(height));
  const problem = document.querySelector(".problem");
  if (problem) problem.focus();
})();
