import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import { read, serverNow, whenSessionIsOver } from "../api/client";
import { isPassing, Problem } from "../api/problem";
import { answers } from "../api/queries";
import type { Session } from "../api/shapes";
import type { Warning } from "./login";
import { SessionDialogs } from "./SessionDialogs";
import { sameTabs } from "./tabs";
import { rolesFor, timeLeft } from "./timeAndRights";

/**
 * Who is logged in. Asked once when the page opens, and again when the time runs out, when another
 * tab says that something changed, and when a page comes back from the browser's memory. The clock is
 * the server's: the browser's own may be wrong.
 */
export type Known =
  | { state: "asking" }
  | { state: "nobody" }
  | { state: "failed"; error: unknown }
  | { state: "known"; session: Session };

interface SessionValue {
  known: Known;
  warning: Warning;
  ask: () => Promise<void>;
}

const SessionContext = createContext<SessionValue | null>(null);
const LEAVE_TRIES = 30;
const LEAVE_PAUSE_MS = 300;
const LONGEST_TIMER_MS = 60 * 60_000;

/** Another tab logs out: this one leaves as soon as the session is gone, and not before. */
async function leaveWhenOver() {
  for (let tries = 0; tries < LEAVE_TRIES; tries += 1) {
    const over = await read("/api/v1/session", { acting: null }).then(
      () => false,
      (error) => error instanceof Problem && error.status === 401,
    );
    if (over) break;
    await new Promise((done) => setTimeout(done, LEAVE_PAUSE_MS));
  }
  answers.clear();
  window.location.replace("/");
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [known, setKnown] = useState<Known>({ state: "asking" });
  const [warning, setWarning] = useState<Warning>("none");
  const person = useRef<Session | null>(null);
  const timer = useRef<number | undefined>(undefined);

  const ask = useCallback(async () => {
    window.clearTimeout(timer.current);
    try {
      const session = await read("/api/v1/session", { acting: null });
      const before = person.current;
      const mayStill = !before || isSamePerson(before, session);
      if (!mayStill) {
        answers.clear();
        setWarning("other_person");
        return;
      }
      person.current = session;
      setKnown({ state: "known", session });
      const [warn, inMs] = timeLeft(session, serverNow().getTime());
      setWarning((was) => {
        if (was === "over" && warn !== "over") answers.invalidateQueries();
        return warn;
      });
      timer.current = window.setTimeout(ask, Math.min(inMs + 1000, LONGEST_TIMER_MS));
    } catch (error) {
      const over = error instanceof Problem && error.status === 401;
      if (!over && person.current) timer.current = window.setTimeout(ask, 30_000);
      else if (over && person.current) setWarning("over");
      else setKnown(over ? { state: "nobody" } : { state: "failed", error });
      if (!over && !isPassing(error) && !(error instanceof Problem)) throw error;
    }
  }, []);

  useEffect(() => {
    ask();
    whenSessionIsOver(ask);
    const forget = sameTabs.listen((news) => {
      if (news === "logged out") leaveWhenOver();
      else ask();
    });
    const back = (event: PageTransitionEvent) => event.persisted && ask();
    window.addEventListener("pageshow", back);
    return () => {
      forget();
      window.removeEventListener("pageshow", back);
      window.clearTimeout(timer.current);
    };
  }, [ask]);

  return (
    <SessionContext.Provider value={{ known, warning, ask }}>
      {children}
      <SessionDialogs warning={warning} ask={ask} />
    </SessionContext.Provider>
  );
}

/** After a new login the page goes on only for the same person who may still act for its agency. */
function isSamePerson(before: Session, now: Session): boolean {
  const acting = /^\/a\/([^/]+)/.exec(window.location.pathname)?.[1];
  return before.sub === now.sub && (!acting || rolesFor(now, acting).length > 0);
}

export function useSession(): SessionValue {
  const value = useContext(SessionContext);
  if (!value) throw new Error("no session stands above this part");
  return value;
}
