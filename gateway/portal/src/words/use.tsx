import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Language, shownDate, shownMonth, shownTime } from "./dates";
import { type Words, zh } from "./zh";

/** The language of the interface: kept in the browser, Chinese unless somebody switched it. */
const KEY = "chaiqin-language";
const TAGS: Record<Language, string> = { zh: "zh-Hant-TW", en: "en" };

export interface Speech {
  t: Words;
  language: Language;
  date: (iso: string | null | undefined) => string;
  month: (iso: string | null | undefined) => string;
  time: (rfc3339: string | null | undefined) => string;
  /** What stands behind a name, in the parentheses of the language. */
  aside: (more: string) => string;
  switchLanguage: () => void;
}

const SpeechContext = createContext<Speech | null>(null);

function keptLanguage(): Language {
  try {
    return window.localStorage.getItem(KEY) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

function keep(language: Language) {
  try {
    window.localStorage.setItem(KEY, language);
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

async function wordsOf(language: Language): Promise<Words> {
  return language === "zh" ? zh : (await import("./en")).en;
}

const orDash = (show: (text: string) => string) => (text: string | null | undefined) =>
  text ? show(text) : "—";

export function Speaking({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(keptLanguage);
  const [words, setWords] = useState<{ language: Language; t: Words } | null>(
    language === "zh" ? { language, t: zh } : null,
  );
  useEffect(() => {
    let wanted = true;
    wordsOf(language).then((t) => wanted && setWords({ language, t }));
    return () => {
      wanted = false;
    };
  }, [language]);
  useEffect(() => {
    if (words) document.documentElement.lang = TAGS[words.language];
  }, [words]);
  const speech = useMemo<Speech | null>(() => {
    if (!words) return null;
    const spoken = words.language;
    return {
      t: words.t,
      language: spoken,
      date: orDash((iso) => shownDate(iso, spoken)),
      month: orDash((iso) => shownMonth(iso, spoken)),
      time: orDash((at) => shownTime(at, spoken)),
      aside: (more) => (spoken === "zh" ? `（${more}）` : ` (${more})`),
      switchLanguage: () => {
        const other = spoken === "zh" ? "en" : "zh";
        keep(other);
        setLanguage(other);
      },
    };
  }, [words]);
  return speech && <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}

export function useWords(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error("no language stands above this part");
  return speech;
}

/** The word for a code of the API; a code that is not known yet is shown as it is. */
export function wordFor(words: Record<string, string>, code: string | null | undefined): string {
  return code ? (words[code] ?? code) : "—";
}
