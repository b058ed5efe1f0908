import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

/**
 * What a page shows stands in its address. A page names its parameters once, each with how it is
 * read; an unknown or bad value falls back to the default, and a default is left out of the address.
 */
export interface Parameter<T> {
  read: (text: string | null) => T;
  fallback: T;
}

export const text = (fallback = ""): Parameter<string> => ({
  fallback,
  read: (found) => (found === null || found.length > 4000 ? fallback : found),
});

export const oneOf = <T extends string | number>(
  allowed: readonly T[],
  fallback: T,
): Parameter<T> => ({
  fallback,
  read: (found) => allowed.find((one) => String(one) === found) ?? fallback,
});

export const wholeNumber = (fallback: number, least = 1): Parameter<number> => ({
  fallback,
  read: (found) =>
    found !== null && /^\d{1,9}$/.test(found) && Number(found) >= least ? Number(found) : fallback,
});

export const isoDate = (fallback: string): Parameter<string> => ({
  fallback,
  read: (found) =>
    found !== null && /^\d{4}-\d\d-\d\d$/.test(found) && !Number.isNaN(Date.parse(found))
      ? found
      : fallback,
});

export const isoMonth = (fallback: string): Parameter<string> => ({
  fallback,
  read: (found) => (found !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(found) ? found : fallback),
});

export type Values<S> = { [K in keyof S]: S[K] extends Parameter<infer T> ? T : never };

export function readAddress<S extends Record<string, Parameter<unknown>>>(
  search: URLSearchParams,
  shape: S,
): Values<S> {
  const entries = Object.entries(shape).map(([name, parameter]) => [
    name,
    parameter.read(search.get(name)),
  ]);
  return Object.fromEntries(entries) as Values<S>;
}

export function writtenAddress<S extends Record<string, Parameter<unknown>>>(
  search: URLSearchParams,
  shape: S,
  changes: Partial<Values<S>>,
): URLSearchParams {
  const written = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    const isDefault = value === shape[name]?.fallback || value === undefined || value === "";
    if (isDefault) written.delete(name);
    else written.set(name, String(value));
  }
  return written;
}

export function useAddress<S extends Record<string, Parameter<unknown>>>(shape: S) {
  const [search, setSearch] = useSearchParams();
  const values = useMemo(() => readAddress(search, shape), [search, shape]);
  const change = useCallback(
    (changes: Partial<Values<S>>, { replace = false } = {}) =>
      setSearch((before) => writtenAddress(before, shape, changes), { replace }),
    [setSearch, shape],
  );
  return [values, change] as const;
}
