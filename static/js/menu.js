// A fold-out menu closes on Escape, on a click elsewhere, and when the focus leaves it.
export function closeMenus(root) {
  for (const menu of root.querySelectorAll("details[data-menu]")) {
    const close = () => menu.removeAttribute("open");
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      close();
      menu.querySelector("summary").focus();
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
    });
    root.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) close();
    });
  }
}
