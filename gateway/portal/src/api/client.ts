import type { paths } from "./generated/schema";
import { Problem, problemOf } from "./problem";

/** The one way to the API. A request names the agency acted for as the address of this tab says it. */
export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Ask {
  params?: Record<string, string>;
  query?: Query;
  headers?: Record<string, string>;
  body?: BodyInit;
  /** Not caused by the person: does not keep the session alive. */
  background?: boolean;
  /** `null`: no agency is named (open pages, the session). */
  acting?: string | null;
  signal?: AbortSignal;
}

export type ReadPath = keyof paths;
export type Answer<P extends ReadPath> = P extends keyof paths
  ? paths[P] extends {
      get: { responses: { 200: { content: { "application/json": infer Body } } } };
    }
    ? Body
    : never
  : never;

const FOCUS_WINDOW_MS = 400;
let focusedAt = Number.NEGATIVE_INFINITY;
let sessionIsOver: () => void = () => {};
let serverMinusOwnMs = 0;

/** The platform's time as its last answer said it: the browser's own clock may be wrong. */
export const serverNow = () => new Date(Date.now() + serverMinusOwnMs);

function noteServerTime(date: string | null) {
  const server = Date.parse(date ?? "");
  if (!Number.isNaN(server)) serverMinusOwnMs = server - Date.now();
}

export function noteWindowFocus() {
  focusedAt = performance.now();
}

export function whenSessionIsOver(listener: () => void) {
  sessionIsOver = listener;
}

export function noteRefusedSession() {
  sessionIsOver();
}

export function actingAgency(): string | null {
  const found = /^\/a\/([^/]+)/.exec(window.location.pathname);
  return found?.[1] ? decodeURIComponent(found[1]) : null;
}

export function addressOf(path: string, { params = {}, query = {} }: Ask = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return search.size ? `${filled}?${search}` : filled;
}

export function headersOf(ask: Ask): Record<string, string> {
  const acting = ask.acting === undefined ? actingAgency() : ask.acting;
  const background = ask.background || performance.now() - focusedAt < FOCUS_WINDOW_MS;
  return {
    ...(acting ? { "X-Acting-Agency": acting } : {}),
    ...(background ? { "X-Chaiqin-Background": "1" } : {}),
    ...ask.headers,
  };
}

/** Throws a Problem for everything but 2xx. */
export async function send(method: string, path: string, ask: Ask = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(addressOf(path, ask), {
      method,
      headers: headersOf(ask),
      body: ask.body,
      signal: ask.signal,
      credentials: "same-origin",
    });
  } catch (failure) {
    if (ask.signal?.aborted) throw failure;
    throw new Problem(0, {});
  }
  noteServerTime(answer.headers.get("Date"));
  if (answer.ok) return answer;
  if (answer.status === 401 && path !== "/api/v1/session") sessionIsOver();
  throw await problemOf(answer);
}

export async function read<P extends ReadPath>(path: P, ask: Ask = {}): Promise<Answer<P>> {
  const answer = await send("GET", path, ask);
  return (await answer.json()) as Answer<P>;
}

export async function readText(path: string, ask: Ask = {}): Promise<string> {
  return (await send("GET", path, ask)).text();
}

export async function change<T = void>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  ask: Ask & { json?: unknown } = {},
): Promise<T> {
  const { json, ...rest } = ask;
  const withBody =
    json === undefined
      ? rest
      : {
          ...rest,
          body: JSON.stringify(json),
          headers: { "Content-Type": "application/json", ...rest.headers },
        };
  const answer = await send(method, path, withBody);
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
