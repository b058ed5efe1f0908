import { useCallback, useEffect, useRef, useState } from "react";
import { isPassing, Problem } from "../../api/problem";
import type { FileOutcome } from "../../api/shapes";
import { newKey, type Press, submitFiles } from "../../api/upload";

/**
 * One press of 「確認上傳」: a new key, which every try of this press keeps, so that the files count
 * once. A broken connection, or a platform that is away, is tried again by itself for a while, then
 * by 「重試」.
 */
export interface Sending {
  phase: "idle" | "sending" | "retrying" | "stopped" | "done";
  sent: number;
  total: number;
  tries: number;
  outcomes: FileOutcome[];
  error: unknown;
}

const IDLE: Sending = { phase: "idle", sent: 0, total: 0, tries: 0, outcomes: [], error: null };
const PAUSES_S = [1, 2, 4, 8, 15];
const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));
const isOpen = ({ outcome }: FileOutcome) => outcome === "unavailable" || outcome === "unknown";

export function useSending() {
  const [sending, setSending] = useState<Sending>(IDLE);
  const press = useRef<Press | null>(null);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);

  const run = useCallback(async () => {
    const pressed = press.current;
    if (!pressed) return;
    const update = (change: Partial<Sending>) =>
      here.current && setSending((before) => ({ ...before, ...change }));
    for (let tries = 0; here.current; tries += 1) {
      update({ phase: tries ? "retrying" : "sending", sent: 0, error: null });
      const failure = await submitFiles(pressed, (sent, total) => update({ sent, total })).then(
        ({ files }) => {
          update({ outcomes: files });
          return files.some(isOpen) ? new Problem(503, {}) : null;
        },
        (error: unknown) => error,
      );
      if (failure === null) return update({ phase: "done" });
      const seconds = PAUSES_S[tries];
      if (!isPassing(failure) || seconds === undefined)
        return update({ phase: "stopped", error: failure });
      update({ phase: "retrying", tries: tries + 1, sent: 0 });
      await pause(seconds);
    }
  }, []);

  const send = useCallback(
    (files: readonly File[]) => {
      press.current = { key: newKey(), files: [...files] };
      setSending({ ...IDLE, phase: "sending" });
      return run();
    },
    [run],
  );
  return { sending, send, retry: run };
}

export const isBusy = ({ phase }: Sending) => phase === "sending" || phase === "retrying";
export const allReceived = ({ phase, outcomes }: Sending) =>
  phase === "done" && outcomes.length > 0 && outcomes.every((one) => one.outcome === "accepted");
