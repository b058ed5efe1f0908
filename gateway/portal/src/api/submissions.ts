import { useQuery } from "@tanstack/react-query";
import { useActing } from "../app/acting";
import { isTerminal } from "../parts/outcomeSentence";
import { read } from "./client";
import { isPassing } from "./problem";
import { keyOf } from "./queries";
import type { Submission } from "./shapes";

/**
 * One submission, live until its state is terminal: each further question waits up to 30 s at the
 * platform. One that the platform itself has to work on is asked for less often; none is given up.
 */
const PATH = "/api/v1/submissions/{id}";
const PLATFORM_MS = 20_000;
const BETWEEN_MS = 500;

export function useLiveSubmission(id: string) {
  const acting = useActing();
  const ask = { params: { id } };
  return useQuery<Submission>({
    queryKey: keyOf(acting, PATH, ask),
    queryFn: ({ signal, client, queryKey }) => {
      const before = client.getQueryData<Submission>(queryKey);
      const waiting = before && !isTerminal(before.state) && before.state !== "QUARANTINED";
      const query = waiting ? { wait: "30s" } : {};
      return read(PATH, { ...ask, query, acting, signal, background: before !== undefined });
    },
    retry: (failures, error) => failures < 1 && isPassing(error),
    refetchIntervalInBackground: true,
    refetchInterval: ({ state: { data, error } }) => {
      if (data && isTerminal(data.state)) return false;
      if (error) return isPassing(error) ? PLATFORM_MS : false;
      return data?.state === "QUARANTINED" ? PLATFORM_MS : BETWEEN_MS;
    },
  });
}
