// After a refused form the summary gets the focus; its links put the focus in the field, not just near it.
export function focusErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const controls = "input, select, textarea";
    const control = target.matches(controls) ? target : (target.querySelector(controls) ?? target);
    (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });
}
