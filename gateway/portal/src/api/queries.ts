import { keepPreviousData, QueryClient, useQuery } from "@tanstack/react-query";
import { useActing } from "../app/acting";
import { type Answer, type Ask, type ReadPath, read } from "./client";
import { isPassing } from "./problem";

/** Where answers of the API are kept while a page is open; nothing goes into browser storage. */
export const answers = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 0,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 1 && isPassing(error),
      retryDelay: 700,
    },
  },
});

interface Options<T> {
  enabled?: boolean;
  refetchInterval?: number | ((latest: T | undefined) => number | false);
  /** Keep showing the page before while the next one comes. */
  keep?: boolean;
}

export const keyOf = (acting: string | null, path: string, ask: Ask = {}) => [
  acting,
  path,
  ask.params ?? {},
  ask.query ?? {},
];

/** Reads `path` for the agency that the address names, and again when the window gets the focus. */
export function useAnswer<P extends ReadPath>(
  path: P,
  ask: Ask = {},
  { enabled = true, refetchInterval, keep = false }: Options<Answer<P>> = {},
) {
  const acting = useActing();
  return useQuery<Answer<P>>({
    queryKey: keyOf(acting, path, ask),
    enabled,
    queryFn: ({ signal, client, queryKey }) => {
      const known = client.getQueryData(queryKey) !== undefined;
      const polled = known && refetchInterval !== undefined;
      return read(path, { ...ask, acting, signal, background: ask.background || polled });
    },
    placeholderData: keep ? keepPreviousData : undefined,
    refetchInterval:
      typeof refetchInterval === "function"
        ? (query) => refetchInterval(query.state.data)
        : refetchInterval,
    refetchIntervalInBackground: true,
  });
}

/** Everything of the list at `path` is asked for again. */
export const refresh = (path: ReadPath) =>
  answers.invalidateQueries({ predicate: (query) => query.queryKey[1] === path });
