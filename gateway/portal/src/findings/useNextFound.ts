import { useEffect, useState } from "react";

/**
 * Keys j and k go to the next and the previous found cell of the tables that are shown. They rest
 * while something is typed or a window is open, and can be switched off, for who speaks to the
 * computer: a spoken word may hold the letters.
 */
const KEY = "chaiqin-finding-keys";
const STEPS: Record<string, 1 | -1> = { j: 1, k: -1 };

function keptOn(): boolean {
  try {
    return window.localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

function keep(on: boolean) {
  try {
    if (on) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, "off");
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

/** One stop per found cell; a record whose findings belong to no cell stops at its message. */
function stops(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".records tbody tr")].flatMap((row) => {
    const cells = [...row.querySelectorAll<HTMLElement>(".found")].flatMap(
      (cell) => cell.querySelector<HTMLElement>(".cell-button") ?? [],
    );
    return cells.length ? cells : [...row.querySelectorAll<HTMLElement>(".message-button")];
  });
}

export function nextStop(all: readonly HTMLElement[], from: Element | null, step: 1 | -1) {
  const side = step === 1 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const beyond = from ? all.filter((one) => from.compareDocumentPosition(one) & side) : [...all];
  return step === 1 ? beyond[0] : beyond.at(-1);
}

function isBusy(event: KeyboardEvent): boolean {
  const { target } = event;
  const typing =
    target instanceof HTMLElement && target.closest("input[type=text], select, textarea") !== null;
  const chord = event.ctrlKey || event.altKey || event.metaKey;
  return typing || chord || document.querySelector("dialog[open]") !== null;
}

export function useNextFound(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(keptOn);
  useEffect(() => {
    if (!on) return;
    const go = (event: KeyboardEvent) => {
      const step = STEPS[event.key.toLowerCase()];
      if (!step || isBusy(event)) return;
      const { activeElement } = document;
      const inTables = activeElement?.closest(".records") ? activeElement : null;
      nextStop(stops(), inTables, step)?.focus();
    };
    window.addEventListener("keydown", go);
    return () => window.removeEventListener("keydown", go);
  }, [on]);
  const change = (wanted: boolean) => {
    keep(wanted);
    setOn(wanted);
  };
  return [on, change];
}
